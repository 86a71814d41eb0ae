import { type Sentence, say } from "@openkerb/contract";
import { leastSquares } from "./least-squares.ts";
import { hour } from "./timestamp.ts";

/** One whole hour at a place; `at` is its start. */
export type HourBeside = {
  readonly at: number;
  /** Vehicles counted, as if the whole hour had been watched. */
  readonly vehicles: number;
  readonly value: number;
  /** m/s, and the direction it comes from in degrees. */
  readonly windSpeed?: number;
  readonly windDirection?: number;
  /** °C */
  readonly temperature?: number;
};

export type Association =
  | {
      readonly kind: "association";
      readonly hours: number;
      /** Rise of the value per 100 vehicles an hour, all else held equal, with its 95 % interval. */
      readonly per100: number;
      readonly interval: readonly [number, number];
      /** Partial correlation, of what is left of both when all else is held equal. */
      readonly correlation: number;
      readonly adjusted: readonly Sentence[];
      readonly windKnown: boolean;
    }
  | { readonly kind: "none"; readonly why: Sentence };

/** Two weeks: less does not hold every hour of a weekday and of a weekend often enough. */
export const fewestHours = 336;
/** Weather counts when this part of the hours has it; hours without it are then left out. */
const mostlyKnown = 0.8;
const sectors = 8;

const names = [say("held.hour"), say("held.weekday")] as const;
const none = (why: Sentence): Association => ({ kind: "none", why });

/** Takes the mean of each group away, which is least squares on one constant per group. */
function withinGroups(values: readonly number[], groups: readonly number[]): number[] {
  const sums = new Map<number, { sum: number; n: number }>();
  values.forEach((value, i) => {
    const group = sums.get(groups[i]!) ?? { sum: 0, n: 0 };
    sums.set(groups[i]!, { sum: group.sum + value, n: group.n + 1 });
  });
  return values.map((value, i) => {
    const { sum, n } = sums.get(groups[i]!)!;
    return value - sum / n;
  });
}

/** What is left of a column when the others explain what they can. */
function residual(wanted: readonly number[], others: readonly (readonly number[])[]): number[] {
  if (others.length === 0) return [...wanted];
  const rows = wanted.map((_, i) => others.map((column) => column[i]!));
  const coefficients = leastSquares(rows, wanted);
  return wanted.map((value, i) => value - rows[i]!.reduce((sum, x, k) => sum + x * coefficients[k]!, 0));
}

const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const square = (values: readonly number[]): number => sumOf(values.map((v) => v * v));

/** The weather that most hours know, as columns; hours that lack it are left out by the caller. */
function weather(hours: readonly HourBeside[]): { columns: number[][]; adjusted: Sentence[] } {
  const columns: number[][] = [];
  const adjusted: Sentence[] = [];
  if (hours.every((h) => h.windSpeed !== undefined)) {
    columns.push(
      hours.map((h) => h.windSpeed!),
      // Dilution falls off steeply with the first metres per second and slowly after.
      hours.map((h) => 1 / (0.5 + Math.max(0, h.windSpeed!))),
    );
    adjusted.push(say("held.wind-speed"));
  }
  if (hours.every((h) => h.windDirection !== undefined)) {
    const sectorOf = (h: HourBeside) => Math.floor(((((h.windDirection! + 22.5) % 360) + 360) % 360) / (360 / sectors));
    for (let sector = 1; sector < sectors; sector++) columns.push(hours.map((h) => Number(sectorOf(h) === sector)));
    adjusted.push(say("held.wind-direction"));
  }
  if (hours.every((h) => h.temperature !== undefined)) {
    columns.push(hours.map((h) => h.temperature!));
    adjusted.push(say("held.temperature"));
  }
  return { columns, adjusted };
}

/** Hours that know everything that most hours know. */
function alike(hours: readonly HourBeside[]): HourBeside[] {
  const keys = (["windSpeed", "windDirection", "temperature"] as const).filter(
    (key) => hours.filter((h) => h[key] !== undefined).length >= mostlyKnown * hours.length,
  );
  return hours
    .filter((h) => keys.every((key) => h[key] !== undefined))
    .map(({ at, vehicles, value, ...rest }) => ({
      at,
      vehicles,
      value,
      ...Object.fromEntries(keys.map((key) => [key, rest[key]])),
    }));
}

