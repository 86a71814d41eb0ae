import { type Sentence, say } from "@openkerb/contract";
import { exactSums } from "./exact-sums.ts";
import { day, hour } from "./timestamp.ts";

/** One measured value and the time it is a mean of: from `at` to `at` + `span` milliseconds. */
export type Measured = { readonly at: number; readonly span: number; readonly value: number | undefined };

/** A mean that met its completeness rule, or the reason why there is none. */
export type Mean =
  | { readonly kind: "value"; readonly at: number; readonly value: number; readonly valid: number; readonly of: number }
  | { readonly kind: "none"; readonly at: number; readonly why: Sentence };

/** How much must be there before a mean counts, by law. */
export const completeness = {
  /** An hour needs 45 minutes (2008/50/EC Annex XI, GB 3095-2026 Table 4). */
  hourMinutes: 45,
  /** A day needs 18 hours in the EU and the US, 20 in China. */
  dayHours: { eu: 18, us: 18, cn: 20 },
  /** Eight hours need six of them. */
  eightHours: 6,
  /** The daily maximum of 8-hour means needs 18 of its 24. */
  eightHourMeans: 18,
} as const;
export type Region = keyof typeof completeness.dayHours;

/** The mean without float error, so that a value on a limit stays on it. */
const exactMean = (values: readonly number[]): number => exactSums(values).mean(0, values.length);

const present = (means: readonly (Mean | undefined)[]): number[] =>
  means.flatMap((mean) => (mean?.kind === "value" ? [mean.value] : []));

/** Why an hour with so many minutes does not count. */
export const tooFewMinutes = (minutes: number): Sentence =>
  say("index.minutes", { valid: Math.floor(minutes), needed: completeness.hourMinutes });

/** Means by clock hour, `at` being its start; the measured spans that are valid must cover 45 minutes. */
export function hourMeans(measured: readonly Measured[]): Mean[] {
  const byHour = new Map<number, Measured[]>();
  for (const one of measured) {
    const at = Math.floor(one.at / hour) * hour;
    const group = byHour.get(at);
    if (group) group.push(one);
    else byHour.set(at, [one]);
  }
  return [...byHour].map(([at, group]) => {
    const valid = group.filter((one) => one.value !== undefined);
    const minutes = valid.reduce((sum, { span }) => sum + span, 0) / 60_000;
    if (minutes < completeness.hourMinutes) return { kind: "none", at, why: tooFewMinutes(minutes) };
    return {
      kind: "value",
      at,
      value: exactMean(valid.map(({ value }) => value!)),
      valid: Math.round(minutes),
      of: 60,
    };
  });
}

/** Every hour between the first and the last, so that a left-out hour is seen as missing. */
function laidOut(hours: readonly Mean[]): { first: number; at: (i: number) => Mean | undefined; count: number } {
  const known = new Map(hours.map((mean) => [mean.at, mean]));
  const starts = [...known.keys()];
  const first = starts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const last = starts.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return {
    first,
    at: (i) => known.get(first + i * hour),
    count: starts.length === 0 ? 0 : Math.round((last - first) / hour) + 1,
  };
}

/**
 * The mean of the `length` hours ending with each hour (`at` is the start of that last hour), `needed` of them valid; with
 * fewer, it counts when it reaches `enough` although the missing hours are taken as zero.
 */
function runningMeans(
  hours: readonly Mean[],
  length: number,
  needed: number,
  enough = Number.POSITIVE_INFINITY,
): Mean[] {
  const { first, at, count } = laidOut(hours);
  const values: number[] = [];
  // How many values there are before each hour, so that a window is one subtraction.
  const before = new Int32Array(count + 1);
  for (let i = 0; i < count; i++) {
    const mean = at(i);
    if (mean?.kind === "value") values.push(mean.value);
    before[i + 1] = values.length;
  }
  const sums = exactSums(values);
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [before[Math.max(0, i + 1 - length)]!, before[i + 1]!];
    const [valid, start] = [to - from, first + i * hour];
    if (valid >= needed) return { kind: "value", at: start, value: sums.mean(from, to), valid, of: length };
    const least = sums.mean(from, to, length);
    return least >= enough
      ? { kind: "value", at: start, value: least, valid, of: length }
      : { kind: "none", at: start, why: say("index.hours", { valid, of: length, needed }) };
  });
}

