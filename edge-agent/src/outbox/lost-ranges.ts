import type { Lost } from "./outbox.ts";

/** A lost range and, once it is said, the number of the item that says it. */
export type LostRange = Lost & { readonly told?: number };

/**
 * Adds a range to those not yet acked. Where the report of an earlier range is itself among what is lost now, that
 * range has to be told again; ranges that touch become one, so that an outbox that stays full tells one growing story.
 */
export function rememberLost(ranges: readonly LostRange[], lost: Lost): readonly LostRange[] {
  const open = ranges.map((range): LostRange => {
    const { told, ...untold } = range;
    return told !== undefined && covers(lost, told) ? untold : range;
  });
  const last = open.findLast((range) => range.told === undefined && touches(range, lost));
  if (!last) return [...open, lost];
  return open.map((range) => (range === last ? join(range, lost) : range));
}

/** What is still to be told once everything up to `upTo` is acked. */
export const forgetTold = (ranges: readonly LostRange[], upTo: number): readonly LostRange[] =>
  ranges.filter(({ told }) => told === undefined || told > upTo);

/** The parts of `from`..`to` that neither `kept` holds nor a range (all of the same epoch) accounts for. */
export function unaccounted(
  from: number,
  to: number,
  kept: Iterable<number>,
  ranges: readonly LostRange[],
): readonly (readonly [from: number, to: number])[] {
  const known = [
    ...[...kept].map((at) => [at, at] as const),
    ...ranges.map((range) => [range.from, range.to ?? range.from - 1] as const),
  ].sort(([a], [b]) => a - b);
  const holes: [number, number][] = [];
  let at = from;
  for (const [first, last] of known) {
    if (first > to) break;
    if (first > at) holes.push([at, first - 1]);
    at = Math.max(at, last + 1);
  }
  if (at <= to) holes.push([at, to]);
  return holes;
}

// A range without an end is of an earlier epoch; reports are numbered in this one.
const covers = (lost: Lost, at: number): boolean => lost.to !== undefined && lost.from <= at && at <= lost.to;

const touches = (a: Lost, b: Lost): boolean =>
  a.epoch === b.epoch &&
  a.why === b.why &&
  a.to !== undefined &&
  b.to !== undefined &&
  b.from <= a.to + 1 &&
  a.from <= b.to + 1;

const join = (a: Lost, b: Lost): Lost => ({
  ...a,
  from: Math.min(a.from, b.from),
  to: Math.max(a.to ?? 0, b.to ?? 0),
});
