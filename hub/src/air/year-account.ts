import { type Sentence, say, sayAll } from "@openkerb/contract";
import { type Mean, ozoneSummer, type Region, type YearRule, yearMean, yearRules, yearShortfall } from "./averages.ts";
import { type Exceedance, exceeds, type HeldMean, type Ledger, ledgerOf } from "./exceedance.ts";
import type { Limit } from "./limits.ts";
import { peakSeason } from "./peak-season.ts";
import { percentileBetween, percentileByRank } from "./percentile.ts";
import { day, dayOf, hour } from "./timestamp.ts";

/** What is known of one pollutant in one year, in the law's unit. */
export type YearOfPollutant = {
  readonly year: number;
  /** Hours east of UTC. */
  readonly offset: number;
  /** End of what can have been measured by now. */
  readonly until: number;
  readonly region: Region;
  readonly hour: readonly HeldMean[];
  readonly day: readonly HeldMean[];
  readonly mda8: readonly HeldMean[];
  /** Means of 10 and 15 minutes above their figure, where readings are short enough to tell. */
  readonly short?: { readonly "10min"?: readonly Exceedance[]; readonly "15min"?: readonly Exceedance[] };
  /** Days above the ozone target in the two years before, of years that were measured enough. */
  readonly earlier: readonly number[];
};

/** One figure's account of a year, see `LedgerRow` of the contract. */
export type Row = Omit<Ledger, "verdict" | "year"> & {
  readonly verdict: Ledger["verdict"] | "not-available";
  readonly why?: Sentence;
  readonly of: number;
  readonly mean?: number;
  readonly percentile?: { readonly percent: number; readonly value: number };
};

const ruleOf = (law: Limit["law"]): YearRule =>
  law.startsWith("gb-") ? yearRules["gb-3095"] : yearRules[law as keyof typeof yearRules];

/**
 * HJ 663-2013, table 1: the percentiles a Chinese year is looked at by. That of ozone was read word by word, the others as
 * they are usually quoted; no verdict rests on them here.
 */
const chinese: Readonly<Record<string, number>> = {
  "so2 day": 98,
  "no2 day": 98,
  "pm10 day": 95,
  "pm25 day": 95,
  "co day": 95,
  "o3 mda8": 90,
};

const meansOf = (held: readonly HeldMean[]): Mean[] =>
  held.map(({ at, value }) =>
    value === undefined
      ? { kind: "none", at, why: say("index.missing-value") }
      : { kind: "value", at, value, valid: 1, of: 1 },
  );

/** Where a figure's own days of the year begin and end, as moments; the end is not included. */
function ownDays(limit: Limit, { year, offset }: YearOfPollutant): { from: number; to: number } {
  const start = Math.max(Date.UTC(year, 0, 1), Date.parse(limit.from));
  const end = Math.min(
    Date.UTC(year + 1, 0, 1),
    limit.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(limit.to) + day,
  );
  return { from: start - offset * hour, to: end - offset * hour };
}

/** Whether a figure is in force on at least one day of the year. */
export const heldIn = (limit: Limit, year: number): boolean =>
  limit.from <= `${year}-12-31` && (limit.to === undefined || limit.to >= `${year}-01-01`);

/**
 * The account of a limit; `before` is that of the same figure under the law it replaced within the year. What could not be
 * confirmed of the figure itself is said beside its verdict.
 */
export function accountOf(limit: Limit, of: YearOfPollutant, before?: Row): Row {
  const row =
    limit.statistic === "year" || limit.statistic === "season"
      ? meanAccount(limit, of)
      : countAccount(limit, of, before);
  const marks = [
    ...(row.why === undefined ? [] : [row.why]),
    ...roundedAway(limit, of, row),
    ...(limit.unconfirmed === undefined ? [] : [say("ledger.unconfirmed", { what: limit.unconfirmed })]),
  ];
  return marks.length === 0 ? row : { ...row, why: sayAll(marks) };
}

/**
 * What is above a figure but not when rounded to its digits, so that nobody has to find out what a verdict rests on. China
 * prescribes the rounding (GB/T 8170); of the others no text says so word by word.
 */
