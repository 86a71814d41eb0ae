import { AirIndex, AirRegion, IndexStandardId, Problem, say } from "@openkerb/contract";
import { z } from "zod";
import { indexStandard } from "../../air/standard.ts";
import { day } from "../../air/timestamp.ts";
import { askedPlace, askedSpan } from "../asked.ts";
import type { LawThread } from "../law/law-thread.ts";
import type { Api, ApiParts } from "../parts.ts";
import { Refusal } from "../problem.ts";

const Query = z.strictObject({
  site: askedPlace,
  span: z.enum(["hour", "day"]),
  ...askedSpan,
  region: AirRegion.optional().describe("whose index, each moment by the rules of its own day; the city's when absent"),
  standard: IndexStandardId.optional().describe("judges every moment by this rule set instead"),
  station: z
    .enum(["traffic", "background"])
    .default("traffic")
    .describe("of the European index: which pollutants a station must have"),
});
const longest = { hour: 31 * day, day: 400 * day };
/** A NowCast of ozone is a regression for every single hour. */
const longestNowCast = 8 * day;

/** The index of a place by the hour or the day. */
export function airIndexRoute(app: Api, parts: ApiParts, thread: LawThread): void {
  app.get(
    "/air/index",
    {
      config: { access: "anyone" },
      schema: {
        tags: ["air and noise"],
        summary: "Air quality index of hours or days, each by the rules of its own day",
        description:
          "Hours use NowCasts in the US, hourly means in Europe and China; days use daily means and maxima as each rule set asks. Where the rules allow no index, `why` says so and nothing is guessed. A day of the European index is as bad as its worst hour. At most 31 days of hours (8 with the NowCasts of the US) or 400 days.",
        querystring: Query,
        response: { 200: AirIndex, 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ query }, reply) => {
      const { span, from, to } = query;
      const region = query.standard
        ? indexStandard(query.standard)?.region
        : (query.region ?? parts.settings.config.air.region);
      const most = span === "hour" && region === "us" ? longestNowCast : longest[span];
      if (to < from || to - from > most)
        throw new Refusal(400, "invalid", say("refusal.at-most-days", { days: most / day }));
      return thread.answer(reply, parts, "index", query);
    },
  );
}
