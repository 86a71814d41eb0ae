import { AirLedger, AirLimit, type Instant, Pollutant, Problem, SiteId } from "@openkerb/contract";
import { z } from "zod";
import { type Bench, episodesIn, figuresFor, rowsOf } from "../../air/ledger-year.ts";
import { hour } from "../../air/timestamp.ts";
import type { Row } from "../../air/year-account.ts";
import { inSlices } from "../in-slices.ts";
import { knownSite } from "../known-site.ts";
import type { Api, ApiParts } from "../parts.ts";
import { wholeHours } from "../site-hours.ts";
import { yearOfPollutant } from "../site-year.ts";

const Query = z.strictObject({
  site: SiteId,
  year: z.coerce.number().pipe(z.int().min(1990).max(2100)).describe("calendar year of the place"),
  law: AirLimit.shape.law.optional().describe("replays the whole year under this law; absent, every day has its own"),
});

/** The account of a year: what the limits in force permitted, what was used of it, and what that rests on. */
export function airLedgerRoute(app: Api, { settings, store, now }: ApiParts): void {
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
    async ({ query }) => {
      const { air } = settings.config;
      const channels = await store.channels();
      knownSite(query.site, { settings, store }, channels);
      const bench: Bench = query.law === undefined ? { region: air.region } : { law: query.law };
      const region = query.law?.startsWith("gb-") ? "cn" : query.law?.startsWith("eu-") ? "eu" : air.region;
      const of = { site: query.site, year: query.year, region, offset: air.utcOffset, until: wholeHours(now()) };
      const figures = figuresFor(bench, query.year);
      const answer: AirLedger = { site: query.site, year: query.year, rows: [], episodes: [], channels: [] };
      for (const pollutant of Pollutant.options) {
        const own = figures.filter((figure) => figure.pollutant === pollutant);
        const found = await yearOfPollutant(store, channels, pollutant, of, own);
        if (!found) {
          answer.rows.push(...own.map(unmeasured));
          continue;
        }
        answer.channels.push({ pollutant, channel: found.measured.channel.id });
        const rows = await inSlices(rowsOf(own, found.year, query.law !== undefined));
        answer.rows.push(...rows.map(shown));
        for (const { threshold, ...episode } of await inSlices(episodesIn(bench, pollutant, { ...found.year })))
          answer.episodes.push({
            ...episode,
            law: threshold.law,
            kind: threshold.kind,
            pollutant,
            statistic: threshold.statistic,
            threshold: threshold.value,
            consecutive: threshold.consecutive,
            from: episode.from as Instant,
            to: (episode.to + (threshold.statistic === "hour" ? hour : 24 * hour)) as Instant,
          });
      }
      return answer;
    },
  );
}

const unmeasured = (limit: AirLimit): AirLedger["rows"][number] => ({
  limit,
  verdict: "not-available",
  why: "it is not measured here",
  used: 0,
  permitted: limit.permitted ?? 0,
  left: limit.permitted ?? 0,
  provisional: 0,
  valid: 0,
  of: 0,
  exceedances: [],
  turned: [],
});

const shown = ({ exceedances, turned, ...row }: Row): AirLedger["rows"][number] => ({
  ...row,
  exceedances: exceedances.map((e) => ({ ...e, at: e.at as Instant })),
  turned: turned.map(({ at, from, to, why, now }) => ({
    at: at as Instant,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    why,
    now,
  })),
});
