import type { Sentence } from "@openkerb/contract";
import type { Pollutant } from "./concentration.ts";
import { lawSources, unconfirmed } from "./law-sources.ts";

/** What a limit is compared with. `mda8` is the daily maximum 8-hour mean, `season` WHO's peak season of ozone. */
export type Statistic = "10min" | "15min" | "hour" | "8h" | "mda8" | "day" | "season" | "year";

/** One figure of a law or guideline; from and to are days, both included. Concentrations in µg/m³, CO in mg/m³. */
export type Limit = {
  readonly law: "eu-2008-50" | "eu-2024-2881" | "gb-3095-2012" | "gb-3095-2026" | "who-2021";
  readonly pollutant: Pollutant | "benzene";
  readonly statistic: Statistic;
  readonly value: number;
  /** Which of several figures: a grade of GB 3095, WHO's guideline (AQG) or interim target, an EU limit or target. */
  readonly level: "limit" | "target" | "objective" | "grade-1" | "grade-2" | "aqg" | "it-1" | "it-2" | "it-3" | "it-4";
  /** How often in a year it may be exceeded; absent means the figure may not be exceeded at all. */
  readonly permitted?: number;
  readonly from: string;
  readonly to?: string;
  /** Title, place and address of the law. */
  readonly source: string;
  /** What about this figure could not be confirmed word by word; absent means nothing. */
  readonly unconfirmed?: Sentence;
};

type Figure = readonly [
  pollutant: Limit["pollutant"],
  statistic: Statistic,
  value: number,
  permitted?: number | undefined,
  level?: Limit["level"],
];
type Stage = Pick<Limit, "law" | "from" | "to" | "unconfirmed">;

const figures = (stage: Stage, level: Limit["level"], rows: readonly Figure[]): Limit[] =>
  rows.map(([pollutant, statistic, value, permitted, own]) => ({
    law: stage.law,
    from: stage.from,
    ...(stage.to === undefined ? {} : { to: stage.to }),
    pollutant,
    statistic,
    value,
    level: own ?? level,
    ...(permitted === undefined ? {} : { permitted }),
    source: lawSources[stage.law],
    ...(stage.unconfirmed === undefined ? {} : { unconfirmed: stage.unconfirmed }),
  }));

/**
 * Directive 2008/50/EC: limit values of Annex XI, PM2.5 of Annex XIV (a target until its limit value applied on
 * 2015-01-01), ozone's target and long-term objective of Annex VII (the objective has no date). The ozone target is
 * counted as a mean of three years. "Repealed with effect from 12 December 2026" (Directive (EU) 2024/2881, Article 31(1)),
 * so 11 December is its last day.
 */
const eu2008 = [
  ...figures({ law: "eu-2008-50", from: "2010-01-01", to: "2014-12-31" }, "target", [["pm25", "year", 25]]),
  ...figures({ law: "eu-2008-50", from: "2015-01-01", to: "2026-12-11" }, "limit", [["pm25", "year", 25]]),
  ...figures({ law: "eu-2008-50", from: "2010-01-01", to: "2026-12-11" }, "limit", [
    ["pm10", "year", 40],
    ["pm10", "day", 50, 35],
    ["no2", "year", 40],
    ["no2", "hour", 200, 18],
    ["so2", "day", 125, 3],
    ["so2", "hour", 350, 24],
    ["co", "mda8", 10],
    ["benzene", "year", 5],
    ["o3", "mda8", 120, 25, "target"],
    ["o3", "mda8", 120, undefined, "objective"],
  ]),
];

/**
 * Directive (EU) 2024/2881 Annex I: section 1 table 2 (attained by 11 December 2026) until table 1 (attained by
 * 1 January 2030) takes over. Section 2, Point B, permits ozone 18 days as a mean of three years, "to be attained by
 * 1 January 2030" (Article 19(4)); until then the 25 days of 2008/50 are carried on, which is marked as unconfirmed. The
 * long-term objective (Point C) is for 2050. The average exposure obligation (section 5) is a mean over a member state's
 * background stations and therefore not held here.
 */
