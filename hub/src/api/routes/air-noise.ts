import { AirNoise, Day, Problem, say } from "@openkerb/contract";
import { z } from "zod";
import { day } from "../../air/timestamp.ts";
import { askedPlace } from "../asked.ts";
import type { LawThread } from "../law/law-thread.ts";
import type { Api, ApiParts } from "../parts.ts";
import { Refusal } from "../problem.ts";

const Query = z.strictObject({
  site: askedPlace,
  from: Day.meta({ description: "first day, of the place", examples: ["2026-06-01"] }),
  to: Day.meta({ description: "last day, of the place", examples: ["2026-06-30"] }),
});
const longest = 400;

/** Levels of noise at a place by day and over the whole period, held against WHO 2018 and GB 3096. */
export function airNoiseRoute(app: Api, parts: ApiParts, thread: LawThread): void {
  app.get(
    "/air/noise",
    {
      config: { access: "anyone" },
      schema: {
        tags: ["air and noise"],
        summary: "Lden, Lnight, LA10, LA50, LA90 and the loudest moment, by day and for the period",
        description:
          "A day runs from its first morning hour to the next morning, so that a night is one night. An hour counts with 45 valid minutes, a period of the day with three quarters of its hours. Over several days each level is the energy mean of the days that have it. LA10, LA50 and LA90 are those the sensor gives, averaged over its hours as ISO 1996 tables do, or else levels exceeded by so many of the period's minutes: `percentiles` says which. WHO's guidelines are for a year: of a shorter time the finding shows where it is heading. At most 400 days.",
        querystring: Query,
        response: { 200: AirNoise, 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ query }, reply) => {
      const days = (Date.parse(query.to) - Date.parse(query.from)) / day + 1;
      if (days < 1 || days > longest) throw new Refusal(400, "invalid", say("refusal.at-most-days", { days: longest }));
      return thread.answer(reply, parts, "noise", query);
    },
  );
}
