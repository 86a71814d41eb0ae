import { floorTo, hours, type Instant, Problem } from "@openkerb/contract";
import { z } from "zod";
import type { Api, ApiParts } from "../parts.ts";
import { notFound, Refusal } from "../problem.ts";
import { siteViews } from "../site-views.ts";
import { definitions, unitOf } from "../sta/vocabulary.ts";

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text) as Instant);
const Query = z.strictObject({
  datetime_from: time.optional().describe("ISO 8601; a day ago when absent"),
  datetime_to: time.optional().describe("ISO 8601, not included; now when absent"),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
});
const Moment = z.strictObject({ utc: z.string(), local: z.string() });
const Period = z.strictObject({ label: z.string(), interval: z.string(), datetimeFrom: Moment, datetimeTo: Moment });
const Hours = z.strictObject({
  meta: z.strictObject({ name: z.string(), page: z.int(), limit: z.int(), found: z.int() }),
  results: z.array(
    z.strictObject({
      value: z.number().nullable(),
      flagInfo: z.strictObject({ hasFlags: z.boolean() }),
      parameter: z.strictObject({ id: z.string(), name: z.string(), units: z.string(), displayName: z.string() }),
      period: Period,
      coordinates: z.strictObject({ latitude: z.number(), longitude: z.number() }).nullable(),
      summary: z.strictObject({ min: z.number().nullable(), max: z.number().nullable(), avg: z.number().nullable() }),
      coverage: z.strictObject({ observedCount: z.int(), percentCoverage: z.number() }),
    }),
  ),
});

/** The longest time one question may cover. */
const longest = hours(24 * 366);
const moment = (at: number): z.infer<typeof Moment> => ({
  utc: new Date(at).toISOString(),
  local: new Date(at).toISOString(),
});

/** Whole hours of a channel in the shape of OpenAQ v3. Without a login: of places with public information. */
export function hoursRoutes(app: Api, { settings, store, now }: ApiParts): void {
  app.get(
    "/openaq/v3/sensors/:id/hours",
    {
      config: { access: "public" },
      schema: {
        tags: ["for other programs"],
        summary: "Hourly means with coverage and flags, in the shape of OpenAQ v3",
        description:
          "The id is the number of a channel (a Datastream of SensorThings). Means are of readings with the QARTOD flags 1, 2 and 3; hasFlags says that readings of the hour were suspect, failed or missing. Local times are given in UTC. Without a login: only places with public information.",
        params: z.strictObject({ id: z.coerce.number().pipe(z.int().positive()) }),
        querystring: Query,
        response: { 200: Hours, 400: Problem, 404: Problem },
      },
    },
    async ({ params, query, visitor }) => {
      const channel = (await store.channels()).find((c) => c.id === params.id);
      const view = siteViews(settings.sites, store.births()).find((s) => s.site === channel?.site);
      if (!channel || (visitor.person === undefined && !view?.open)) throw notFound("There is no such sensor here.");
      // The running hour is not a mean yet.
      const to = Math.min(query.datetime_to ?? now(), floorTo(now(), hours(1))) as Instant;
      const from = query.datetime_from ?? (Math.max(0, to - hours(24)) as Instant);
      if (to - from > longest) throw new Refusal(400, "invalid", "One answer covers at most 366 days.");
      const bins = to > from ? await store.rollups(channel.id, "hour", from, to) : [];
      const { page, limit } = query;
      const { name } = definitions[channel.metric];
      return {
        meta: { name: "openkerb", page, limit, found: bins.length },
        results: bins.slice((page - 1) * limit, page * limit).map((bin) => ({
          value: bin.mean ?? null,
          flagInfo: { hasFlags: bin.flags["3"] + bin.flags["4"] + bin.flags["9"] > 0 },
          parameter: {
            id: channel.metric,
            name: channel.metric,
            units: unitOf(channel.unit).symbol,
            displayName: name,
          },
          period: {
            label: "1hour",
            interval: "01:00:00",
            datetimeFrom: moment(bin.from),
            datetimeTo: moment(bin.from + bin.span),
          },
          coordinates: view?.position ?? null,
          summary: { min: bin.min ?? null, max: bin.max ?? null, avg: bin.mean ?? null },
          coverage: {
            observedCount: Object.values(bin.flags).reduce((a, b) => a + b),
            percentCoverage: Math.round(bin.coverage * 1000) / 10,
          },
        })),
      };
    },
  );
}