/** The 8-hour mean ending with each hour; six of the eight must be valid. */
export const eightHourMeans = (hours: readonly Mean[]): Mean[] => runningMeans(hours, 8, completeness.eightHours);

/** The 24-hour mean ending with each hour, by the completeness of a region's days. */
export const dayLongMeans = (hours: readonly Mean[], region: Region): Mean[] =>
  runningMeans(hours, 24, completeness.dayHours[region]);

/** Start of the day of the place that a moment lies in; `offset` is the place's hours ahead of UTC. */
export const startOfDay = (at: number, offset: number): number =>
  Math.floor((at + offset * hour) / day) * day - offset * hour;

function byDay<T extends { readonly at: number }>(means: readonly T[], offset: number): Map<number, T[]> {
  const days = new Map<number, T[]>();
  for (const mean of means) {
    const at = startOfDay(mean.at, offset);
    const group = days.get(at);
    if (group) group.push(mean);
    else days.set(at, [mean]);
  }
  return days;
}

/** Means by day of the place from hourly means. */
export function dayMeans(hours: readonly Mean[], region: Region, offset = 0): Mean[] {
  const needed = completeness.dayHours[region];
  return [...byDay(hours, offset)].map(([at, group]) => {
    const values = present(group);
    if (values.length < needed)
      return { kind: "none", at, why: say("index.hours", { valid: values.length, of: 24, needed }) };
    return { kind: "value", at, value: exactMean(values), valid: values.length, of: 24 };
  });
}

/**
 * The highest 8-hour mean of each day of the place. An 8-hour mean belongs to the day on which it ends, so the first one
 * of a day reaches back to 17:00 of the day before (2008/50/EC Annex XI).
 */
export function dailyMaxima8h(hours: readonly Mean[], offset = 0): Mean[] {
  return [...byDay(eightHourMeans(hours), offset)].map(([at, group]) => {
    const values = present(group);
    if (values.length < completeness.eightHourMeans)
      return {
        kind: "none",
        at,
        why: say("index.eight-hour-means", { valid: values.length, of: 24, needed: completeness.eightHourMeans }),
      };
    return { kind: "value", at, value: values.reduce((a, b) => Math.max(a, b)), valid: values.length, of: 24 };
  });
}

/** The smallest mean of ozone above the US standard of 0.070 ppm, which is cut off at three places: 71 ppb. */
export const aboveUsStandard = 71;

/**
 * The US daily maximum of ozone: of the 17 8-hour means that begin from 07:00 to 23:00 of the place, 13 of which must be
 * there, unless the highest of them is above the standard all the same; a mean of fewer than six hours counts when it is
 * above it with the missing hours as zero (40 CFR 50 Appendix U, 3; 80 FR 65292, 26 October 2015). `exceeding` is 71 ppb
 * in the unit of the hours.
 */
export function dailyMaxima8hUs(hours: readonly Mean[], offset = 0, exceeding = aboveUsStandard): Mean[] {
  const ending = runningMeans(hours, 8, completeness.eightHours, exceeding);
  const inTime = ending
    .map((mean) => ({ ...mean, at: mean.at - 7 * hour }))
    .filter(({ at }) => at - startOfDay(at, offset) >= 7 * hour);
  return [...byDay(inTime, offset)].map(([at, group]) => {
    const values = present(group);
    const highest = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return values.length < 13 && !(highest >= exceeding)
      ? { kind: "none", at, why: say("index.eight-hour-means", { valid: values.length, of: 17, needed: 13 }) }
      : { kind: "value", at, value: highest, valid: values.length, of: 17 };
  });
}

/** The 8-hour limit of grade 2 (GB 3095): a maximum above it counts however much of the day is missing. */
export const chineseLimit = 160;

/**
 * China's daily maximum of ozone: of the 17 8-hour means that lie wholly within the day (those of 08:00 to 24:00), 14 of
 * which must be there, unless the highest of them is above the limit all the same (HJ 663-2013: 当日8时至24时至少有14个有效
 * 8小时平均浓度值; 不满足14个有效数据时, 若日最大8小时平均浓度超过浓度限值标准时, 统计结果仍有效). In µg/m³ at 298 K;
 * `inLimitUnit` is the limit in the unit of the hours.
 */
