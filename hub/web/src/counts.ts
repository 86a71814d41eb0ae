import { type CountBin, type Instant, type LineId, type RoadClass, roadClasses } from "@openkerb/contract";
import type { Street } from "./street.ts";

const minute = 60_000;
const hour = 60 * minute;
/** Time a finished minute is given to arrive before its absence is called unwatched. */
const grace = 90_000;
/** A minute may still arrive this long after its hour is over; until then the hour is read in minutes. */
const settling = 10 * minute;

export type InOut = { readonly in: number; readonly out: number };
/** Steps per line and class. */
export type Tally = ReadonlyMap<LineId, ReadonlyMap<RoadClass, InOut>>;

/**
 * One count of a bin. The hub's minute and the crossings heard live tell of the same steps, one late, one early:
 * the larger has seen more of them, and neither is ever counted on top of the other.
 */
const counted = (bin: CountBin | undefined, street: Street, line: LineId, cls: RoadClass, from: number): InOut => {
  const said = bin?.lines.find((l) => l.line === line && l.class === cls);
  return {
    in: Math.max(said?.in ?? 0, street.crossings(line, cls, "in", from)),
    out: Math.max(said?.out ?? 0, street.crossings(line, cls, "out", from)),
  };
};

/** Where hours end and minutes begin when today is added up at `now`. */
export const cutAt = (now: number): Instant => (now - settling - ((now - settling) % hour)) as Instant;

/** Everything that crossed since `since`: whole hours before the cut, minutes and what was heard live after it. */
export function tally(given: {
  readonly since: number;
  readonly cut: number;
  readonly hours: readonly CountBin[];
  readonly minutes: readonly CountBin[];
  readonly street: Street;
}): Tally {
  const { since, cut, street } = given;
  const all = new Map<LineId, Map<RoadClass, InOut>>();
  const add = (line: LineId, cls: RoadClass, n: InOut): void => {
    const classes = all.get(line) ?? new Map<RoadClass, InOut>();
    const was = classes.get(cls) ?? { in: 0, out: 0 };
    all.set(line, classes.set(cls, { in: was.in + n.in, out: was.out + n.out }));
  };
  for (const bin of given.hours) {
    if (bin.from >= since && bin.from < cut) for (const l of bin.lines) add(l.line, l.class, l);
  }
  const from = Math.max(since, cut);
  const done = new Set<string>();
  for (const bin of given.minutes) {
    if (bin.from < from) continue;
    for (const l of bin.lines) {
      add(l.line, l.class, counted(bin, street, l.line, l.class, bin.from));
      done.add(`${bin.from} ${l.line} ${l.class}`);
    }
  }
  for (const { line, class: cls, minutes } of street.heard(from)) {
    for (const at of minutes) {
      if (!done.has(`${at} ${line} ${cls}`)) add(line, cls, counted(undefined, street, line, cls, at));
    }
  }
  return all;
}

/** The classes of a line that have been counted, in the contract's order. */
export const classesOf = (
  of: ReadonlyMap<RoadClass, InOut> | undefined,
): { class: RoadClass; in: number; out: number }[] =>
  roadClasses.flatMap((cls) => {
    const n = of?.get(cls);
    return n && n.in + n.out > 0 ? [{ class: cls, ...n }] : [];
  });

export const sumOf = (of: ReadonlyMap<RoadClass, InOut> | undefined): InOut =>
  classesOf(of).reduce((sum, n) => ({ in: sum.in + n.in, out: sum.out + n.out }), { in: 0, out: 0 });

/** Counts over time, ready to draw. A null is a gap: nobody watched, which is not the same as nobody came. */
export type Series = {
  readonly span: number;
  readonly at: readonly number[];
  readonly in: readonly (number | null)[];
  readonly out: readonly (number | null)[];
  /** Part of each bin that was watched; null while the bin is not over or has not arrived yet. */
  readonly watched: readonly (number | null)[];
};

/** One line's counts from `from` up to `to`, one bin each `bin` milliseconds; live crossings fill the youngest minutes. */
export function series(given: {
  readonly bins: readonly CountBin[];
  readonly street: Street;
  readonly line: LineId;
  readonly only?: RoadClass | undefined;
  readonly from: number;
  readonly to: number;
  readonly span: number;
  readonly now: number;
}): Series {
  const { line, only, span, now, street } = given;
  const byStart = new Map(given.bins.map((b) => [b.from as number, b]));
  const out: { at: number[]; in: (number | null)[]; out: (number | null)[]; watched: (number | null)[] } = {
    at: [],
    in: [],
    out: [],
    watched: [],
  };
  const classes = only ? [only] : roadClasses;
  for (let at = given.from - (given.from % span); at < given.to; at += span) {
    const bin = byStart.get(at);
    let sum: InOut = { in: 0, out: 0 };
    for (const cls of classes) {
      // Only minutes are mixed with live steps; hours of the past are the hub's own sums.
      const n = span === minute ? counted(bin, street, line, cls, at) : hourOf(bin, line, cls);
      sum = { in: sum.in + n.in, out: sum.out + n.out };
    }
    const pending = at + span + grace > now;
    const seen = sum.in + sum.out > 0;
    const blind = !pending && !seen && (bin?.watched ?? 0) === 0;
    out.at.push(at);
    out.in.push(blind ? null : sum.in);
    out.out.push(blind ? null : sum.out);
    out.watched.push(pending ? null : (bin?.watched ?? 0));
  }
  return { span, ...out };
}

const hourOf = (bin: CountBin | undefined, line: LineId, cls: RoadClass): InOut =>
  bin?.lines.find((l) => l.line === line && l.class === cls) ?? { in: 0, out: 0 };

/** The share of a time that was watched, over the bins that are over. Undefined when there is none. */
export function watchedShare(bins: readonly CountBin[], from: number, to: number): number | undefined {
  if (bins.length === 0 || to <= from) return undefined;
  let watched = 0;
  for (const b of bins) {
    const overlap = Math.min(to, b.from + b.span) - Math.max(from, b.from);
    if (overlap > 0) watched += (b.watched * Math.min(b.span, overlap)) / (to - from);
  }
  return Math.min(1, watched);
}

/**
 * The stretch a chart shows of the time from `from` to `to`. A place that was first watched in the midst of it begins
 * one bin earlier and leaves room to grow, at least `narrowest`, instead of showing a day of nothing.
 */
export function stretch(given: {
  readonly bins: readonly CountBin[];
  readonly from: number;
  readonly to: number;
  readonly span: number;
  readonly narrowest: number;
}): { readonly from: number; readonly to: number } {
  const { from, to, span, narrowest } = given;
  const first = given.bins.find((b) => b.watched > 0 && b.from + b.span > from)?.from ?? to - span;
  const begin = Math.max(from, first - span);
  return { from: begin - (begin % span), to: Math.max(to, begin + narrowest) };
}

/** Midnight of the day `now` lies in, where the reader is. */
export const midnight = (now: number): number => new Date(now).setHours(0, 0, 0, 0);
