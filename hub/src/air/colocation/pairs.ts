import { hour } from "../timestamp.ts";

export type Reading = { readonly at: number; readonly value: number | undefined };
/** Sensor and reference over the same time; `at` is its start. */
export type Pair = { readonly at: number; readonly sensor: number; readonly reference: number };

const minute = 60_000;

/** The usual step of a series in milliseconds, rounded to the whole minute. */
export function stepOf(readings: readonly Reading[]): number {
  const steps = readings.slice(1).flatMap(({ at }, i) => (at > readings[i]!.at ? [at - readings[i]!.at] : []));
  if (steps.length === 0) return minute;
  steps.sort((a, b) => a - b);
  return Math.max(minute, Math.round(steps[steps.length >> 1]! / minute) * minute);
}

/**
 * Readings in order of time, each time once. A row that was written twice counts once; times that came with different
 * values, as the hour does that a clock without a zone runs through twice in autumn, are nobody's: they are left out and
 * named in `unclear`.
 */
export function eachOnce(readings: readonly Reading[]): { readings: Reading[]; unclear: number[] } {
  const byTime = new Map<number, number | undefined>();
  const unclear = new Set<number>();
  for (const { at, value } of readings) {
    const before = byTime.get(at);
    if (before !== undefined && value !== undefined && before !== value) unclear.add(at);
    byTime.set(at, before ?? value);
  }
  const once = [...byTime].flatMap(([at, value]): Reading[] => (unclear.has(at) ? [] : [{ at, value }]));
  return { readings: once.sort((a, b) => a.at - b.at), unclear: [...unclear].sort((a, b) => a - b) };
}

/** Means over clock spans of `span` ms; three quarters of the span must be covered by valid readings. */
export function meansOver(readings: readonly Reading[], span: number): Map<number, number> {
  const step = Math.min(stepOf(readings), span);
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { at, value } of readings) {
    if (value === undefined) continue;
    const start = Math.floor(at / span) * span;
    const now = sums.get(start) ?? { sum: 0, count: 0 };
    sums.set(start, { sum: now.sum + value, count: now.count + 1 });
  }
  const means = new Map<number, number>();
  for (const [start, { sum, count }] of sums) if (count * step >= 0.75 * span) means.set(start, sum / count);
  return means;
}

/** Both series brought to the slower one's span (an hour, when neither is slower than one) and paired by its start. */
export function pairsOf(sensor: readonly Reading[], reference: readonly Reading[]): { span: number; pairs: Pair[] } {
  const span = Math.max(stepOf(sensor), stepOf(reference), hour);
  const [own, true_] = [meansOver(sensor, span), meansOver(reference, span)];
  const pairs = [...own].flatMap(([at, value]) => {
    const other = true_.get(at);
    return other === undefined ? [] : [{ at, sensor: value, reference: other }];
  });
  return { span, pairs: pairs.sort((a, b) => a.at - b.at) };
}
