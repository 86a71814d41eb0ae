import { type Flags, fail, good, missing, suspect, unknown } from "./series.ts";

const weightiest = [fail, suspect, good, unknown, missing] as const;

/** One flag for each value from those of all tests: fail before suspect before good before unknown before missing. */
export function aggregate(tests: readonly Flags[], length: number): Flags {
  return Array.from(
    { length },
    (_, i) => weightiest.find((flag) => tests.some((flags) => flags[i] === flag)) ?? missing,
  );
}
