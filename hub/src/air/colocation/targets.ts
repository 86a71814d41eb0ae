import { type Sentence, say } from "@openkerb/contract";
import type { Pollutant } from "../concentration.ts";
import type { Agreement } from "./agreement.ts";

type Range = readonly [number, number];
type Target = {
  readonly slope: Range;
  readonly intercept: Range;
  readonly r2: number;
  readonly rmse: number;
  /** Where EPA lets the error be met in per cent of the mean instead. */
  readonly nrmse?: number;
};

/** EPA performance targets for sensors outdoors (USEPA/sensortoolkit, param/_targets.py); µg/m³, gases ppb, CO ppm. */
export const epaTargets: Readonly<Record<Pollutant, Target>> = {
  pm25: { slope: [0.65, 1.35], intercept: [-5, 5], r2: 0.7, rmse: 7, nrmse: 30 },
  pm10: { slope: [0.65, 1.35], intercept: [-10, 10], r2: 0.7, rmse: 14, nrmse: 30 },
  o3: { slope: [0.8, 1.2], intercept: [-5, 5], r2: 0.8, rmse: 5 },
  no2: { slope: [0.65, 1.35], intercept: [-5, 5], r2: 0.7, rmse: 15 },
  so2: { slope: [0.65, 1.35], intercept: [-5, 5], r2: 0.7, rmse: 15 },
  co: { slope: [0.8, 1.2], intercept: [-0.05, 0.05], r2: 0.8, rmse: 0.15 },
};

export type TargetResult = {
  readonly name: string;
  readonly value: number;
  readonly target: Sentence;
  readonly met: boolean;
};

/** Each target with what was reached, for the report. */
export function againstTargets(pollutant: Pollutant, a: Agreement): TargetResult[] {
  const { slope, intercept, r2, rmse, nrmse } = epaTargets[pollutant];
  const within = (value: number, [low, high]: Range) => value >= low && value <= high;
  const span = ([low, high]: Range) => say("range", { low, high });
  return [
    { name: "slope", value: a.slope, target: span(slope), met: within(a.slope, slope) },
    { name: "intercept", value: a.intercept, target: span(intercept), met: within(a.intercept, intercept) },
    { name: "r2", value: a.r2, target: say("target.at-least", { least: r2 }), met: a.r2 >= r2 },
    {
      name: "rmse",
      value: a.rmse,
      target:
        nrmse === undefined
          ? say("target.at-most", { most: rmse })
          : say("target.at-most-or", { most: rmse, percent: nrmse }),
      met: a.rmse <= rmse || (nrmse !== undefined && a.nrmse <= nrmse),
    },
  ];
}