export function dailyMaxima8hChina(hours: readonly Mean[], offset = 0, inLimitUnit = chineseLimit): Mean[] {
  const within = eightHourMeans(hours).filter(({ at }) => at - startOfDay(at, offset) >= 7 * hour);
  return [...byDay(within, offset)].map(([at, group]) => {
    const values = present(group);
    const highest = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return values.length < 14 && !(highest > inLimitUnit)
      ? { kind: "none", at, why: say("index.eight-hour-means", { valid: values.length, of: 17, needed: 14 }) }
      : { kind: "value", at, value: highest, valid: values.length, of: 17 };
  });
}

/** The highest hour of each day of the place, by the completeness of a region's days. */
export function dailyMaxima1h(hours: readonly Mean[], region: Region, offset = 0): Mean[] {
  const needed = completeness.dayHours[region];
  return [...byDay(hours, offset)].map(([at, group]) => {
    const values = present(group);
    return values.length < needed
      ? { kind: "none", at, why: say("index.hours", { valid: values.length, of: 24, needed }) }
      : { kind: "value", at, value: values.reduce((a, b) => Math.max(a, b)), valid: values.length, of: 24 };
  });
}

/** What a year must hold: a share of its units, China's count of days in the year and in every month, or summer's months. */
export type YearRule =
  | { readonly kind: "share"; readonly share: number }
  | { readonly kind: "summer"; readonly months: number; readonly days: number }
  | { readonly kind: "days"; readonly year: number; readonly month: number; readonly february: number };

/**
 * Directive (EU) 2024/2881 Annex V (85 % of a year's hours or days), 2008/50/EC Annex I (90 %; calibration and maintenance
 * would not count, but nobody can tell them from other gaps here), the 75 % that WHO and the US ask for, and GB 3095
 * table 4.
 */
export const yearRules = {
  "eu-2024-2881": { kind: "share", share: 0.85 },
  "eu-2008-50": { kind: "share", share: 0.9 },
  "who-2021": { kind: "share", share: 0.75 },
  "gb-3095": { kind: "days", year: 324, month: 27, february: 25 },
} as const satisfies Record<string, YearRule>;

/**
 * When a year's count of days of ozone is valid: five of the six months from April to September with 27 days each
 * (2008/50/EC Annex VII A, as carried over in 39. BImSchV Anlage 7). Many stations measure ozone in summer only.
 */
export const ozoneSummer = { kind: "summer", months: 5, days: 27 } as const satisfies YearRule;

/** Means of a calendar year of the place. */
const ofYear = (means: readonly Mean[], year: number, offset: number): Mean[] =>
  means.filter((mean) => new Date(mean.at + offset * hour).getUTCFullYear() === year);

/** What a year lacks by its law's rule, in words; nothing when it has enough. `expected` is how many means it should have. */
export function yearShortfall(
  means: readonly Mean[],
  { year, rule, expected, offset = 0 }: { year: number; rule: YearRule; expected: number; offset?: number },
): Sentence | undefined {
  const own = ofYear(means, year, offset).filter((mean) => mean.kind === "value");
  if (rule.kind === "share") {
    const needed = rule.share * 100;
    if (own.length * 100 >= needed * expected && own.length > 0) return undefined;
    return say("ledger.share-of-year", { valid: own.length, of: expected, needed });
  }
  const months = new Array<number>(12).fill(0);
  for (const mean of own) months[new Date(mean.at + offset * hour).getUTCMonth()]!++;
  if (rule.kind === "summer") {
    const whole = months.slice(3, 9).filter((days) => days >= rule.days).length;
    return whole >= rule.months ? undefined : say("ledger.summer", { whole, days: rule.days, needed: rule.months });
  }
  if (own.length < rule.year) return say("ledger.days-of-year", { valid: own.length, needed: rule.year });
  const short = months.findIndex((days, month) => days < (month === 1 ? rule.february : rule.month));
  return short === -1 ? undefined : say("ledger.days-of-month", { valid: months[short]!, month: short + 1 });
}

/** The mean of a year's hourly or daily means; `expected` is how many of them the year has. */
export function yearMean(means: readonly Mean[], year: number, rule: YearRule, expected: number, offset = 0): Mean {
  const at = Date.UTC(year, 0, 1) - offset * hour;
  const why = yearShortfall(means, { year, rule, expected, offset });
  if (why !== undefined) return { kind: "none", at, why };
  const values = present(ofYear(means, year, offset));
  return { kind: "value", at, value: exactMean(values), valid: values.length, of: expected };
}
