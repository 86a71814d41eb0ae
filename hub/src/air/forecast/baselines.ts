import { hour } from "../timestamp.ts";
import type { Hourly } from "./hourly.ts";

/** What is usual in the month at the hour of the day, learnt from the hours before `before` only. */
export type Climate = {
  (at: number): number;
  /** Whether a whole year was seen; if not, months are not told apart, because the next one would be a stranger. */
  readonly seasonal: boolean;
};

export function climateOf({ start, target }: Hourly, before: number): Climate {
  const known = (i: number) => start + i * hour < before && !Number.isNaN(target[i]!);
  const months = new Set<number>();
  for (let i = 0; i < target.length; i++) if (known(i)) months.add(new Date(start + i * hour).getUTCMonth());
  const seasonal = months.size === 12;
  const cell = (at: number): number => (seasonal ? new Date(at).getUTCMonth() : 0) * 24 + new Date(at).getUTCHours();
  const sums = new Float64Array(288);
  const counts = new Float64Array(288);
  let [sum, count] = [0, 0];
  for (let i = 0; i < target.length; i++) {
    if (!known(i)) continue;
    const c = cell(start + i * hour);
    sums[c] = sums[c]! + target[i]!;
    counts[c] = counts[c]! + 1;
    sum += target[i]!;
    count++;
  }
  const usual = (at: number) => {
    const c = cell(at);
    return counts[c]! > 0 ? sums[c]! / counts[c]! : sum / Math.max(1, count);
  };
  return Object.assign(usual, { seasonal });
}

/**
 * Persistence that decays towards what is usual: climate(t+h) + φ·(x(t) − climate(t)), φ by least squares on pairs of
 * which both hours lie before `before`. This is what a forecast has to beat before it may be called one.
 */
export function dampedPersistence(
  hourly: Hourly,
  climate: Climate,
  horizon: number,
  before: number,
): (i: number) => number {
  const { start, target } = hourly;
  let [xy, xx] = [0, 0];
  for (let i = 0; i + horizon < target.length && start + (i + horizon) * hour < before; i++) {
    const now = target[i]! - climate(start + i * hour);
    const then = target[i + horizon]! - climate(start + (i + horizon) * hour);
    if (Number.isNaN(now) || Number.isNaN(then)) continue;
    xy += now * then;
    xx += now * now;
  }
  const phi = xx === 0 ? 0 : xy / xx;
  return (i) => climate(start + (i + horizon) * hour) + phi * (target[i]! - climate(start + i * hour));
}
