import { hour } from "../timestamp.ts";
import { type Climate, climateOf, dampedPersistence, dampingOf } from "./baselines.ts";
import { answersOf, type Boosting, binned, boost, type Cuts, cutsOf, type Tree, usualBoosting } from "./boosting.ts";
import { combiner } from "./combine.ts";
import { knownAt, knownFor } from "./features.ts";
import type { Hourly } from "./hourly.ts";
import { bestWarningLevel } from "./skill.ts";
import { intervals, type Spread, spreadOf } from "./spread.ts";

/** What was learnt for one horizon; plain data, so that it can be kept and sent. */
export type Model = {
  readonly horizon: number;
  /** The end of what it learnt from: no hour from here on was used. */
  readonly until: number;
  readonly event: number;
  readonly climate: Climate;
  readonly damping: number;
  /** The columns beside the target, in their order. */
  readonly beside: readonly string[];
  readonly cuts: Cuts;
  readonly forests: readonly (readonly Tree[])[];
  /** Values below are no values: 0 for what cannot be negative. */
  readonly least: number;
  readonly spread: Spread;
  readonly warnsAbove: number;
  /** What the trees said of the newest hours that they had not learnt from, by hour since 1970. */
  readonly tail: { readonly at: Float64Array; readonly correction: Float64Array };
};

export type Foretold = {
  /** Row of the grid from which on nothing was known. */
  readonly row: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** What damped persistence says. */
  readonly base: number;
  /** The level of warning that could be chosen by then. */
  readonly warnsAbove: number;
};

const folds = 3;
/** Twenty days stay in one fold, so that the hours around a kept one do not give it away. */
const block = 480;
/** Hours that the weights, intervals and levels of warning look back; a good three seasons. */
const lookBack = 270 * 24;
/** The level of warning is chosen anew after so many hours, on a year in which the newer hours count more. */
const levelHolds = 14 * 24;
const levelLooksBack = 8766;
const levelHalfLife = 180 * 24;
const fewestEvents = 60;
/** The level of the last weeks: half of it is from the last ten days. */
const recentForget = Math.exp(-1 / (24 * 14));

/** Mean of the weeks up to each hour, the nearer ones counting more; NaN for the first day. */
function recentLevel(target: Float64Array): Float64Array {
  let [sum, weight] = [0, 0];
  return target.map((value) => {
    sum *= recentForget;
    weight *= recentForget;
    if (!Number.isNaN(value)) {
      sum += value;
      weight += 1;
    }
    return weight >= 24 ? sum / weight : Number.NaN;
  });
}

const numberOf = (at: number): number => Math.round(at / hour);

/** Boosted trees' rows, for learning and for foretelling alike. */
const columnsOf = (hourly: Hourly, climate: Climate, horizon: number, base: Float64Array, shared: Float64Array[]) => [
  ...shared,
  ...knownFor(hourly, climate, horizon),
  base,
];

/**
 * Learns to forecast `target` so many hours ahead from hours before `until`. Boosted trees correct damped persistence,
 * three forests each leaving out a third of the time; what a left-out third shows decides the number of trees, the weights,
 * the level of warning and the intervals.
 */
export function learn(
  hourly: Hourly,
  horizons: readonly number[],
  until: number,
  event: number,
  options: Boosting = usualBoosting,
): Model[] {
  const { start, count, target, beside } = hourly;
  const climate = climateOf(hourly, until);
  const shared = knownAt(hourly, climate);
  const recent = recentLevel(target);
  const at = (i: number) => start + i * hour;
  const all = Int32Array.from({ length: count }, (_, i) => i);
  return horizons.map((horizon): Model => {
    const damping = dampingOf(hourly, climate, horizon, until);
    const base = dampedPersistence(hourly, climate, damping, horizon);
    const columns = columnsOf(hourly, climate, horizon, base, shared);
    const past = all.filter(
      (i) => at(i + horizon) < until && !Number.isNaN(target[i]!) && !Number.isNaN(target[i + horizon] ?? Number.NaN),
    );
    const cuts = cutsOf(columns.map((column) => Float64Array.from(past, (i) => column[i]!)));
    const classes = binned(columns, cuts);
    const wanted = Float64Array.from(target, (_, i) => target[i + horizon]! - base[i]!);
    const fold = (i: number) => Math.floor(i / block) % folds;
    const grown = Array.from({ length: folds }, (_, f) =>
      boost(
        classes,
        wanted,
        past.filter((i) => fold(i) !== f),
        past.filter((i) => fold(i) === f),
        options,
        horizon * 10 + f,
      ),
    );
    const course = grown[0]!.course.map((_, t) => grown.reduce((sum, { course: c }) => sum + c[t]!, 0));
    const used = course.indexOf(Math.min(...course)) + 1;
    const forests = grown.map(({ trees }) => trees.slice(0, used));
    const answers = forests.map((trees) => answersOf(trees, classes, count));
    const correction = Float64Array.from(past, (i) => answers[fold(i)]![i]!);
    const least = past.every((i) => target[i]! >= 0 && target[i + horizon]! >= 0) ? 0 : Number.NEGATIVE_INFINITY;
    const came = Float64Array.from(past, (i) => target[i + horizon]!);
    const combine = combiner(horizon);
    const kept = Float64Array.from(past, (i, k) => {
      const level = Number.isNaN(recent[i]!) ? base[i]! : recent[i]!;
      const voices = { at: i, base: base[i]!, correction: correction[k]!, now: target[i]!, recent: level };
      return Math.max(least, combine(voices, came[k]!));
    });
    const tail = Math.max(0, past.length - lookBack);
    return {
      horizon,
      until,
      event,
      climate,
      damping,
      beside: [...beside.keys()],
      cuts,
      forests,
      least,
      spread: spreadOf(kept, came),
      warnsAbove: bestWarningLevel(kept, came, event),
      tail: {
        at: Float64Array.from(past.subarray(tail), (i) => numberOf(at(i))),
        correction: correction.subarray(tail).slice(),
      },
    };
  });
}

