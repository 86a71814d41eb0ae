import { type Flags, fail, good, missing, type Series, suspect } from "./series.ts";

export type Span = readonly [number, number];
const ordered = ([a, b]: Span): Span => (a <= b ? [a, b] : [b, a]);
const outside = (value: number, [low, high]: Span): boolean => value < low || value > high;

/** QARTOD gross range: outside what the sensor can measure fails, outside what is usual is suspect; the ends are inside. */
export function grossRange({ values }: Series, failSpan: Span, suspectSpan?: Span): Flags {
  const [hard, soft] = [ordered(failSpan), suspectSpan && ordered(suspectSpan)];
  if (soft && (soft[0] < hard[0] || soft[1] > hard[1]))
    throw new RangeError("the suspect span must lie within the fail span");
  return values.map((value) => {
    if (value === undefined) return missing;
    if (outside(value, hard)) return fail;
    return soft && outside(value, soft) ? suspect : good;
  });
}
