import { above, type Column, type Flags, good, type Levels, median, missing, type Series, unknown } from "./series.ts";

/**
 * Neighbours: how far a value lies from the median of other stations at the same time. With `relative` a difference also
 * has to exceed that part of the median, so that a clean day is not flagged for its small numbers.
 */
export function neighbours(
  { values }: Series,
  others: readonly Column[],
  levels: Levels & { readonly relative?: number | undefined; readonly least?: number | undefined },
): Flags {
  return values.map((value, i) => {
    if (value === undefined) return missing;
    const seen = others.flatMap((other) => (other[i] === undefined ? [] : [other[i]]));
    if (seen.length < (levels.least ?? 2)) return unknown;
    const usual = median(seen);
    const apart = Math.abs(value - usual);
    return levels.relative !== undefined && apart <= levels.relative * Math.abs(usual) ? good : above(apart, levels);
  });
}
