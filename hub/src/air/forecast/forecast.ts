import { hour } from "../timestamp.ts";
import { climateOf, dampedPersistence } from "./baselines.ts";
import { type Boosting, binned, boost, cutsOf, usualBoosting } from "./boosting.ts";
import { knownAt, knownFor } from "./features.ts";
import type { Hourly } from "./hourly.ts";
import { bestWarningLevel, meanSquare, skill, type Warnings, warningsOf } from "./skill.ts";

export type HorizonReport = {
  readonly horizon: number;
  readonly n: number;
  readonly rmse: number;
  readonly rmsePersistence: number;
  readonly rmseDampedPersistence: number;
  /** MSE skill over each of the two. */
  readonly skillOverPersistence: number;
  readonly skillOverDampedPersistence: number;
  readonly event: number;
  /** The forecast value from which on a warning is given, chosen on the time before the test. */
  readonly warnsAbove: number;
  readonly warnings: Warnings;
  readonly warningsOfPersistence: Warnings;
  /** The interval that should hold 90 % of what comes, and how often it did. */
  readonly interval: { readonly nominal: 0.9; readonly coverage: number; readonly meanWidth: number };
  /** A warning whose skill is not positive is not issued. */
  readonly issued: boolean;
};

export type HourForecast = {
  readonly at: number;
  readonly forAt: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
};
export type HorizonResult = { readonly report: HorizonReport; readonly forecasts: readonly HourForecast[] };

const folds = 3;
/** Twenty days stay in one fold, so that the hours around a kept one do not give it away. */
const block = 480;

/** Where 5 % and 95 % of the errors lie, by the size of the forecast: bad days are hard to tell. */
function spreadOf(said: ArrayLike<number>, came: ArrayLike<number>): (value: number) => readonly [number, number] {
  const order = Array.from({ length: came.length }, (_, i) => i).sort((a, b) => said[a]! - said[b]!);
  const groups = Math.max(1, Math.min(12, Math.floor(order.length / 200)));
  const parts = Array.from({ length: groups }, (_, g) => {
    const part = order.slice(Math.floor((g * order.length) / groups), Math.floor(((g + 1) * order.length) / groups));
    const errors = part.map((i) => came[i]! - said[i]!).sort((a, b) => a - b);
    const at = (share: number) =>
      errors[Math.min(errors.length - 1, Math.max(0, Math.round(share * (errors.length - 1))))] ?? 0;
    return { upTo: said[part.at(-1) ?? 0] ?? Number.POSITIVE_INFINITY, errors: [at(0.05), at(0.95)] as const };
  });
  return (value) => (parts.find(({ upTo }) => value <= upTo) ?? parts.at(-1)!).errors;
}

/**
 * Forecasts `target` so many hours ahead from `testFrom` on and holds them against what came. Everything that is learnt
 * (climate, damping, trees, warning level, intervals) comes from hours before `testFrom`; each forecast then looks at its
 * own hour and those before it. Boosted trees correct damped persistence, three models each leaving out a third of the
 * time; what a left-out third shows decides the number of trees, the warning level and the intervals.
 */
export function forecast(
  hourly: Hourly,
  horizons: readonly number[],
  testFrom: number,
  event: number,
  options: Boosting = usualBoosting,
): HorizonResult[] {
  const { start, count, target } = hourly;
  const climate = climateOf(hourly, testFrom);
  const shared = knownAt(hourly, climate);
  const at = (i: number) => start + i * hour;
  return horizons.map((horizon) => {
    const damped = dampedPersistence(hourly, climate, horizon, testFrom);
    const base = Float64Array.from(target, (_, i) => damped(i));
    const columns = [...shared, ...knownFor(hourly, climate, horizon), base];
    const known = (i: number) =>
      !Number.isNaN(target[i]!) && i + horizon < count && !Number.isNaN(target[i + horizon]!);
    const all = Int32Array.from({ length: count }, (_, i) => i);
    const past = all.filter((i) => known(i) && at(i + horizon) < testFrom);
    const test = all.filter((i) => known(i) && at(i) >= testFrom);
    const cuts = cutsOf(columns.map((column) => Float64Array.from(past, (i) => column[i]!)));
    const classes = binned(columns, cuts);
    const wanted = Float64Array.from(target, (_, i) => target[i + horizon]! - base[i]!);
    const fold = (i: number) => Math.floor(i / block) % folds;
    const models = Array.from({ length: folds }, (_, f) =>
      boost(
        classes,
        wanted,
        past.filter((i) => fold(i) !== f),
        past.filter((i) => fold(i) === f),
        options,
        horizon * 10 + f,
      ),
    );
    const course = models[0]!.course.map((_, t) => models.reduce((sum, { course: c }) => sum + c[t]!, 0));
    const trees = course.indexOf(Math.min(...course)) + 1;
    const answers = models.map((model) => model.predict(classes, count, trees));
    // A concentration is not negative, and a forecast of one gains nothing by being so.
    const own = (i: number, correction: number) => Math.max(0, base[i]! + correction);
    const kept = Float64Array.from(past, (i) => own(i, answers[fold(i)]![i]!));
    const keptCame = Float64Array.from(past, (i) => target[i + horizon]!);
    const said = Float64Array.from(test, (i) => own(i, answers.reduce((sum, a) => sum + a[i]!, 0) / folds));
    const came = Float64Array.from(test, (i) => target[i + horizon]!);
    const spread = spreadOf(kept, keptCame);
    const forecasts = Array.from(test, (i, k): HourForecast => {
      const value = said[k]!;
      const [low, high] = spread(value);
      return {
        at: at(i),
        forAt: at(i + horizon),
        value,
        low: Math.max(0, value + low),
        high: Math.max(0, value + high),
      };
    });
    const inside = forecasts.filter(({ low, high }, k) => came[k]! >= low && came[k]! <= high).length;
    const persistence = Float64Array.from(test, (i) => target[i]!);
    const mse = meanSquare(said, came);
    const [mseP, mseD] = [
      meanSquare(persistence, came),
      meanSquare(
        Float64Array.from(test, (i) => base[i]!),
        came,
      ),
    ];
    const warnsAbove = bestWarningLevel(kept, keptCame, event);
    const skillOverDampedPersistence = skill(mse, mseD);
    return {
      forecasts,
      report: {
        horizon,
        n: test.length,
        rmse: Math.sqrt(mse),
        rmsePersistence: Math.sqrt(mseP),
        rmseDampedPersistence: Math.sqrt(mseD),
        skillOverPersistence: skill(mse, mseP),
        skillOverDampedPersistence,
        event,
        warnsAbove,
        warnings: warningsOf(said, came, warnsAbove, event),
        warningsOfPersistence: warningsOf(persistence, came, event, event),
        interval: {
          nominal: 0.9,
          coverage: test.length === 0 ? Number.NaN : inside / test.length,
          meanWidth: forecasts.reduce((sum, { low, high }) => sum + high - low, 0) / Math.max(1, test.length),
        },
        issued: skillOverDampedPersistence > 0,
      },
    };
  });
}
