import { shingles } from "./shingles.ts";
import { sortedWindow } from "./sorted-window.ts";
import { tailOf } from "./tail.ts";

/** Scores one observation after another: 0 nothing unusual, towards 1 the more unlikely it is. */
export type AnomalyDetector = (at: number, value: number | undefined) => number;

const halfHour = 1_800_000;
const slotsOfDay = 48;
/** Values of a slot before its baseline says anything. */
const settled = 6;
/** A baseline forgets at this rate once it has settled, so that a new level becomes usual within weeks. */
const forget = 0.05;
/** Decades of surprise from which on an observation begins an event. */
const event = 3.5;
/** The score from which on an observation begins an event. */
export const eventScore = event / (event + 4);
/** Observations after the beginning of an event that belong to it and are not announced again. */
const usualRest = 110;

/** No quantity of this world is larger; squares of it still fit a float. */
const huge = 1e60;

/** Mean of the last so many numbers. */
function meanOfLast(count: number): (value: number) => number {
  const ring = new Float64Array(count);
  let n = 0;
  let sum = 0;
  return (value) => {
    const at = n % count;
    sum += value - (n < count ? 0 : ring[at]!);
    ring[at] = value;
    n++;
    // Adding and taking away leaves crumbs behind; a fresh sum now and then clears them.
    if (at === count - 1) sum = ring.reduce((a, b) => a + b, 0);
    return sum / Math.min(n, count);
  };
}

/** What a value is apart from the usual one of its half hour of the day. */
function fromBaseline(): (at: number, value: number) => number | undefined {
  const mean = new Float64Array(slotsOfDay);
  const seen = new Float64Array(slotsOfDay);
  return (at, value) => {
    // Also before 1970.
    const slot = ((Math.floor(at / halfHour) % slotsOfDay) + slotsOfDay) % slotsOfDay;
    const apart = seen[slot]! < settled ? undefined : value - mean[slot]!;
    seen[slot]!++;
    mean[slot]! += Math.max(forget, 1 / seen[slot]!) * (value - mean[slot]!);
    return apart;
  };
}

/**
 * A streaming detector without parameters. Four views of the newest value each ask how rare their number was so far: the
 * course of the last hours against all courses seen, the distance from the baseline of the half hour of the day, the same
 * over the last twelve values, and how far the nearest values seen lie away. Surprise is counted in decades of tail
 * probability, added as lengths at right angles, so that two views that agree outweigh one. One pass, no look-ahead, and
 * some 100 kB of memory however long the series. After an event it is silent for `rest` observations; with 0 each one is
 * scored for itself.
 */
export function anomalyDetector({ rest = usualRest }: { rest?: number } = {}): AnomalyDetector {
  const course = shingles();
  const baseline = fromBaseline();
  const lately = meanOfLast(12);
  const lonely = meanOfLast(4);
  const seen = sortedWindow(2000);
  const tails = { course: tailOf(), apart: tailOf(), drifted: tailOf(), rare: tailOf() };
  let quiet = 0;
  return (at, given) => {
    if (given === undefined) return 0;
    const value = Math.min(huge, Math.max(-huge, given));
    const strange = course(value);
    const apart = baseline(at, value);
    const reach = seen.size() > 100 ? seen.reach(value, 15) : 0;
    seen.add(value);
    const surprise = Math.hypot(
      strange === undefined ? 0 : tails.course(strange),
      apart === undefined ? 0 : tails.apart(Math.abs(apart)),
      apart === undefined ? 0 : tails.drifted(Math.abs(lately(apart))),
      tails.rare(lonely(reach)),
    );
    if (quiet > 0) {
      quiet--;
      return 0;
    }
    if (surprise >= event) quiet = Math.max(0, rest - 1);
    // Never reaches 1, so that of two rare things the rarer one is still told apart.
    return Math.min(surprise / (surprise + 4), 1 - 1e-9);
  };
}
