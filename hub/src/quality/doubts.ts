import type { QualityFlag } from "@openkerb/contract";
import { attenuatedSignal } from "../air/qartod/attenuated-signal.ts";
import type { Flags, Series } from "../air/qartod/series.ts";
import { type QualityTestName, qualityTests } from "../air/qartod/tests.ts";
import { type MetricTests, never } from "./settings.ts";

/** A reading as the tests see it; `quality` is the device's own flag. */
export type TestReading = {
  readonly at: number;
  readonly value: number;
  readonly quality: QualityFlag;
  readonly averaging: number;
};
export type TestVerdict = { readonly test: string; readonly flag: QualityFlag; readonly readings: number };
/** Readings of one hour, one after the other, that were given the same flag. */
export type Doubt = {
  readonly start: number;
  /** Not included. */
  readonly stop: number;
  readonly flag: QualityFlag;
  readonly readings: number;
  readonly tests: readonly TestVerdict[];
};
/** What was found about a whole hour, by comparing its mean with others. */
export type HourVerdict = { readonly test: string; readonly flag: QualityFlag };

const hour = 3_600_000;
const minute = 60_000;
const floorMinute = (at: number): number => at - (at % minute);
/** The next reading after an hour tells whether its last one was a spike. */
export const lookAhead = hour / 6;

type Args = { readonly suspect_threshold?: number; readonly fail_threshold?: number };
/** How much before an hour its tests must see, milliseconds. */
export function lookBack({ readings, attenuated }: MetricTests): number {
  const flat = readings.flat_line_test as Args | undefined;
  const thresholds = [flat?.suspect_threshold ?? 0, flat?.fail_threshold ?? 0].filter((t) => t < never * 3600);
  const seconds = Math.max(3600, ...thresholds);
  return Math.max(seconds * 1000 + hour, (attenuated?.hours ?? 0) * hour);
}

/**
 * Tests hours that follow one another. `window` holds their readings and those from `lookBack` before them to
 * `lookAhead` after, by time; `before` is when there was a reading last before the window, for the gap.
 */
export function doubtsOf(
  window: readonly TestReading[],
  hours: readonly number[],
  tests: MetricTests,
  {
    scale,
    before,
    verdicts,
    cuts,
  }: {
    readonly scale: number;
    readonly before: number | undefined;
    readonly verdicts: ReadonlyMap<number, readonly HourVerdict[]>;
    /** Times at which a stretch must end, because something was decided there before. */
    readonly cuts: readonly number[];
  },
): Map<number, Doubt[]> {
  // What the device itself calls bad says nothing about its neighbours in time.
  const known = window.map((r) => (r.quality === 4 || r.quality === 9 ? undefined : r.value * scale));
  const lead = before === undefined ? 0 : 1;
  const series: Series = {
    times: [...(before === undefined ? [] : [before]), ...window.map((r) => r.at)],
    values: [...(before === undefined ? [] : [undefined]), ...known],
  };
  const ran = Object.entries(tests.readings).map(([name, args]) => {
    const test = qualityTests[name as QualityTestName].parse(args);
    const said = name.replace(/_test$/, "");
    // What stands still for how long is counted in the usual step of what the test is shown: shown more or less of the
    // hours around, it would say another thing of the same hour.
    return name === "flat_line_test"
      ? { said, of: ownWindow(window, known, test, lookBack(tests)) }
      : { said, of: whole(test(series), lead) };
  });
  const found = new Map<number, Doubt[]>();
  for (const start of hours) {
    const first = lowerBound(window, start);
    const end = lowerBound(window, start + hour);
    const ofHour = [...(verdicts.get(start) ?? []), ...attenuation(window, known, start, end, tests)];
    const flags = ran.map(({ said, of }): [string, Flags] => [said, of(start, first, end)]);
    const spoken = window.slice(first, end).map((reading, i) => {
      const said: [string, QualityFlag][] = flags.flatMap(([name, of]) => {
        const flag = of[i]!;
        return flag === 3 || flag === 4 ? [[name, flag] as [string, QualityFlag]] : [];
      });
      if (reading.quality === 4) said.push(["device", 4]);
      else if (reading.quality !== 9) for (const { test, flag } of ofHour) said.push([test, flag]);
      return { reading, said };
    });
    found.set(start, stretches(spoken, [...cuts, start + hour]));
  }
  return found;
}

