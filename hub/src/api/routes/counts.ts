import { Counts, hours, type Instant, Problem, SiteId, say } from "@openkerb/contract";
import { z } from "zod";
import { askedSpan } from "../asked.ts";
import { openBin, openUntil } from "../open-counts.ts";
import type { Api, ApiParts } from "../parts.ts";
import { notFound, Refusal } from "../problem.ts";
import { siteViews } from "../site-views.ts";

const Query = z.strictObject({
  site: SiteId,
  ...askedSpan,
  bin: z.enum(["minute", "hour", "day"]),
  offset: z.coerce
    .number()
    .int()
    .min(-64_800_000)
    .max(64_800_000)
    .default(0)
    .describe("where days begin: milliseconds east of UTC"),
});

/** The longest time one answer may cover, by bin: some thousands of bins. */
const longest = { minute: hours(24 * 7), hour: hours(24 * 366), day: hours(24 * 3660) };

/** Counts in bins. The public sees whole hours that are over and complete, without anything small. */
export function countsRoute(app: Api, { settings, store, now }: ApiParts): void {
  app.get(
    "/counts",
    {
      config: { access: "public" },
      schema: {
        tags: ["counts"],
        summary: "Counts per line, zone and class",
        description:
          "Without a login: hours that have been over for 15 minutes, of places with public information; every number is rounded down to whole tens, so that 0 means fewer than 10, and zones are left out.",
        querystring: Query,
        response: { 200: Counts, 400: Problem, 404: Problem },
      },
    },
    async ({ query, visitor }) => {
      const { from, bin, site } = query;
      const births = store.births();
      const view = siteViews(settings.sites, births).find((s) => s.site === site);
      const open = visitor.person === undefined;
      if (!view || (open && !view.open)) throw notFound(say("refusal.no-place-called", { id: site }));
      if (open && bin !== "hour") throw new Refusal(401, "login-needed", say("refusal.hours-only"));
      const to = open ? (Math.min(query.to, openUntil(now())) as Instant) : query.to;
      if (query.to < from) throw new Refusal(400, "invalid", say("refusal.end-first"));
      if (query.to - from > longest[bin])
        throw new Refusal(
          400,
          "invalid",
          say("refusal.long-for-bins", { bin: say(`bin.${bin}`), days: longest[bin] / 86_400_000 }),
        );
      if (to <= from) return { site, bins: [] };
      const counts = await store.counts({ ...query, to, offset: open ? 0 : query.offset });
      if (!open) return counts;
      const told = births.filter(({ birth }) => birth.site === site).flatMap(({ birth }) => birth.cameras);
      const named = new Set([...view.cameras, ...told].flatMap(({ lines }) => lines.map((line) => line.id)));
      return { ...counts, bins: counts.bins.map((bin) => openBin(bin, named)) };
    },
  );
}
