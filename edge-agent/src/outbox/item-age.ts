import type { Instant } from "@openkerb/contract";

/** A wall clock that gains more than this on one nobody can set was set, milliseconds. */
const leap = 3_600_000;

/**
 * Which items are too old, by a clock that may leap. A box without a battery for its clock starts in the past and is
 * set right by the network, weeks ahead perhaps; what it saw a minute before is then not weeks old.
 */
export type ItemAge = {
  /**
   * The number up to which everything is too old, if anything is. `first` is the number of the oldest item, `next` the
   * one that the next item will get; `lastBefore` gives the highest number below the first item kept at that time or
   * later.
   */
  tooOld(
    at: Instant,
    numbers: { readonly first: number | undefined; readonly next: number },
    lastBefore: (since: number) => number | undefined,
  ): number | undefined;
};

/** @param age milliseconds; what is older is given up */
export function itemAge(age: number, now: () => Instant, steady: () => number): ItemAge {
  let seen = { wall: now(), steady: steady() };
  /** What was kept before this number bears times of before the leaps, which gained so much. */
  let leapt = { before: 0, by: 0 };
  return {
    tooOld(at, { first, next }, lastBefore) {
      const here = { wall: at, steady: steady() };
      const gained = here.wall - seen.wall - (here.steady - seen.steady);
      if (gained > leap) leapt = { before: next, by: leapt.by + gained };
      seen = here;
      // Nothing is left of what was kept before.
      if (first === undefined || first >= leapt.before) leapt = { before: 0, by: 0 };
      if (leapt.by === 0) return lastBefore(at - age);
      const old = lastBefore(at - age - leapt.by);
      return (old ?? 0) < leapt.before - 1 ? old : lastBefore(at - age);
    },
  };
}
