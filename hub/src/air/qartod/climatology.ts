import { day } from "../timestamp.ts";
import type { Span } from "./gross-range.ts";
import { type Flags, fail, good, missing, type Series, suspect, unknown } from "./series.ts";

export const periods = [
  "year",
  "quarter",
  "month",
  "week",
  "weekofyear",
  "dayofyear",
  "dayofweek",
  "day",
  "hour",
] as const;
export type Period = (typeof periods)[number];

/** What is usual in a season, at a depth. Spans include both ends; a time span is in units of its period or in ms. */
export type Season = {
  readonly time: Span;
  readonly period?: Period | undefined;
  readonly usual: Span;
  readonly possible?: Span | undefined;
  readonly depth?: Span | undefined;
};

const within = (value: number, [a, b]: Span): boolean => value >= Math.min(a, b) && value <= Math.max(a, b);

function isoWeek(at: number): number {
  // ISO weeks belong to the year of their Thursday.
  const weekday = (new Date(at).getUTCDay() + 6) % 7;
  const thursday = at + (3 - weekday) * day;
  return 1 + Math.floor((thursday - Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1)) / (7 * day));
}

const inPeriod: Readonly<Record<Period, (at: number) => number>> = {
  year: (at) => new Date(at).getUTCFullYear(),
  quarter: (at) => Math.floor(new Date(at).getUTCMonth() / 3) + 1,
  month: (at) => new Date(at).getUTCMonth() + 1,
  week: isoWeek,
  weekofyear: isoWeek,
  dayofyear: (at) => Math.floor((at - Date.UTC(new Date(at).getUTCFullYear(), 0, 1)) / day) + 1,
  dayofweek: (at) => (new Date(at).getUTCDay() + 6) % 7,
  day: (at) => new Date(at).getUTCDate(),
  hour: (at) => new Date(at).getUTCHours(),
};

/** QARTOD climatology: outside what is usual in the season is suspect; where seasons overlap the last one decides. */
export function climatology({ values, times, depths }: Series, seasons: readonly Season[]): Flags {
  return values.map((value, i) => {
    if (value === undefined) return missing;
    const at = times[i]!;
    const depth = depths?.[i];
    let flag: Flags[number] = unknown;
    for (const season of seasons) {
      if (!within(season.period ? inPeriod[season.period](at) : at, season.time)) continue;
      if (season.depth && (depth === undefined || !within(depth, season.depth))) continue;
      flag = season.possible && !within(value, season.possible) ? fail : within(value, season.usual) ? good : suspect;
    }
    return flag;
  });
}
