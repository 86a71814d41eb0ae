import { type Flags, fail, good, missing, type Series, suspect } from "./series.ts";

/** Warm-up: values within so many seconds after a silence of more than `silence` seconds come from a cold sensor. */
export function warmUp(
  { values, times }: Series,
  seconds: number,
  silence: number,
  {
    atStart = false,
    fails = false,
  }: { readonly atStart?: boolean | undefined; readonly fails?: boolean | undefined } = {},
): Flags {
  let woke = atStart ? times[0]! : Number.NEGATIVE_INFINITY;
  return values.map((value, i) => {
    if (i > 0 && times[i]! - times[i - 1]! > silence * 1000) woke = times[i]!;
    if (value === undefined) return missing;
    return times[i]! - woke < seconds * 1000 ? (fails ? fail : suspect) : good;
  });
}
