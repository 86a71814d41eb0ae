import {
  type AirChannel,
  type Instant,
  Problem,
  ReviewDecision,
  ReviewDetail,
  ReviewList,
  SiteId,
  say,
} from "@openkerb/contract";
import { z } from "zod";
import type { ReviewRow } from "../../store/review-table.ts";
import { askedNumber, officersDecision } from "../asked.ts";
import { mustBeDone } from "../decided.ts";
import { knownSite } from "../known-site.ts";
import type { Api, ApiParts } from "../parts.ts";
import { notFound } from "../problem.ts";

const Params = z.strictObject({ id: askedNumber });
const Query = z.strictObject({
  state: z.enum(["open", "decided", "all"]).default("open"),
  site: SiteId.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

const hour = 3_600_000;
/** Readings of an answer, at the most. */
const most = 3000;

/** The queue of doubted readings, one doubt with its readings, and what officers decide. */
export function airReviewRoutes(app: Api, { settings, store, quality, now }: ApiParts): void {
  const { review, ask } = quality;
  const detail = async (id: number): Promise<ReviewDetail> => {
    const row = review.items.item(id);
    const channel = row && (await store.channels()).find((c) => c.id === row.channel);
    if (!row || !channel) throw notFound(say("refusal.unknown", { what: say("unknown.doubt", { id }) }));
    const tested = quality.settings(channel.metric, row.from);
    const margin = Math.max(2 * hour, (row.to - row.from) / 4);
    const readings = await ask("reviewed", channel.id, Math.max(0, row.from - margin), row.to + margin, most);
    return {
      item: { ...row, channel },
      readings: readings.map((r) => ({ ...r, at: r.at as Instant })),
      history: review.items.history(id),
      settings: { id: tested.id, ...(tested.from > 0 && { since: tested.from as Instant }) },
    };
  };
  const tags = ["air and noise"];

  app.get(
    "/air/review",
    {
      config: { access: "anyone" },
      schema: {
        tags,
        summary: "Stretches of readings that tests of quality doubt, newest first",
        querystring: Query,
        response: { 200: ReviewList, 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ query: { state, site, limit } }) => {
      const channels = await store.channels();
      if (site !== undefined) knownSite(site, { settings, store }, channels);
      const only = site === undefined ? undefined : channels.filter((c) => c.site === site).map((c) => c.id);
      const named = (row: ReviewRow): (Omit<ReviewRow, "channel"> & { channel: AirChannel })[] => {
        const channel = channels.find((c) => c.id === row.channel);
        return channel ? [{ ...row, channel }] : [];
      };
      return {
        items: review.items.list({ state, limit, ...(only && { channels: only }) }).flatMap(named),
        open: review.items.countOpen(only),
      };
    },
  );

  app.get(
    "/air/review/:id",
    {
      config: { access: "anyone" },
      schema: {
        tags,
        summary: "One doubt with the readings around it and what was decided",
        params: Params,
        response: { 200: ReviewDetail, 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ params: { id } }) => detail(id),
  );

  app.post(
    "/air/review/:id",
    officersDecision(ReviewDetail, {
      summary: "Accept what the tests say, or override it with a reason; the second decision is refused with the first",
      params: Params,
      body: ReviewDecision,
    }),
    async ({ params: { id }, body, visitor: { person = "" } }) => {
      const channels = await store.channels();
      const row = review.items.item(id);
      const channel = channels.find((c) => c.id === row?.channel);
      if (!channel) throw notFound(say("refusal.unknown", { what: say("unknown.doubt", { id }) }));
      mustBeDone(review.decide(id, body, channel, now(), person), say("unknown.doubt", { id }));
      return detail(id);
    },
  );
}
