import { hour } from "../timestamp.ts";
import { type Climate, usualAt } from "./baselines.ts";
import type { Columns } from "./boosting.ts";
import type { Hourly } from "./hourly.ts";

const turn = 2 * Math.PI;

/** Mean of the last so many hours up to and with each hour; NaN where less than half of them are there. */
function trailingMean(values: Float64Array, hours: number): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  let [sum, count] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i]!)) {
      sum += values[i]!;
      count++;
    }
    const gone = values[i - hours];
    if (gone !== undefined && !Number.isNaN(gone)) {
      sum -= gone;
      count--;
    }
    if (count * 2 >= hours) out[i] = sum / count;
  }
  return out;
}

const shifted = (values: Float64Array, hours: number): Float64Array =>
  Float64Array.from(values, (_, i) => values[i - hours] ?? Number.NaN);
const apart = (a: Float64Array, b: Float64Array): Float64Array => Float64Array.from(a, (v, i) => v - b[i]!);
const extreme = (values: Float64Array, hours: number, pick: (...v: number[]) => number): Float64Array =>
  Float64Array.from(values, (_, i) => {
    const seen = Array.from(values.subarray(Math.max(0, i - hours + 1), i + 1)).filter((v) => !Number.isNaN(v));
    return seen.length * 2 >= hours ? pick(...seen) : Number.NaN;
  });

/** What is the same for every horizon: everything known at an hour about that hour and those before it. */
export function knownAt({ start, target, beside }: Hourly, climate: Climate): Float64Array[] {
  const lags = [1, 2, 3, 6, 12, 24, 48].map((h) => shifted(target, h));
  const means = [3, 6, 12, 24, 72].map((h) => trailingMean(target, h));
  const columns = [
    target,
    ...lags,
    ...means,
    apart(target, lags[0]!),
    apart(target, lags[2]!),
    apart(target, lags[3]!),
    apart(means[1]!, means[3]!),
    extreme(target, 24, Math.max),
    extreme(target, 24, Math.min),
    Float64Array.from(target, (_, i) => usualAt(climate, start + i * hour)),
  ];
  for (const values of beside.values()) {
    columns.push(
      values,
      apart(values, shifted(values, 3)),
      apart(values, shifted(values, 12)),
      trailingMean(values, 24),
    );
  }
  return columns;
}

/** What also depends on the hour that is forecast: its clock, season and usual value, and the same hour of days before. */
export function knownFor({ start, target }: Hourly, climate: Climate, horizon: number): Columns {
  const then = (i: number) => new Date(start + (i + horizon) * hour);
  const days = Math.ceil(horizon / 24) * 24 - horizon;
  const column = (of: (i: number) => number) => Float64Array.from(target, (_, i) => of(i));
  const season = (i: number) => (turn * (start + (i + horizon) * hour)) / (365.2425 * 24 * hour);
  return [
    column((i) => usualAt(climate, +then(i))),
    column((i) => then(i).getUTCHours()),
    ...(climate.seasonal ? [column((i) => Math.cos(season(i))), column((i) => Math.sin(season(i)))] : []),
    column((i) => then(i).getUTCDay()),
    shifted(target, days),
    shifted(target, days + 24),
  ];
}