const eu2024 = [
  ...figures({ law: "eu-2024-2881", from: "2026-12-12", to: "2029-12-31" }, "limit", [
    ["pm25", "year", 25],
    ["pm10", "year", 40],
    ["pm10", "day", 50, 35],
    ["no2", "year", 40],
    ["no2", "hour", 200, 18],
    ["so2", "day", 125, 3],
    ["so2", "hour", 350, 24],
    ["co", "mda8", 10],
    ["benzene", "year", 5],
  ]),
  ...figures(
    { law: "eu-2024-2881", from: "2026-12-12", to: "2029-12-31", unconfirmed: unconfirmed.ozoneUntil2030 },
    "target",
    [["o3", "mda8", 120, 25]],
  ),
  ...figures({ law: "eu-2024-2881", from: "2030-01-01" }, "limit", [
    ["pm25", "year", 10],
    ["pm25", "day", 25, 18],
    ["pm10", "year", 20],
    ["pm10", "day", 45, 18],
    ["no2", "year", 20],
    ["no2", "day", 50, 18],
    ["no2", "hour", 200, 3],
    ["so2", "year", 20],
    ["so2", "day", 50, 18],
    ["so2", "hour", 350, 3],
    ["co", "mda8", 10],
    ["co", "day", 4, 18],
    ["benzene", "year", 3.4],
    ["o3", "mda8", 120, 18, "target"],
  ]),
  ...figures({ law: "eu-2024-2881", from: "2050-01-01" }, "objective", [["o3", "mda8", 100, 3]]),
];

type Graded = readonly [pollutant: Limit["pollutant"], statistic: Statistic, first: number, second: number];
const graded = (stage: Stage, rows: readonly Graded[]): Limit[] =>
  rows.flatMap(([pollutant, statistic, first, second]) => [
    ...figures(stage, "grade-1", [[pollutant, statistic, first]]),
    ...figures(stage, "grade-2", [[pollutant, statistic, second]]),
  ]);

const chinaHours: readonly Graded[] = [
  ["co", "day", 4, 4],
  ["co", "hour", 10, 10],
  ["o3", "mda8", 100, 160],
  ["o3", "hour", 160, 200],
];

/**
 * GB 3095-2012 table 1, until the 2026 edition. It is held from the day on which its amendment took its gases from 273 K to
 * 298.15 K and its particles to the conditions of the place, because that is how this house keeps hours: measured before,
 * they would have to be restated with the temperature and pressure of each.
 */
const gb2012 = graded({ law: "gb-3095-2012", from: "2018-09-01", to: "2026-02-28" }, [
  ["so2", "year", 20, 60],
  ["so2", "day", 50, 150],
  ["so2", "hour", 150, 500],
  ["no2", "year", 40, 40],
  ["no2", "day", 80, 80],
  ["no2", "hour", 200, 200],
  ["pm10", "year", 40, 70],
  ["pm10", "day", 50, 150],
  ["pm25", "year", 15, 35],
  ["pm25", "day", 35, 75],
  ...chinaHours,
]);

/** GB 3095-2026 table 1, in force since 2026-03-01: a transition to the end of 2030, then the final figures. */
const gb2026 = [
  ...graded({ law: "gb-3095-2026", from: "2026-03-01", to: "2030-12-31" }, [
    ["so2", "year", 20, 60],
    ["so2", "day", 50, 150],
    ["so2", "hour", 150, 500],
    ["no2", "year", 40, 40],
    ["no2", "day", 80, 80],
    ["no2", "hour", 200, 200],
    ["pm10", "year", 40, 60],
    ["pm10", "day", 50, 120],
    ["pm25", "year", 15, 30],
    ["pm25", "day", 35, 60],
    ...chinaHours,
  ]),
  ...graded({ law: "gb-3095-2026", from: "2031-01-01" }, [
    ["so2", "year", 20, 20],
    ["so2", "day", 50, 50],
    ["so2", "hour", 150, 150],
    ["no2", "year", 30, 30],
    ["no2", "day", 50, 50],
    ["no2", "hour", 200, 200],
    ["pm10", "year", 20, 50],
    ["pm10", "day", 50, 100],
    ["pm25", "year", 10, 25],
    ["pm25", "day", 25, 50],
    ...chinaHours,
  ]),
];

const whoLevels = ["aqg", "it-1", "it-2", "it-3", "it-4"] as const;
// A daily guideline is the 99th percentile of a year, which three days may exceed.
const who = (pollutant: Limit["pollutant"], statistic: Statistic, ...values: readonly number[]): Limit[] =>
  values.map((value, i) => ({
    law: "who-2021",
    from: "2021-09-22",
    pollutant,
    statistic,
    value,
    level: whoLevels[i]!,
    ...(statistic === "day" || statistic === "mda8" ? { permitted: 3 } : {}),
    source: lawSources["who-2021"],
    ...(pollutant === "pm25" || pollutant === "pm10" ? {} : { unconfirmed: unconfirmed.whoState }),
  }));

