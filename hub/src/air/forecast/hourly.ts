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

/** Half a century: more is a wrong date. */
const mostHours = 50 * 8766;

/**
 * Lays rows out by their hour in whatever order they come, so that a left-out hour becomes a missing one. Rows that
 * share an hour (minutes, a doubled row, the hour that summer time has twice) are averaged.
 * @throws RangeError when the rows lie more than fifty years apart
 */
export function hourlyOf(rows: readonly HourlyRow[]): Hourly {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { at } of rows) {
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  // Hourly rows are laid out around the minute they are stamped at, wherever it lies; finer ones by the clock's hour.
  const hourly = usualStep(rows) > 0.75 * hour;
  const start = hourly ? first : Math.floor(first / hour) * hour;
  const slot = (at: number) => Math.floor((at - start) / hour + (hourly ? 0.5 : 0));
  const count = rows.length === 0 ? 0 : slot(last) + 1;
  if (count > mostHours) throw new RangeError("the rows lie more than fifty years apart");
  const column = (of: (row: HourlyRow) => number) => {
    const sums = new Float64Array(count);
    const seen = new Uint32Array(count);
    for (const row of rows) {
      const value = of(row);
      if (Number.isNaN(value)) continue;
      const i = slot(row.at);
      sums[i] = sums[i]! + value;
      seen[i] = seen[i]! + 1;
    }
    return sums.map((sum, i) => (seen[i] === 0 ? Number.NaN : sum / seen[i]!));
  };
  const names = Object.keys(rows[0]?.beside ?? {});
  return {
    start,
    count,
    target: column((row) => row.target),
    beside: new Map(names.map((name) => [name, column((row) => row.beside[name] ?? Number.NaN)])),
  };
}

/** The same grid without the hours before `from`. */
export function hoursSince(hourly: Hourly, from: number): Hourly {
  const gone = Math.min(hourly.count, Math.max(0, Math.ceil((from - hourly.start) / hour)));
  if (gone === 0) return hourly;
  return {
    start: hourly.start + gone * hour,
    count: hourly.count - gone,
    target: hourly.target.subarray(gone),
    beside: new Map([...hourly.beside].map(([name, column]) => [name, column.subarray(gone)])),
  };
}

/** Half of the steps from one row's time to the next later one are no longer than this. */
function usualStep(rows: readonly HourlyRow[]): number {
  const times = Float64Array.from(rows, ({ at }) => at).sort();
  const steps = times.subarray(1).map((at, i) => at - times[i]!);
  const later = steps.filter((step) => step > 0).sort();
  return later[Math.floor(later.length / 2)] ?? hour;
}
