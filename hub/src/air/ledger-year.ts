import { type Episode, episodesOf, type HeldMean } from "./exceedance.ts";
import { type Limit, lawDates, limits, type Threshold, thresholds } from "./limits.ts";
import { day, hour } from "./timestamp.ts";
import { accountOf, heldIn, type Row, type YearOfPollutant } from "./year-account.ts";

/** Whose figures a year is held against: a region's by their dates with WHO's beside them, or one law's replayed. */
export type Bench = { readonly region: "eu" | "us" | "cn" } | { readonly law: Limit["law"] };

const ofRegion = (law: Limit["law"], region: "eu" | "us" | "cn"): boolean =>
  law === "who-2021" || law.startsWith(region === "cn" ? "gb-" : `${region}-`);

/** The figures for a year; replayed ones hold for all of it, every stage of the law as if it had been in force. */
export function figuresFor(bench: Bench, year: number): Limit[] {
  if ("law" in bench) return limits.filter(({ law }) => law === bench.law);
  return limits.filter((limit) => ofRegion(limit.law, bench.region) && heldIn(limit, year));
}

const sameFigure = (a: Limit, b: Limit): boolean =>
  a.pollutant === b.pollutant &&
  a.statistic === b.statistic &&
  a.level === b.level &&
  a.value === b.value &&
  a.permitted === b.permitted;
/** A figure that holds for the whole year, whatever its dates. */
const always = (limit: Limit): Limit => {
  const { to: _, ...rest } = limit;
  return { ...rest, from: "0001-01-01" };
};

/** The rows of one pollutant, one figure after the other. */
export function* rowsOf(figures: readonly Limit[], of: YearOfPollutant, replayed: boolean): Generator<void, Row[]> {
  const rows: Row[] = [];
  for (const limit of figures) {
    if (replayed) rows.push({ ...accountOf(always(limit), of), limit });
    else {
      // A year's count goes on when a new law takes over the same figure.
      const before = rows.find(
        (row) => sameFigure(row.limit, limit) && row.limit.to !== undefined && row.limit.to < limit.from,
      );
      rows.push(accountOf(limit, of, before));
    }
    yield;
  }
  return rows;
}

/** Runs above the thresholds of warning, each in its law's own days. */
export function* episodesIn(
  bench: Bench,
  pollutant: Threshold["pollutant"],
  of: { readonly hour: readonly HeldMean[]; readonly day: readonly HeldMean[]; readonly offset: number },
): Generator<void, Episode[]> {
  const found: Episode[] = [];
  for (const threshold of thresholds) {
    if (threshold.pollutant !== pollutant) continue;
    if ("law" in bench ? threshold.law !== bench.law : !ofRegion(threshold.law, bench.region)) continue;
    const { from, to } = lawDates(threshold.law);
    const first = "law" in bench ? Number.NEGATIVE_INFINITY : Date.parse(from) - of.offset * hour;
    const end = "law" in bench || to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to) + day - of.offset * hour;
    found.push(
      ...episodesOf(
        threshold,
        of[threshold.statistic].filter(({ at }) => at >= first && at < end),
      ),
    );
    yield;
  }
  return found;
}
