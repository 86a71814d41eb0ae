import { day, hour } from "../timestamp.ts";
import { type Boosting, usualBoosting } from "./boosting.ts";
import { type Hourly, hoursSince } from "./hourly.ts";
import { foretell, learn } from "./model.ts";
import { meanSquare, skill, type Warnings, warningsOf } from "./skill.ts";

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
  /** The forecast value from which on a warning is given, chosen on what had come by then; the last of them. */
  readonly warnsAbove: number;
  readonly warnings: Warnings;
  readonly warningsOfPersistence: Warnings;
  /** The interval that should hold 90 % of what comes, and how often it did. */
  readonly interval: { readonly nominal: 0.9; readonly coverage: number; readonly meanWidth: number };
  /** A warning whose skill is not positive is not issued. */
  readonly issued: boolean;
};

/** Older hours say little of the present one, and learning must not take longer each year. */
const longestMemory = 5 * 366 * day;

export type HourForecast = {
  readonly at: number;
  readonly forAt: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
};
export type HorizonResult = { readonly report: HorizonReport; readonly forecasts: readonly HourForecast[] };

/**
 * Forecasts `target` so many hours ahead from `testFrom` on and holds them against what came. Climate, damping and trees
 * come from the five years before `testFrom`; each forecast then looks at its own hour and those before it, also for how the parts
 * are put together and from which level on it warns.
 */
export function forecast(
  all: Hourly,
  horizons: readonly number[],
  testFrom: number,
  event: number,
  options: Boosting = usualBoosting,
): HorizonResult[] {
  const hourly = hoursSince(all, testFrom - longestMemory);
  const { start, target } = hourly;
  const at = (i: number) => start + i * hour;
  return horizons.map((horizon) => {
    const model = learn(hourly, [horizon], testFrom, event, options)[0]!;
    const told = foretell(model, hourly, testFrom).filter(
      ({ row }) => !Number.isNaN(target[row + horizon] ?? Number.NaN),
    );
    const came = told.map(({ row }) => target[row + horizon]!);
    const now = told.map(({ row }) => target[row]!);
    const mse = meanSquare(
      told.map(({ value }) => value),
      came,
    );
    const [persistence, damped] = [
      meanSquare(now, came),
      meanSquare(
        told.map(({ base }) => base),
        came,
      ),
    ];
    const skillOverPersistence = skill(mse, persistence);
    const skillOverDampedPersistence = skill(mse, damped);
    const inside = told.filter(({ low, high }, k) => came[k]! >= low && came[k]! <= high).length;
    return {
      forecasts: told.map(({ row, value, low, high }) => ({ at: at(row), forAt: at(row + horizon), value, low, high })),
      report: {
        horizon,
        n: told.length,
        rmse: Math.sqrt(mse),
        rmsePersistence: Math.sqrt(persistence),
        rmseDampedPersistence: Math.sqrt(damped),
        skillOverPersistence,
        skillOverDampedPersistence,
        event,
        warnsAbove: told.at(-1)?.warnsAbove ?? model.warnsAbove,
        warnings: warningsOf(
          told.map(({ value, warnsAbove }) => value > warnsAbove),
          came,
          event,
        ),
        warningsOfPersistence: warningsOf(
          now.map((v) => v > event),
          came,
          event,
        ),
        interval: {
          nominal: 0.9,
          coverage: told.length === 0 ? Number.NaN : inside / told.length,
          meanWidth: told.reduce((sum, { low, high }) => sum + high - low, 0) / Math.max(1, told.length),
        },
        issued: skillOverDampedPersistence > 0 && skillOverPersistence > 0,
      },
    };
  });
}
