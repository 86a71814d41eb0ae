import type { CountBin } from "@openkerb/contract";

/** Below this a count could point at somebody. */
export const smallest = 10;

/**
 * What the public may see of an hour: sums over a line of ten and more. Anything smaller is given as 0, which to the
 * public means fewer than ten; a line or class with nothing else is left out, so that its being there tells nothing.
 * Zones are left out: how many stand in one place at a time is nearly always a small number.
 */
export function openBin(bin: CountBin): CountBin {
  const lines = bin.lines.map((l) => ({ ...l, in: hidden(l.in), out: hidden(l.out) })).filter((l) => l.in + l.out > 0);
  return { ...bin, lines, zones: [] };
}

const hidden = (n: number): number => (n < smallest ? 0 : n);
