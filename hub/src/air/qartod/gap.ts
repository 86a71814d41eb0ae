import { above, type Flags, good, type Levels, missing, type Series } from "./series.ts";

/** Gap: how many seconds after the observation before this one came. The first has nothing to be late for. */
export function gap({ values, times }: Series, levels: Levels): Flags {
  return values.map((value, i) =>
    value === undefined ? missing : i === 0 ? good : above((times[i]! - times[i - 1]!) / 1000, levels),
  );
}
