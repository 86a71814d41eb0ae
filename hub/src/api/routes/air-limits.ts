import { AirLimitList, AirRegion, Day, Problem } from "@openkerb/contract";
import { z } from "zod";
import { limitsInForce } from "../../air/limits.ts";
import { dayOf, hour } from "../../air/timestamp.ts";
import type { Api, ApiParts } from "../parts.ts";

const Query = z.strictObject({
  region: AirRegion.optional().describe("whose law; that of the city when absent"),
  day: Day.optional().meta({ description: "day of the place; today when absent", examples: ["2026-12-12"] }),
});

/** The figures of the law in force on a day, to be drawn in charts. */
export function airLimitsRoute(app: Api, { settings, now }: ApiParts): void {
  app.get(
    "/air/limits",
    {
      config: { access: "anyone" },
      schema: {
        tags: ["air and noise"],
        summary: "Limits in force on a day, with WHO's guidelines beside them",
        description:
          "Concentrations are in µg/m³, of CO in mg/m³; EU figures are stated at 293 K, Chinese ones at 298 K. `from` and `to` are the first and last day a figure holds. US standards are not held here: for the region us WHO's guidelines stand alone.",
        querystring: Query,
        response: { 200: AirLimitList, 400: Problem, 401: Problem },
      },
    },
    async ({ query }) => {
      const { air } = settings.config;
      const day = query.day ?? dayOf(now() + air.utcOffset * hour);
      const region = query.region ?? air.region;
      return { limits: [...(region === "us" ? [] : limitsInForce(region, day)), ...limitsInForce("who", day)] };
    },
  );
}
