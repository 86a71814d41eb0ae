import { AirAnomalies, type Instant, instant, Problem, say } from "@openkerb/contract";
import { z } from "zod";
import { narrowed, type ScoredHour, stretchesOf } from "../../air/anomaly/stretches.ts";
import { stretchWords } from "../../air/anomaly/words.ts";
import { enough } from "../../store/score-hours.ts";
import { scoreReader } from "../../store/score-table.ts";
import { daySpan, hourSpan } from "../../store/store.ts";
import { askedNumber, askedSpan } from "../asked.ts";
import { knownChannel } from "../known-channel.ts";
import type { Api, ApiParts } from "../parts.ts";
import { Refusal } from "../problem.ts";
import { siteViews } from "../site-views.ts";

const Query = z.strictObject({
  channel: askedNumber,
  ...askedSpan,
});

/** A year and a leap day; more hours than this are no picture any more. */
const longest = 367 * daySpan;
/** What is usual is told from the weeks before. */
const lookBack = 91 * daySpan;

/** How unusual each hour of a channel was, and the stretches worth a look in words. */
export function airAnomaliesRoute(app: Api, { settings, store, database }: ApiParts): void {
  const reader = scoreReader(database);
  app.get(
    "/air/anomalies",
    {
      config: { access: "anyone" },
      schema: {
        tags: ["air and noise"],
        summary: "How unusual each hour was, and unusual stretches in words",
        querystring: Query,
        response: { 200: AirAnomalies, 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ query: { channel: id, from, to } }) => {
      if (to < from) throw new Refusal(400, "invalid", say("refusal.end-first"));
      if (to - from > longest) throw new Refusal(400, "invalid", say("refusal.at-most-year"));
      const channel = await knownChannel(store, id);
      const scores = reader.scores(id, from, to);
      const bins = await store.rollups(id, "hour", Math.max(0, from - lookBack) as Instant, to);
      const values = new Map(bins.map((b) => [b.from as number, b.coverage >= enough ? b.mean : undefined]));
      const offset = settings.config.air.utcOffset * hourSpan;
      const place =
        siteViews(settings.sites, store.births()).find((v) => v.site === channel.site)?.name ?? channel.site;
      const scored = scores.map(({ at, score }): ScoredHour => ({ at, score, value: values.get(at) }));
      return {
        channel,
        scores: scored.flatMap(({ at, score }) => (score === undefined ? [] : [{ at: instant(at), score }])),
        stretches: stretchesOf(scored).map((whole) => {
          const { stretch, usual } = narrowed(whole, values);
          const { peak } = stretch;
          return {
            from: instant(stretch.from),
            to: instant(stretch.to),
            peak: peak.score,
            words: stretchWords(stretch, usual, { metric: channel.metric, unit: channel.unit, place, offset }),
            at: instant(peak.at),
            ...(peak.value !== undefined && { value: peak.value }),
            ...(usual && { usual }),
          };
        }),
      };
    },
  );
}