/**
 * How a value goes with the traffic of the same hour, among hours of the same hour of day, kind of day and weather:
 * ordinary least squares with intervals after Newey and West (1987), which allow for errors that last. The lag is
 * 1.3·√n and the critical value that of a fixed share of lags (Lazarus, Lewis, Stock and Watson 2018; Kiefer and
 * Vogelsang 2005), because the usual normal one makes intervals of persistent series too narrow. `offset` is the place's
 * hours east of UTC.
 */
export function association(all: readonly HourBeside[], offset = 0): Association {
  if (all.length < fewestHours) return none(say("traffic.few-hours", { hours: all.length, needed: fewestHours }));
  const hours = alike(all).toSorted((a, b) => a.at - b.at);
  if (hours.length < fewestHours)
    return none(say("traffic.few-with-weather", { hours: hours.length, needed: fewestHours }));
  const groups = hours.map(({ at }) => {
    const place = new Date(at + offset * hour);
    return place.getUTCHours() + (place.getUTCDay() % 6 === 0 ? 24 : 0);
  });
  const { columns, adjusted } = weather(hours);
  const others = columns.map((column) => withinGroups(column, groups));
  const vehicles = hours.map((h) => h.vehicles);
  const x = residual(withinGroups(vehicles, groups), others);
  const y = residual(
    withinGroups(
      hours.map((h) => h.value),
      groups,
    ),
    others,
  );
  const [xx, yy] = [square(x), square(y)];
  const mean = sumOf(vehicles) / hours.length;
  // A hundredth of the traffic is less than any count can be trusted to.
  if (mean <= 0 || Math.sqrt(xx / hours.length) < 0.01 * mean) return none(say("traffic.even"));
  if (Math.sqrt(yy / hours.length) < 1e-9 * Math.max(1, Math.abs(hours[0]!.value)))
    return none(say("traffic.constant"));
  const slope = sumOf(x.map((v, i) => v * y[i]!)) / xx;
  const scores = x.map((v, i) => v * (y[i]! - slope * v));
  const lag = Math.ceil(1.3 * Math.sqrt(hours.length));
  const spread = Math.sqrt(longRun(scores, hours, lag)) / xx;
  const width =
    criticalValue(lag / hours.length) *
    spread *
    Math.sqrt(hours.length / (hours.length - new Set(groups).size - others.length - 1));
  return {
    kind: "association",
    hours: hours.length,
    per100: 100 * slope,
    interval: [100 * (slope - width), 100 * (slope + width)],
    correlation: Math.max(-1, Math.min(1, (slope * xx) / Math.sqrt(xx * yy))),
    adjusted: [...names, ...adjusted],
    windKnown: hours.every((h) => h.windSpeed !== undefined),
  };
}

/** Variance of the sum of scores, with falling weights for pairs up to `lag` hours apart; missing hours make no pairs. */
function longRun(scores: readonly number[], hours: readonly HourBeside[], lag: number): number {
  const first = hours[0]!.at;
  const byHour = new Float64Array(Math.round((hours.at(-1)!.at - first) / hour) + 1);
  scores.forEach((score, i) => {
    byHour[Math.round((hours[i]!.at - first) / hour)]! += score;
  });
  let sum = 0;
  for (let l = 0; l <= Math.min(lag, byHour.length - 1); l++) {
    let product = 0;
    for (let i = l; i < byHour.length; i++) product += byHour[i]! * byHour[i - l]!;
    sum += (l === 0 ? 1 : 2 * (1 - l / (lag + 1))) * product;
  }
  return Math.max(0, sum);
}

/** Two-sided 95 % value for falling weights over a share `b` of the hours: Kiefer and Vogelsang 2005, table 1. */
const criticalValue = (b: number): number => 1.96 + 2.9694 * b + 0.416 * b ** 2 - 0.5324 * b ** 3;
