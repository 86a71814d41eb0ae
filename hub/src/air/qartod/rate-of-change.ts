import { above, type Flags, good, type Levels, missing, type Series } from "./series.ts";

/** QARTOD rate of change: the step from the value before, per second. Nothing to compare with counts as good. */
export function rateOfChange({ values, times }: Series, levels: Levels): Flags {
  return values.map((value, i) => {
    if (value === undefined) return missing;
    const before = values[i - 1];
    const seconds = Math.trunc((times[i]! - times[i - 1]!) / 1000);
    return before === undefined || !(seconds > 0) ? good : above(Math.abs(value - before) / seconds, levels);
  });
}
