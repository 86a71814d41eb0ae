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
    for (let at = count; at < values.length; at++) {
      if (values[at] === undefined) continue;
      const seen = values.slice(at - count, at + 1).filter((v) => v !== undefined);
      if (Math.max(...seen) - Math.min(...seen) < tolerance) flags[at] = flag;
    }
  }
  return flags;
}
