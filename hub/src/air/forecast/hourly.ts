import { hour } from "../timestamp.ts";

/** Columns on an unbroken grid of hours; a missing value is NaN. */
export type Hourly = {
  readonly start: number;
  readonly count: number;
  readonly target: Float64Array;
  readonly beside: ReadonlyMap<string, Float64Array>;
};

export type HourlyRow = {
  readonly at: number;
  readonly target: number;
  readonly beside: Readonly<Record<string, number>>;
};

/** Lays rows out by their hour, so that a left-out hour becomes a missing one. */
export function hourlyOf(rows: readonly HourlyRow[]): Hourly {
  const start = rows.reduce((first, { at }) => Math.min(first, at), Number.POSITIVE_INFINITY);
  const end = rows.reduce((last, { at }) => Math.max(last, at), Number.NEGATIVE_INFINITY);
  const count = rows.length === 0 ? 0 : Math.round((end - start) / hour) + 1;
  const blank = () => new Float64Array(count).fill(Number.NaN);
  const target = blank();
  const beside = new Map(Object.keys(rows[0]?.beside ?? {}).map((name) => [name, blank()]));
  for (const row of rows) {
    const i = Math.round((row.at - start) / hour);
    target[i] = row.target;
    for (const [name, column] of beside) column[i] = row.beside[name]!;
  }
  return { start, count, target, beside };
}
