import { AirLedger, AirLimit, Problem } from "@openkerb/contract";
import { z } from "zod";
import { askedPlace } from "../asked.ts";
import type { LawThread } from "../law/law-thread.ts";
import type { Api, ApiParts } from "../parts.ts";

const Query = z.strictObject({
  site: askedPlace,
  year: z.coerce
    .number()
    .pipe(z.int().min(1990).max(2100))
    .meta({ description: "calendar year of the place", examples: [2026] }),
  law: AirLimit.shape.law.optional().describe("replays the whole year under this law; absent, every day has its own"),
});

/** The account of a year: what the limits in force permitted, what was used of it, and what that rests on. */
export function airLedgerRoute(app: Api, parts: ApiParts, thread: LawThread): void {
  app.get(
    "/air/ledger",
    {
      config: { access: "anyone" },
      schema: {
        tags: ["air and noise"],
        summary: "Exceedances of a year: permitted, used, left, provisional and turned",
        description:
          "One row for each figure in force on a day of the year, over its own days; a mean of a year belongs to the law in force on its last day. Hours need 45 valid minutes, days 18 hours (China: 20), 8-hour means six, and a year what its law asks; without that a row says why there is no verdict. A running year is judged so far. Episodes are consecutive hours or days above the thresholds of warning; a directive's alert asks for an area of 100 km² or the whole zone as well, which one station cannot show. The average exposure of PM2.5 is a figure of a member state, not of a station, and has no row.",
        querystring: Query,
        response: { 200: AirLedger, 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ query }, reply) => thread.answer(reply, parts, "ledger", query),
  );
}
