import { above, type Column, type Flags, type Levels, median, missing, type Series, unknown } from "./series.ts";

/**
 * Drift: the median difference to a reference over a trailing window, against that of the first full window. Slow, so
 * that weather does not pass for drift; unknown until a window is half full.
 */
export function drift(
  { values, times }: Series,
  reference: Column,
  window: number,
  levels: Levels & { readonly least?: number | undefined },
): Flags {
  const least = levels.least ?? 12;
  let from = 0;
  let first: number | undefined;
  return values.map((value, i) => {
    while (times[from]! <= times[i]! - window * 1000) from++;
    const apart: number[] = [];
    for (let j = from; j <= i; j++)
      if (values[j] !== undefined && reference[j] !== undefined) apart.push(values[j]! - reference[j]!);
    const now = apart.length >= least ? median(apart) : undefined;
    const full = times[i]! - times[0]! >= window * 1000;
    if (full && now !== undefined) first ??= now;
    if (value === undefined) return missing;
    return now === undefined || first === undefined ? unknown : above(Math.abs(now - first), levels);
  });
}
