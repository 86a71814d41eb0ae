import {
  type AirLedger,
  type AirLimit,
  type Instant,
  Pollutant,
  type Sentence,
  type SiteId,
  say,
} from "@openkerb/contract";
import { type Bench, episodesIn, figuresFor, rowsOf } from "../../air/ledger-year.ts";
import { hour } from "../../air/timestamp.ts";
import type { Row } from "../../air/year-account.ts";
import { inSlices } from "./in-slices.ts";
import type { LawStore, Setting } from "./law-store.ts";
import { yearOfPollutant } from "./site-year.ts";

/** The account of a year of a place. */
export async function ledgerAnswer(
  store: LawStore,
  { site, year, law }: { site: SiteId; year: number; law?: AirLimit["law"] | undefined },
  { air, until }: Setting,
): Promise<AirLedger> {
  const channels = await store.channels();
  const bench: Bench = law === undefined ? { region: air.region } : { law };
  const region = law?.startsWith("gb-") ? "cn" : law?.startsWith("eu-") ? "eu" : air.region;
  const of = { site, year, region, offset: air.utcOffset, until };
  const figures = figuresFor(bench, year);
  const answer: AirLedger = { site, year, rows: [], episodes: [], channels: [] };
  for (const pollutant of Pollutant.options) {
    const own = figures.filter((figure) => figure.pollutant === pollutant);
    const found = await yearOfPollutant(store, channels, pollutant, of, own);
    if (!found) {
      const known = channels.some((c) => c.site === site && c.metric === pollutant);
      const why = say(known ? "ledger.nothing-valid-then" : "ledger.not-measured");
      answer.rows.push(...own.map((figure) => unmeasured(figure, why)));
      continue;
    }
    answer.channels.push({ pollutant, channel: found.measured.channel.id });
    answer.rows.push(...(await inSlices(rowsOf(own, found.year, law !== undefined))).map(shown));
    for (const { threshold, ...episode } of await inSlices(episodesIn(bench, pollutant, found.year)))
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
  answer.rows.push(
    ...figures
      .filter(({ pollutant }) => pollutant === "benzene")
      .map((figure) => unmeasured(figure, say("ledger.not-measured"))),
  );
  return answer;
}

const unmeasured = (limit: AirLimit, why: Sentence): AirLedger["rows"][number] => ({
  limit,
  verdict: "not-available",
  why,
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
