import { AirAssociation, Metric, Problem, say } from "@openkerb/contract";
import { z } from "zod";
import { day } from "../../air/timestamp.ts";
import { askedPlace, askedSpan } from "../asked.ts";
import type { LawThread } from "../law/law-thread.ts";
import type { Api, ApiParts } from "../parts.ts";
import { Refusal } from "../problem.ts";

const Query = z.strictObject({
  site: askedPlace,
  metric: Metric.meta({ description: "what is measured", examples: ["no2"] }),
  ...askedSpan,
});
const longest = 366 * day;
/** Pollution or noise beside the traffic counted at the same place. */
export function airAssociationRoute(app: Api, parts: ApiParts, thread: LawThread): void {
  app.get(
    "/air/association",
    {
      config: { access: "anyone" },
      schema: {
        tags: ["air and noise"],
        summary: "How a metric goes with the traffic counted at the same place: association, never cause",
        description:
          "Least squares on hours of the same hour of day, of weekdays or weekends, and of the same weather where it is measured, with 95 % intervals that allow for lasting errors (Newey-West). Vehicles are those over all lines of the place, both ways, so that one that crosses two lines counts twice. Refused with the reason below two weeks of hours, when the cameras watched too little, or when the traffic hardly differs. At most 366 days; of the points at most 2000, evenly chosen.",
        querystring: Query,
        response: { 200: AirAssociation, 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ query }, reply) => {
      if (query.to < query.from || query.to - query.from > longest)
        throw new Refusal(400, "invalid", say("refusal.at-most-days", { days: 366 }));
      return thread.answer(reply, parts, "association", query);
    },
  );
}