function roundedAway(limit: Limit, of: YearOfPollutant, { mean, verdict }: Row): Sentence[] {
  if (limit.law.startsWith("gb-") || limit.statistic === "10min" || limit.statistic === "15min") return [];
  const away = (value: number | undefined) => value !== undefined && value > limit.value && !exceeds(value, limit);
  if (limit.statistic === "year" || limit.statistic === "season")
    return verdict === "within" && away(mean) ? [say("ledger.mean-rounded")] : [];
  const { from, to } = ownDays(limit, of);
  const count = heldFor(limit, of).filter(({ at, value }) => at >= from && at < to && away(value)).length;
  return count === 0 ? [] : [say("ledger.rounded", { unit: unitOf(limit), count })];
}

/** The means that a figure for shorter times is held against. */
const heldFor = ({ statistic }: Limit, of: YearOfPollutant): readonly HeldMean[] =>
  statistic === "day" ? of.day : statistic === "mda8" || statistic === "8h" ? of.mda8 : of.hour;

function countAccount(limit: Limit, of: YearOfPollutant, before: Row | undefined): Row {
  const { from, to } = ownDays(limit, of);
  const { statistic } = limit;
  const inside = ({ at }: { at: number }): boolean => at >= from && at < to;
  const short = statistic === "10min" || statistic === "15min";
  const held = heldFor(limit, of).filter(inside);
  const step = short || statistic === "hour" ? hour : day;
  const whole = Math.max(0, Math.floor((Math.min(of.until, to) - from) / step));
  const found = short ? (of.short?.[statistic] ?? []).filter(inside) : undefined;
  const { exceedances, turned, valid } = ledgerOf(limit, of.year, held, of.offset);
  const over = found ?? exceedances;
  const permitted = limit.permitted ?? 0;
  const percentile = short ? undefined : percentileOf(limit, of, held);
  const row = {
    limit,
    exceedances: over,
    used: over.length,
    permitted,
    left: Math.max(0, permitted - over.length - (before?.used ?? 0)),
    provisional: over.filter(({ status }) => status === "provisional").length,
    valid,
    of: whole,
    turned: short ? [] : turned,
    ...(percentile && { percentile }),
  };
  if (short && of.short?.[statistic] === undefined)
    return {
      ...row,
      verdict: "not-available",
      why: say("ledger.no-short-readings", { minutes: statistic === "10min" ? 10 : 15 }),
    };
  return { ...row, ...verdictOf(limit, of, row, { to, before }) };
}

const unitOf = ({ statistic }: Limit): Sentence =>
  say(["day", "mda8", "8h"].includes(statistic) ? "unit.days" : "unit.hours");

/** Whether enough was measured for a count to say that a limit was kept. */
function shortfall(
  limit: Limit,
  { year, offset, day: days, mda8 }: YearOfPollutant,
  valid: number,
  whole: number,
): Sentence | undefined {
  if (limit.law === "eu-2008-50" && limit.pollutant === "o3")
    return yearShortfall(meansOf(mda8), { year, rule: ozoneSummer, expected: 0, offset });
  const rule = ruleOf(limit.law);
  if (rule.kind === "share")
    return valid >= rule.share * whole
      ? undefined
      : say("ledger.share", { valid, of: whole, unit: unitOf(limit), needed: rule.share * 100 });
  return yearShortfall(meansOf(days), { year, rule, expected: 0, offset });
}

function verdictOf(
  limit: Limit,
  of: YearOfPollutant,
  { used, permitted, valid, of: whole }: Pick<Row, "used" | "permitted" | "valid" | "of">,
  { to, before }: { to: number; before: Row | undefined },
): Pick<Row, "verdict" | "why"> {
  if (whole <= 0)
    return { verdict: "not-available", why: say("ledger.not-begun", { day: limit.from, unit: unitOf(limit) }) };
  const years = [used + (before?.used ?? 0), ...of.earlier];
  // Ozone's target is counted over three years, of which as many are taken as were measured (Annex I of both directives).
  const averaged = limit.level === "target" && years.length > 1;
  const count = averaged ? years.reduce((a, b) => a + b) / years.length : years[0]!;
  const said = [
    ...(before && before.used > 0
      ? [
          say("ledger.carried-over", {
            ...{ before: before.used, law: before.limit.law, day: limit.from },
            all: used + before.used,
          }),
        ]
      : []),
    ...(averaged ? [say("ledger.mean-of-years", { years: years.length, mean: Number(count.toFixed(2)) })] : []),
  ];
  const words = (...more: readonly Sentence[]): { why: Sentence } | undefined =>
    said.length + more.length > 0 ? { why: sayAll([...said, ...more]) } : undefined;
  if (count > permitted) return { verdict: "exceeded", ...words() };
  if (valid === 0) return { verdict: "not-available", ...words(say("ledger.nothing-valid-then")) };
  if (of.until < to)
    return { verdict: "within", ...words(say("ledger.so-far", { valid, of: whole, unit: unitOf(limit) })) };
  const missing = shortfall(limit, of, valid, whole);
  // A part of a year cannot have China's 324 days; what was measured of it is said instead.
  if (missing !== undefined && !(limit.law.startsWith("gb-") && whole < 300 && valid > 0))
    return { verdict: "not-available", ...words(missing) };
  return { verdict: "within", ...words() };
}