/**
 * WHO global air quality guidelines, 22 September 2021, tables 0.1 and 0.2 (the short ones carried over from 2000, 2005 and
 * 2010): the guideline, then interim targets 1 to 4. NO2 over a day has two interim targets, 120 and 50.
 */
const who2021 = [
  who("pm25", "year", 5, 35, 25, 15, 10),
  who("pm25", "day", 15, 75, 50, 37.5, 25),
  who("pm10", "year", 15, 70, 50, 30, 20),
  who("pm10", "day", 45, 150, 100, 75, 50),
  who("o3", "season", 60, 100, 70),
  who("o3", "mda8", 100, 160, 120),
  who("no2", "year", 10, 40, 30, 20),
  who("no2", "day", 25, 120, 50),
  who("no2", "hour", 200),
  who("so2", "day", 40, 125, 50),
  who("so2", "10min", 500),
  who("co", "day", 4, 7),
  who("co", "8h", 10),
  who("co", "hour", 35),
  who("co", "15min", 100),
].flat();

/** Every figure held here, whatever its dates. */
export const limits: readonly Limit[] = [...eu2008, ...eu2024, ...gb2012, ...gb2026, ...who2021];

/** The figures of a region that were in force on a day of the place; WHO's guidelines hold everywhere since 2021. */
export function limitsInForce(region: "eu" | "cn" | "who", day: string): Limit[] {
  const own = (law: Limit["law"]) => law.startsWith(region === "cn" ? "gb-" : `${region}-`);
  return limits.filter((l) => own(l.law) && l.from <= day && (l.to === undefined || day <= l.to));
}

/** A level at which people must be warned: hourly means over so many consecutive hours, or daily means. */
export type Threshold = {
  readonly kind: "alert" | "information";
  readonly pollutant: Pollutant;
  readonly statistic: "hour" | "day";
  readonly value: number;
  readonly consecutive: number;
  readonly law: Limit["law"];
};

const threshold = (
  law: Limit["law"],
  kind: Threshold["kind"],
  pollutant: Pollutant,
  value: number,
  consecutive: number,
  statistic: Threshold["statistic"] = "hour",
): Threshold => ({ law, kind, pollutant, value, consecutive, statistic });

/**
 * Directive (EU) 2024/2881 Article 15 and Annex I, section 4 (Point A alert, Point B information), and 2008/50/EC
 * Annex XII before it. Both ask for places that stand for
 * 100 km² or a whole zone, the smaller of the two: one station's episode is a reason to look, not yet the alert. Daily
 * particles are "three consecutive days or fewer", so the first day counts; ozone's alert asks for three hours where
 * short-term measures are concerned, which is what is taken here.
 */
export const thresholds: readonly Threshold[] = [
  threshold("eu-2024-2881", "alert", "so2", 350, 3),
  threshold("eu-2024-2881", "alert", "no2", 200, 3),
  threshold("eu-2024-2881", "alert", "o3", 240, 3),
  threshold("eu-2024-2881", "alert", "pm25", 50, 1, "day"),
  threshold("eu-2024-2881", "alert", "pm10", 90, 1, "day"),
  threshold("eu-2024-2881", "information", "so2", 275, 1),
  threshold("eu-2024-2881", "information", "no2", 150, 1),
  threshold("eu-2024-2881", "information", "o3", 180, 1),
  threshold("eu-2024-2881", "information", "pm25", 50, 1, "day"),
  threshold("eu-2024-2881", "information", "pm10", 90, 1, "day"),
  threshold("eu-2008-50", "alert", "so2", 500, 3),
  threshold("eu-2008-50", "alert", "no2", 400, 3),
  threshold("eu-2008-50", "alert", "o3", 240, 3),
  threshold("eu-2008-50", "information", "o3", 180, 1),
];

/** The days a law holds from and to, both included; no `to` while nothing is known to end it. */
export function lawDates(law: Limit["law"]): { readonly from: string; readonly to?: string } {
  const own = limits.filter((limit) => limit.law === law);
  const from = own.reduce((first, limit) => (limit.from < first ? limit.from : first), "9999-12-31");
  const ends = own.map(({ to }) => to);
  const to = ends.includes(undefined) ? undefined : ends.reduce((last, end) => (end! > last! ? end : last), "");
  return to === undefined ? { from } : { from, to };
}
