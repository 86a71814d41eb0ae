import { above, type Flags, type Levels, missing, type Series, unknown } from "./series.ts";

/**
 * QARTOD spike: how far a value lies from the mean of its neighbours (`average`), or, where it turns round between them,
 * the smaller of the two steps (`differential`). Undefined at the ends and beside a missing value.
 */
export function spike({ values }: Series, levels: Levels, method: "average" | "differential" = "average"): Flags {
  return values.map((value, i) => {
    if (value === undefined) return missing;
    const [before, after] = [values[i - 1], values[i + 1]];
    if (before === undefined || after === undefined) return unknown;
    if (method === "average") return above(Math.abs(value - (before + after) / 2), levels);
    const [up, down] = [value - before, after - value];
    return above(up * down < 0 ? Math.min(Math.abs(up), Math.abs(down)) : 0, levels);
  });
}
