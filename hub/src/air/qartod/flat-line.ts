import { type Flags, fail, good, interval, missing, type Series, suspect } from "./series.ts";

/**
 * QARTOD flat line: values that stay within a tolerance for longer than so many seconds. Both spans count as whole
 * numbers of the usual interval; missing values within the span are passed over.
 */
export function flatLine(
  { values, times }: Series,
  seconds: { readonly suspect: number; readonly fail: number },
  tolerance = 0,
): Flags {
  const flags: Flags = values.map((value) => (value === undefined ? missing : good));
  const step = interval(times);
  if (values.length < 3 || step <= 0) return flags;
  const steps = (span: number) => Math.trunc(Math.trunc(span) / step);
  for (const [count, flag] of [
    [steps(seconds.suspect), suspect],
    [steps(seconds.fail), fail],
  ] as const) {
    const highest = trailing(values, count, (a, b) => a >= b);
    const lowest = trailing(values, count, (a, b) => a <= b);
    for (let at = 0; at < values.length; at++) {
      const [high, low] = [highest(at), lowest(at)];
      if (at >= count && values[at] !== undefined && high! - low! < tolerance) flags[at] = flag;
    }
  }
  return flags;
}

/** The extreme of each value and the `count` before it, asked for in order; every value is looked at a few times only. */
function trailing(
  values: readonly (number | undefined)[],
  count: number,
  beats: (a: number, b: number) => boolean,
): (at: number) => number | undefined {
  const best: number[] = [];
  let first = 0;
  return (at) => {
    const value = values[at];
    if (value !== undefined) {
      while (best.length > first && beats(value, values[best.at(-1)!]!)) best.pop();
      best.push(at);
    }
    while (first < best.length && best[first]! < at - count) first++;
    return values[best[first] ?? -1];
  };
}
