import { type Sentence, say } from "@openkerb/contract";
import { line, rmseOf } from "./agreement.ts";
import type { Pair } from "./pairs.ts";

export type Interval = readonly [low: number, high: number];

/** Reference = gain · sensor + offset, fitted on the first part of the time and judged on the rest. */
export type Calibration = {
  readonly gain: number;
  readonly offset: number;
  readonly gainInterval: Interval;
  readonly offsetInterval: Interval;
  readonly fitted: { readonly n: number; readonly from: number; readonly to: number; readonly r2: number };
  readonly judged: {
    readonly n: number;
    readonly from: number;
    readonly to: number;
    readonly r2: number;
    readonly rmseBefore: number;
    readonly rmseAfter: number;
    /** What always saying the fitted part's mean would give: a calibration that is no better knows nothing. */
    readonly rmseOfMean: number;
  };
};

export type Verdict =
  | { readonly kind: "accepted"; readonly calibration: Calibration }
  | { readonly kind: "refused"; readonly why: readonly Sentence[]; readonly calibration?: Calibration };

/** Fewer pairs than this in either part say nothing about a sensor. */
const leastPairs = 48;
const leastR2 = 0.7;

/**
 * 95 % intervals of a line's two numbers that hold although neighbouring hours are alike: Newey and West's estimate with
 * Bartlett weights over a day of lags. The usual intervals would be several times too narrow.
 */
function intervals(
  x: readonly number[],
  y: readonly number[],
  fit: { slope: number; intercept: number },
  lags: number,
): { slope: Interval; intercept: Interval } {
  const n = x.length;
  const mx = x.reduce((a, b) => a + b, 0) / n;
  const xx = x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
  const error = x.map((v, i) => y[i]! - fit.intercept - fit.slope * v);
  // How much each observation moves the slope and the intercept, per unit of its error.
  const onSlope = x.map((v, i) => ((v - mx) / xx) * error[i]!);
  const onIntercept = x.map((v, i) => (1 / n - (mx * (v - mx)) / xx) * error[i]!);
  const half = (scores: readonly number[]): number => {
    let variance = 0;
    for (let lag = 0; lag <= Math.min(lags, n - 1); lag++) {
      let sum = 0;
      for (let i = lag; i < n; i++) sum += scores[i]! * scores[i - lag]!;
      variance += (lag === 0 ? 1 : 2) * (1 - lag / (lags + 1)) * sum;
    }
    return 1.96 * Math.sqrt((Math.max(variance, 0) * n) / (n - 2));
  };
  const around = (value: number, by: number): Interval => [value - by, value + by];
  return { slope: around(fit.slope, half(onSlope)), intercept: around(fit.intercept, half(onIntercept)) };
}

/** Fits on the first half of the pairs and judges on the second; refuses what carries no information, with the reasons. */
export function calibrate(pairs: readonly Pair[], lags = 24): Verdict {
  const middle = pairs.length >> 1;
  const [first, second] = [pairs.slice(0, middle), pairs.slice(middle)];
  if (first.length < leastPairs)
    return { kind: "refused", why: [say("colocation.few-pairs", { pairs: pairs.length, needed: 2 * leastPairs })] };
  const [x, y] = [first.map((p) => p.sensor), first.map((p) => p.reference)];
  // Nothing can be fitted to a sensor that always says the same, and nothing would be known of how far off that is.
  if (x.every((value) => value === x[0])) return { kind: "refused", why: [say("traffic.constant")] };
  const fit = line(x, y);
  const own = intervals(x, y, fit, lags);
  const mean = y.reduce((a, b) => a + b, 0) / y.length;
  const errors = (said: (pair: Pair) => number) => rmseOf(second.map((p) => said(p) - p.reference));
  const part = (p: readonly Pair[]) => ({ n: p.length, from: p[0]!.at, to: p.at(-1)!.at });
  const calibration: Calibration = {
    gain: fit.slope,
    offset: fit.intercept,
    gainInterval: own.slope,
    offsetInterval: own.intercept,
    fitted: { ...part(first), r2: fit.r2 },
    judged: {
      ...part(second),
      r2: line(
        second.map((p) => p.sensor),
        second.map((p) => p.reference),
      ).r2,
      rmseBefore: errors((p) => p.sensor),
      rmseAfter: errors((p) => fit.slope * p.sensor + fit.intercept),
      rmseOfMean: errors(() => mean),
    },
  };
  const why = reasonsAgainst(calibration);
  return why.length === 0 ? { kind: "accepted", calibration } : { kind: "refused", why, calibration };
}

function reasonsAgainst({ gain, gainInterval, fitted, judged }: Calibration): Sentence[] {
  const why: Sentence[] = [];
  const two = (n: number) => n.toFixed(2);
  if (fitted.r2 < leastR2) why.push(say("colocation.r2-fitted", { r2: two(fitted.r2), least: leastR2 }));
  if (judged.r2 < leastR2) why.push(say("colocation.r2-judged", { r2: two(judged.r2), least: leastR2 }));
  if (gainInterval[0] <= 0 && gainInterval[1] >= 0)
    why.push(say("colocation.no-gain", { low: two(gainInterval[0]), high: two(gainInterval[1]) }));
  else if (gain < 0) why.push(say("colocation.negative-gain", { gain: two(gain) }));
  if (judged.rmseAfter >= judged.rmseOfMean) why.push(say("colocation.no-better"));
  return why;
}

/** The correlation at shifts of so many spans: a better one elsewhere than at 0 is a clock or time zone mistake. */
export function bestLag(
  pairs: readonly Pair[],
  span: number,
  reach = 12,
): { lag: number; r2: number; r2AtZero: number } {
  const reference = new Map(pairs.map((p) => [p.at, p.reference]));
  const at = (lag: number) => {
    const shifted = pairs.filter((p) => reference.has(p.at + lag * span));
    return shifted.length < leastPairs
      ? 0
      : line(
          shifted.map((p) => p.sensor),
          shifted.map((p) => reference.get(p.at + lag * span)!),
        ).r2;
  };
  const r2AtZero = at(0);
  let best = { lag: 0, r2: r2AtZero };
  for (let lag = -reach; lag <= reach; lag++) {
    const r2 = at(lag);
    if (r2 > best.r2) best = { lag, r2 };
  }
  return { ...best, r2AtZero };
}