/**
 * Forecasts from every hour of the grid from `from` on that was measured. Each looks at its own hour and those before it
 * only. The grid should reach back as far as the model's tail, from which weights and intervals are taken up.
 */
export function foretell(model: Model, hourly: Hourly, from: number): Foretold[] {
  const { horizon, climate, damping, least, event, tail } = model;
  const { start, count, target } = hourly;
  const missing = new Float64Array(count).fill(Number.NaN);
  const grid = { ...hourly, beside: new Map(model.beside.map((name) => [name, hourly.beside.get(name) ?? missing])) };
  const base = dampedPersistence(grid, climate, damping, horizon);
  const columns = columnsOf(grid, climate, horizon, base, knownAt(grid, climate));
  const classes = binned(columns, model.cuts);
  const answers = model.forests.map((trees) => answersOf(trees, classes, count));
  const recent = recentLevel(target);
  const kept = new Map(Array.from(tail.at, (at, k) => [at, tail.correction[k]!]));
  const first = tail.at[0] ?? numberOf(from);
  const learnt = tail.at.at(-1) ?? Number.NEGATIVE_INFINITY;
  const combine = combiner(horizon);
  const around = intervals(model.spread, horizon);
  const level = levelOf(model);
  const out: Foretold[] = [];
  for (let i = 0; i < count; i++) {
    const number = numberOf(start + i * hour);
    if (Number.isNaN(target[i]!) || number < first) continue;
    const known = kept.get(number);
    // An hour the trees have learnt from, and that is not among those kept apart, would flatter them.
    if (known === undefined && number <= learnt) continue;
    const came = target[i + horizon] ?? Number.NaN;
    const correction = known ?? answers.reduce((sum, a) => sum + a[i]!, 0) / answers.length;
    const voices = {
      at: i,
      base: base[i]!,
      correction,
      now: target[i]!,
      recent: Number.isNaN(recent[i]!) ? base[i]! : recent[i]!,
    };
    const value = Math.max(least, combine(voices, came));
    const [low, high] = around(i, value, came);
    const warnsAbove = level(i, value, came);
    if (start + i * hour < from) continue;
    out.push({ row: i, value, low: Math.max(least, low), high: Math.max(least, high), base: base[i]!, warnsAbove });
  }
  return out;

  /** The level of warning, chosen anew now and then on what has come by then. */
  function levelOf({ warnsAbove }: Model): (at: number, value: number, truth: number) => number {
    const said: number[] = [];
    const truths: number[] = [];
    const ats: number[] = [];
    let chosen = warnsAbove;
    let since = 0;
    return (at, value, truth) => {
      if (++since > levelHolds) {
        since = 0;
        const end = ats.findLastIndex((t) => t + horizon <= at) + 1;
        const begin = Math.max(0, end - levelLooksBack);
        const known = truths.slice(begin, end);
        if (known.filter((v) => v > event).length >= fewestEvents)
          chosen = bestWarningLevel(said.slice(begin, end), known, event, levelHalfLife);
      }
      if (!Number.isNaN(truth)) {
        ats.push(at);
        said.push(value);
        truths.push(truth);
      }
      return chosen;
    };
  }
}
