import { eventScore } from "./detector.ts";

/** An hour of a channel with its mean and how unusual it was. */
export type ScoredHour = {
  readonly at: number;
  readonly value: number | undefined;
  readonly score: number | undefined;
};

/** A run of unusual hours; `to` is the start of its last hour, `peak` its most unusual one. */
export type Stretch = {
  readonly from: number;
  readonly to: number;
  readonly peak: ScoredHour & { readonly score: number };
};

const hour = 3_600_000;
/** Unusual hours this near to one another are one thing to look at. */
const together = 6 * hour;

/** Hours that begin an event with those near to them, oldest first. `hours` are in order. */
export function stretchesOf(hours: readonly ScoredHour[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { at, value, score } of hours) {
    if (score === undefined || score < eventScore) continue;
    const last = stretches.at(-1);
    const here = { at, value, score };
    if (!last || at - last.to > together) stretches.push({ from: at, to: at, peak: here });
    else
      stretches[stretches.length - 1] = { from: last.from, to: at, peak: score > last.peak.score ? here : last.peak };
  }
  return stretches;
}

/** Between which values eight of ten such hours lay, and how many were looked at. */
export type Usual = { readonly low: number; readonly high: number; readonly hours: number; readonly weekday: boolean };

/** Hours of the same weekday before a range of their own says anything; with fewer, all days are taken together. */
const fewest = 8;

/** Values of hours by their start. */
type Values = ReadonlyMap<number, number | undefined>;

/**
 * What is usual at the hour of day and weekday of `at`, from the 13 weeks before it. A spread of eight weeks of one
 * weekday says more than one of all days, because a Sunday is not a Monday.
 */
function usualAt(values: Values, at: number): Usual | undefined {
  const every = (days: number) =>
    Array.from({ length: Math.floor(91 / days) }, (_, k) => values.get(at - (k + 1) * days * 24 * hour)).filter(
      (v) => v !== undefined,
    );
  const sameDay = every(7);
  const own = sameDay.length >= fewest ? sameDay : every(1);
  if (own.length < fewest) return undefined;
  const sorted = own.sort((a, b) => a - b);
  const place = (share: number) => {
    const x = share * (sorted.length - 1);
    const below = Math.floor(x);
    return sorted[below]! + (x - below) * ((sorted[below + 1] ?? sorted[below]!) - sorted[below]!);
  };
  return { low: place(0.1), high: place(0.9), hours: own.length, weekday: own === sameDay };
}

/** Whether a value lies clearly out of the usual range: one hour in five lies a little beside it. */
export function isOut(value: number | undefined, usual: Usual | undefined): boolean {
  if (value === undefined || usual === undefined) return false;
  const margin = (usual.high - usual.low) / 4 + 0.05 * Math.abs(usual.high);
  return value < usual.low - margin || value > usual.high + margin;
}

/**
 * The part of a stretch whose values were out of the usual themselves, with what is usual at its peak. The hours after an
 * unusual one are scored high as well, because the course that leads up to them is; nobody needs to be shown those. Where
 * the peak itself is a usual value, the course is all there is, and the stretch stays as it is.
 */
export function narrowed(
  stretch: Stretch,
  values: Values,
): { readonly stretch: Stretch; readonly usual: Usual | undefined } {
  const usual = usualAt(values, stretch.peak.at);
  if (!isOut(stretch.peak.value, usual)) return { stretch, usual };
  const out: number[] = [];
  for (let at = stretch.from; at <= stretch.to; at += hour)
    if (isOut(values.get(at), usualAt(values, at))) out.push(at);
  const near = runAround(out, stretch.peak.at);
  return { stretch: { ...stretch, from: near[0] ?? stretch.peak.at, to: near.at(-1) ?? stretch.peak.at }, usual };
}

/** Of hours in order, those that hang together with the one given, a gap of an hour allowed. */
function runAround(ats: readonly number[], peak: number): number[] {
  const middle = ats.indexOf(peak);
  let [from, to] = [middle, middle];
  while (from > 0 && ats[from]! - ats[from - 1]! <= 2 * hour) from--;
  while (to < ats.length - 1 && ats[to + 1]! - ats[to]! <= 2 * hour) to++;
  return ats.slice(from, to + 1);
}
