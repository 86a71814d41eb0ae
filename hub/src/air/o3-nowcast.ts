import { type Sentence, say } from "@openkerb/contract";
import { leastSquares } from "./least-squares.ts";
import type { NowCast } from "./pm-nowcast.ts";

const windowHours = 336;
const lags = 96;
/** Three quarters of the window. */
const enough = 252;
const longestGap = 7;

type Hours = readonly (number | undefined)[];

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/**
 * Fills a gap with the moving average of imputeTS `na_ma`: four hours to each side, weighted by halves with the
 * distance, and a wider window where fewer than two of them are there.
 */
export function imputed(hours: Hours): number[] {
  return hours.map((value, at) => {
    if (value !== undefined) return value;
    for (let reach = 4; ; reach++) {
      let sum = 0;
      let weights = 0;
      let found = 0;
      for (let i = Math.max(0, at - reach); i <= Math.min(hours.length - 1, at + reach); i++) {
        const near = hours[i];
        if (near === undefined) continue;
        const weight = 0.5 ** Math.abs(i - at);
        sum += weight * near;
        weights += weight;
        found++;
      }
      if (found >= 2 || reach > hours.length) return sum / weights;
    }
  });
}

/** Mean of the eight hours from four before to three after, when at least six of them are there. */
function centredMean(hours: Hours, at: number): number | undefined {
  if (at < 4 || at + 3 >= hours.length) return undefined;
  const there = hours.slice(at - 4, at + 4).filter((v) => v !== undefined);
  return there.length >= 6 ? mean(there) : undefined;
}

/** Partial least squares with all its components is ordinary least squares, so that is what is solved here. */
function regressed(hours: Hours): number | undefined {
  const filled = imputed(hours);
  const rows: number[][] = [];
  const means: number[] = [];
  for (let at = lags - 1; at < hours.length; at++) {
    const eight = centredMean(hours, at);
    if (eight === undefined) continue;
    rows.push([1, ...filled.slice(at - lags + 1, at + 1)]);
    means.push(eight);
  }
  if (means.length < 0.75 * (hours.length - lags + 1)) return undefined;
  const coefficients = leastSquares(rows, means);
  return [1, ...filled.slice(-lags)].reduce((sum, value, i) => sum + value * coefficients[i]!, 0);
}

/** A billionth of a ppb is float noise, and 59.999999999 would be cut off to 59 by the index. */
const value = (raw: number, method: string): NowCast => {
  const exact = Number(raw.toFixed(9));
  return { kind: "value", value: exact, exact, method };
};

/** The line that stands in where the regression has too little to go on. */
function surrogate(hours: Hours, because: Sentence): NowCast {
  for (const [ago, name] of ["this hour", "the hour before", "two hours before"].entries()) {
    const ppb = hours.at(-1 - ago);
    if (ppb !== undefined) return value(0.85 * ppb + 4.5, `surrogate from ${name}: ${because}`);
  }
  return { kind: "none", why: say("nowcast.no-surrogate", { because }) };
}

const gapOf = (hours: Hours): number => {
  let longest = 0;
  let run = 0;
  for (const ppb of hours) {
    run = ppb === undefined ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
};

/**
 * EPA's ozone NowCast from hourly means in ppb, oldest first, as its published code decides (github USEPA/O3-Nowcast;
 * where the white paper prints "longer than 8 hours" the code has more than 7, and the code is what is in use).
 */
export function o3NowCast(all: Hours): NowCast {
  const missing = new Array<undefined>(Math.max(0, windowHours - all.length)).fill(undefined);
  const hours = [...missing, ...all.slice(-windowHours)];
  const there = hours.filter((v) => v !== undefined);
  if (there.length === 0) return { kind: "none", why: say("nowcast.no-hour") };
  if (there.length < enough)
    return surrogate(hours, say("index.hours", { valid: there.length, of: windowHours, needed: enough }));
  if (gapOf(hours) > longestGap) return surrogate(hours, say("nowcast.gap", { hours: longestGap }));
  if (there.every((v) => v === 0)) return value(0, "all hours are zero");
  if (hours.at(-1) === undefined) {
    const back = hours.at(-2) !== undefined ? 1 : hours.at(-3) !== undefined ? 2 : 0;
    if (back === 0) return { kind: "none", why: say("nowcast.none-of-three") };
    const earlier = o3NowCast(all.slice(0, -back));
    return earlier.kind === "none" ? earlier : { ...earlier, method: `NowCast of ${back} h before: ${earlier.method}` };
  }
  const predicted = regressed(hours);
  if (predicted === undefined) return { kind: "none", why: say("nowcast.few-means") };
  return value(Math.max(0, predicted), "regression over 96 hours");
}
