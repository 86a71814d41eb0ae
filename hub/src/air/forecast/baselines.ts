import { hour } from "../timestamp.ts";
import type { Hourly } from "./hourly.ts";

/**
 * What is usual in the month at the hour of the day. Without a whole year (`seasonal` false) months are not told apart,
 * because the next one would be a stranger: then only the first 24 of `usual` are used.
 */
export type Climate = { readonly seasonal: boolean; readonly usual: Float64Array };

const cellOf = (seasonal: boolean, at: number): number => {
  const date = new Date(at);
  return (seasonal ? date.getUTCMonth() : 0) * 24 + date.getUTCHours();
};

export const usualAt = ({ seasonal, usual }: Climate, at: number): number => usual[cellOf(seasonal, at)]!;

/** Learns what is usual from the hours before `before` only. */
export function climateOf({ start, target }: Hourly, before: number): Climate {
  const known = (i: number) => start + i * hour < before && !Number.isNaN(target[i]!);
  const months = new Set<number>();
  for (let i = 0; i < target.length; i++) if (known(i)) months.add(new Date(start + i * hour).getUTCMonth());
  const seasonal = months.size === 12;
  const sums = new Float64Array(288);
  const counts = new Float64Array(288);
  let [sum, count] = [0, 0];
  for (let i = 0; i < target.length; i++) {
    if (!known(i)) continue;
    const c = cellOf(seasonal, start + i * hour);
    sums[c] = sums[c]! + target[i]!;
    counts[c] = counts[c]! + 1;
    sum += target[i]!;
    count++;
  }
  const usual = sums.map((s, c) => (counts[c]! > 0 ? s / counts[c]! : sum / Math.max(1, count)));
  return { seasonal, usual };
}

/**
 * How much of a departure from what is usual is left after so many hours, by least squares on pairs of which both hours
 * lie before `before`.
 */
export function dampingOf({ start, target }: Hourly, climate: Climate, horizon: number, before: number): number {
  let [xy, xx] = [0, 0];
  for (let i = 0; i + horizon < target.length && start + (i + horizon) * hour < before; i++) {
    const now = target[i]! - usualAt(climate, start + i * hour);
    const then = target[i + horizon]! - usualAt(climate, start + (i + horizon) * hour);
    if (Number.isNaN(now) || Number.isNaN(then)) continue;
    xy += now * then;
    xx += now * now;
  }
  return xx === 0 ? 0 : xy / xx;
}

/**
 * Persistence that decays towards what is usual: climate(t+h) + φ·(x(t) − climate(t)). This is what a forecast has to
 * beat before it may be called one.
 */
export function dampedPersistence(
  { start, target }: Hourly,
  climate: Climate,
  damping: number,
  horizon: number,
): Float64Array {
  return target.map((now, i) => {
    const at = start + i * hour;
    return usualAt(climate, at + horizon * hour) + damping * (now - usualAt(climate, at));
  });
}