/** The flags of an hour's readings, those from `first` to before `end` of the window. */
type OfHour = (start: number, first: number, end: number) => Flags;

const whole =
  (flags: Flags, lead: number): OfHour =>
  (_, first, end) =>
    flags.slice(first + lead, end + lead);

/** A test that is shown each hour with so much before it, and nothing else. */
const ownWindow =
  (
    window: readonly TestReading[],
    known: readonly (number | undefined)[],
    test: (series: Series) => Flags,
    back: number,
  ): OfHour =>
  (start, first, end) => {
    const from = lowerBound(window, start - back);
    const times = window.slice(from, end).map((r) => r.at);
    return test({ times, values: known.slice(from, end) }).slice(first - from);
  };

/** The spread of the hours up to the end of this one, when most of their time has readings. */
function attenuation(
  window: readonly TestReading[],
  known: readonly (number | undefined)[],
  start: number,
  end: number,
  { attenuated }: MetricTests,
): HourVerdict[] {
  if (!attenuated) return [];
  const from = lowerBound(window, start + hour - attenuated.hours * hour);
  const values = known.slice(from, end);
  const seen = new Set(window.slice(from, end).map((r) => Math.floor(r.at / hour)));
  if (seen.size < attenuated.hours || values.filter((v) => v !== undefined).length < 3) return [];
  const flag = attenuatedSignal({ times: [], values }, attenuated).find((f) => f !== 9);
  return flag === 3 || flag === 4 ? [{ test: "attenuated_signal", flag }] : [];
}

type Spoken = { readonly reading: TestReading; readonly said: readonly (readonly [string, QualityFlag])[] };

/**
 * Readings with the same flag one after the other become one stretch. Those of one moment share the worst flag, and so
 * do all within a minute where they come faster: a minute is the least that is judged.
 */
function stretches(spoken: readonly Spoken[], cuts: readonly number[]): Doubt[] {
  const cutAfter = (at: number): number => Math.min(...cuts.filter((cut) => cut > at));
  const cutBefore = (at: number): number => Math.max(0, ...cuts.filter((cut) => cut <= at));
  const moments: { at: number; until: number; flag: QualityFlag; spoken: Spoken[] }[] = [];
  for (const one of spoken) {
    const flag = one.said.reduce<QualityFlag>((worst, [, f]) => (f > worst ? f : worst), 1);
    const { averaging } = one.reading;
    const fast = averaging < minute;
    const at = fast ? Math.max(cutBefore(one.reading.at), floorMinute(one.reading.at)) : one.reading.at;
    const last = moments.at(-1);
    if (last && last.at >= at) {
      last.spoken.push(one);
      if (flag > last.flag) last.flag = flag;
      continue;
    }
    if (last) last.until = Math.min(last.until, at);
    moments.push({
      at,
      until: Math.min(cutAfter(at), fast ? floorMinute(at) + minute : at + averaging),
      flag,
      spoken: [one],
    });
  }
  const out: Doubt[] = [];
  let group: typeof moments = [];
  const close = (): void => {
    const [first, last] = [group[0], group.at(-1)];
    if (first && last && first.flag > 1) {
      const all = group.flatMap((m) => m.spoken);
      out.push({
        start: first.at,
        stop: last.until,
        flag: first.flag,
        readings: all.length,
        tests: tally(all.flatMap((s) => s.said.map(([test, flag]) => ({ test, flag, readings: 1 })))),
      });
    }
    group = [];
  };
  for (const moment of moments) {
    if (group[0] && (group[0].flag !== moment.flag || cutAfter(group[0].at) <= moment.at)) close();
    group.push(moment);
  }
  close();
  return out;
}

/** One line for each test: its worst flag, and how many readings it spoke of. */
export function tally(verdicts: readonly TestVerdict[]): TestVerdict[] {
  const sum = new Map<string, TestVerdict>();
  for (const { test, flag, readings } of verdicts) {
    const before = sum.get(test);
    const worst = before && before.flag > flag ? before.flag : flag;
    sum.set(test, { test, flag: worst, readings: readings + (before?.readings ?? 0) });
  }
  return [...sum.values()].sort((a, b) => b.flag - a.flag || b.readings - a.readings || (a.test < b.test ? -1 : 1));
}

function lowerBound(window: readonly TestReading[], at: number): number {
  let low = 0;
  let high = window.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (window[middle]!.at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