function percentileOf(limit: Limit, { year, offset }: YearOfPollutant, held: readonly HeldMean[]): Row["percentile"] {
  const own = held.flatMap(({ at, value }) =>
    value !== undefined && new Date(at + offset * hour).getUTCFullYear() === year ? [value] : [],
  );
  if (limit.law.startsWith("gb-")) {
    const percent = chinese[`${limit.pollutant} ${limit.statistic}`];
    const value = percent === undefined ? undefined : percentileBetween(own, percent);
    return percent === undefined || value === undefined ? undefined : { percent, value };
  }
  if (limit.permitted === undefined) return undefined;
  const units = limit.statistic === "hour" ? 8760 : 365;
  const percent = limit.law === "who-2021" ? 99 : (100 * (units - limit.permitted)) / units;
  const value = percentileByRank(own, percent);
  return value === undefined ? undefined : { percent: Number(percent.toFixed(2)), value };
}

/** A figure for the mean of a year or season: it is the year's own, by the law in force on the year's last day. */
function meanAccount(limit: Limit, of: YearOfPollutant): Row {
  const { year, offset, until } = of;
  const start = Date.UTC(year, 0, 1) - offset * hour;
  const end = Date.UTC(year + 1, 0, 1) - offset * hour;
  const daily = limit.statistic === "season" || limit.law.startsWith("gb-");
  const step = daily ? day : hour;
  const held = (limit.statistic === "season" ? of.mda8 : daily ? of.day : of.hour).filter(
    ({ at }) => at >= start && at < end,
  );
  const there = held.filter(({ value }) => value !== undefined);
  const whole = Math.max(0, Math.floor((Math.min(until, end) - start) / step));
  const base = {
    limit,
    exceedances: [],
    used: 0,
    permitted: 0,
    left: 0,
    valid: there.length,
    of: whole,
    provisional: there.some(({ status }) => status === "provisional") ? 1 : 0,
    turned: [],
  };
  const none = (why: Sentence, mean?: number): Row => ({
    ...base,
    provisional: 0,
    verdict: "not-available",
    why,
    ...(mean !== undefined && { mean }),
  });
  const means = meansOf(held);
  const all = yearMean(means, year, { kind: "share", share: 0 }, whole, offset);
  const mean = all.kind === "value" ? all.value : undefined;
  if (limit.to !== undefined && limit.to < `${year}-12-31`)
    return none(say("ledger.other-law", { day: limit.to }), mean);
  if (limit.statistic === "season") {
    const peak = peakSeason(means, year, offset);
    if (peak.kind === "none")
      return none(until < end ? say("ledger.year-runs-without-season", { why: peak.why }) : peak.why);
    const why = say("ledger.season", {
      day: dayOf(peak.from + offset * hour),
      ...{ valid: peak.valid, of: peak.of },
    });
    if (until < end) return none(say("ledger.season-so-far", { season: why }), peak.value);
    return { ...base, verdict: exceeds(peak.value, limit) ? "exceeded" : "within", why, mean: peak.value };
  }
  if (until < end) return none(say(mean === undefined ? "ledger.year-runs-empty" : "ledger.year-runs"), mean);
  const missing = yearShortfall(means, { year, rule: ruleOf(limit.law), expected: whole, offset });
  if (missing !== undefined || mean === undefined) return none(missing ?? say("ledger.nothing-valid"), mean);
  return { ...base, verdict: exceeds(mean, limit) ? "exceeded" : "within", mean };
}
