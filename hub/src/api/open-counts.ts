import { type CountBin, floorTo, hours, type Instant, type LineId, minutes } from "@openkerb/contract";

/**
 * Below this a count could point at somebody. Larger ones are given in whole steps of it: a minute that comes in days
 * late moves an hour that was told before, and the exact difference would tell what came in that minute.
 */
export const smallest = 10;

/** Boxes send a minute when it is over, and a little later when the line was busy. */
const settling = minutes(15);

/**
 * Up to when the public is told of hours. An hour that still grows would tell by each change what came in one minute,
 * however large its sum is.
 */
export const openUntil = (now: Instant): Instant => floorTo(Math.max(0, now - settling) as Instant, hours(1));

/**
 * What the public may see of an hour: sums over a line in whole tens, rounded down. 0 means fewer than ten; a line or class with nothing else is left out, so that its being there tells nothing.
 * A line that the place does not name is left out as well: its id would be whatever a box chose to say in public.
 * Zones are left out: how many stand in one place at a time is nearly always a small number.
 */
export function openBin(bin: CountBin, named: ReadonlySet<LineId>): CountBin {
  const own = bin.lines.filter((l) => named.has(l.line));
  const lines = own.map((l) => ({ ...l, in: inTens(l.in), out: inTens(l.out) })).filter((l) => l.in + l.out > 0);
  return { ...bin, lines, zones: [] };
}

const inTens = (n: number): number => Math.floor(n / smallest) * smallest;
