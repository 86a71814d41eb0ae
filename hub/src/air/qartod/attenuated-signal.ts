import { type Flags, fail, good, interval, missing, type Series, suspect, unknown } from "./series.ts";

export type Attenuation = {
  readonly suspect: number;
  readonly fail: number;
  /** Seconds of a trailing window; absent judges the whole series at once. */
  readonly period?: number | undefined;
  /** A window needs so many observations, or so many seconds of them, before it is judged. */
  readonly minObservations?: number | undefined;
  readonly minPeriod?: number | undefined;
  readonly check?: "std" | "range" | undefined;
};

const spread = (values: readonly number[], check: "std" | "range", sample: 0 | 1): number | undefined => {
  if (values.length === 0) return undefined;
  if (check === "range") return Math.max(...values) - Math.min(...values);
  if (values.length <= sample) return undefined;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - sample));
};

/**
 * QARTOD attenuated signal: a spread too small to be alive, as standard deviation or range, over the whole series
 * (population deviation) or over a trailing window that leaves out its far end (sample deviation).
 */
export function attenuatedSignal({ values, times }: Series, rule: Attenuation): Flags {
  const check = rule.check ?? "std";
  const whole = rule.period
    ? undefined
    : spread(
        values.filter((v) => v !== undefined),
        check,
        0,
      );
  const step = interval(times);
  const least = rule.minObservations ?? (rule.minPeriod === undefined ? 1 : Math.trunc(rule.minPeriod / (step || 1)));
  let from = 0;
  return values.map((value, at) => {
    let size = whole;
    if (rule.period) {
      while (times[from]! <= times[at]! - rule.period * 1000) from++;
      const window = values.slice(from, at + 1);
      const seen = window.filter((v) => v !== undefined);
      // A range over a hole is unknown, because the missing value may have been the highest or the lowest.
      const holed = check === "range" && seen.length < window.length;
      size = seen.length < least || holed ? undefined : spread(seen, check, 1);
    }
    if (value === undefined) return missing;
    if (size === undefined) return unknown;
    return size < rule.fail ? fail : size < rule.suspect ? suspect : good;
  });
}
