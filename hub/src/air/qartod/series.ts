import type { QualityFlag } from "@openkerb/contract";

/** What a test looks at: values in time order, with the depth and any further columns that came beside them. */
export type Series = {
  /** Milliseconds, as many as values or more; tests that need no time ignore them. */
  readonly times: readonly number[];
  readonly values: readonly (number | undefined)[];
  readonly depths?: readonly (number | undefined)[];
  readonly beside?: Readonly<Record<string, readonly (number | undefined)[]>>;
};
export type Flags = QualityFlag[];
/** Values of another station, channel or instrument at the same times. */
export type Column = readonly (number | undefined)[];

export const good = 1;
export const unknown = 2;
export const suspect = 3;
export const fail = 4;
export const missing = 9;

/** Thresholds in the unit of the values; one that is absent never flags. */
export type Levels = { readonly suspect?: number | undefined; readonly fail?: number | undefined };

/** The flag of a size that should stay small. */
export const above = (size: number, levels: Levels): QualityFlag =>
  levels.fail !== undefined && size > levels.fail
    ? fail
    : levels.suspect !== undefined && size > levels.suspect
      ? suspect
      : good;

export const median = (values: readonly number[]): number => {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/** The usual distance of two observations, in whole seconds: the median of all. */
export function interval(times: readonly number[]): number {
  if (times.length < 2) return 0;
  return Math.trunc(median(times.slice(1).map((at, i) => at - times[i]!)) / 1000);
}
