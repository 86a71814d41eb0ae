import type { Pair } from "./pairs.ts";

/** How a sensor agrees with its reference. Slope and intercept as EPA states them: sensor over reference. */
export type Agreement = {
  readonly n: number;
  readonly slope: number;
  readonly intercept: number;
  readonly r2: number;
  readonly rmse: number;
  /** RMSE in per cent of the reference's mean. */
  readonly nrmse: number;
  readonly mae: number;
  readonly bias: number;
  /** Share of values within a factor of two. */
  readonly fac2: number;
};

const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Ordinary least squares of one variable, with the share of variance it explains. */
export function line(x: readonly number[], y: readonly number[]): { slope: number; intercept: number; r2: number } {
  const [mx, my] = [meanOf(x), meanOf(y)];
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const [i, xi] of x.entries()) {
    xx += (xi - mx) ** 2;
    xy += (xi - mx) * (y[i]! - my);
    yy += (y[i]! - my) ** 2;
  }
  const slope = xx === 0 ? 0 : xy / xx;
  return { slope, intercept: my - slope * mx, r2: xx === 0 || yy === 0 ? 0 : Math.min(1, xy ** 2 / (xx * yy)) };
}

export const rmseOf = (errors: readonly number[]): number => Math.sqrt(meanOf(errors.map((e) => e ** 2)));

export function agreementOf(pairs: readonly Pair[]): Agreement | undefined {
  if (pairs.length < 2) return undefined;
  const [x, y] = [pairs.map((p) => p.reference), pairs.map((p) => p.sensor)];
  const errors = pairs.map(({ sensor, reference }) => sensor - reference);
  const rmse = rmseOf(errors);
  return {
    n: pairs.length,
    ...line(x, y),
    rmse,
    nrmse: (100 * rmse) / Math.abs(meanOf(x)),
    mae: meanOf(errors.map(Math.abs)),
    bias: meanOf(errors),
    fac2: meanOf(pairs.map(({ sensor, reference }) => (sensor >= reference / 2 && sensor <= 2 * reference ? 1 : 0))),
  };
}

/** Coefficient of variation and standard deviation among sensors of one kind beside each other, over shared times. */
export function precisionOf(
  sensors: readonly ReadonlyMap<number, number>[],
): { sd: number; cv: number; n: number } | undefined {
  const [first, ...others] = sensors;
  if (!first || others.length === 0) return undefined;
  const shared = [...first.keys()].filter((at) => others.every((other) => other.has(at)));
  if (shared.length === 0) return undefined;
  const groups = shared.map((at) => sensors.map((sensor) => sensor.get(at)!));
  const variance = meanOf(groups.map((g) => g.reduce((sum, v) => sum + (v - meanOf(g)) ** 2, 0) / (g.length - 1)));
  return { sd: Math.sqrt(variance), cv: (100 * Math.sqrt(variance)) / meanOf(groups.flat()), n: shared.length };
}
