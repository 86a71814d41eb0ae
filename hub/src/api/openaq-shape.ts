import type { Metric, Unit } from "@openkerb/contract";
import { z } from "zod";
import { percentileBetween } from "../air/percentile.ts";
import type { Channel, ReadingBin } from "../store/reading-queries.ts";
import { definitions } from "./sta/vocabulary.ts";

const Moment = z.strictObject({ utc: z.string(), local: z.string() });
const known = z.number().nullable();

/** One hour as OpenAQ v3 gives it. */
export const hourShape = z.strictObject({
  value: known,
  flagInfo: z.strictObject({ hasFlags: z.boolean() }),
  parameter: z.strictObject({ id: z.int(), name: z.string(), units: z.string(), displayName: z.string() }),
  period: z.strictObject({ label: z.string(), interval: z.string(), datetimeFrom: Moment, datetimeTo: Moment }),
  coordinates: z.strictObject({ latitude: z.number(), longitude: z.number() }).nullable(),
  summary: z.strictObject({
    min: known,
    q02: known,
    q25: known,
    median: known,
    q75: known,
    q98: known,
    max: known,
    avg: known,
    sd: known,
  }),
  coverage: z.strictObject({
    expectedCount: z.int(),
    expectedInterval: z.string(),
    observedCount: z.int(),
    observedInterval: z.string(),
    percentComplete: z.number(),
    percentCoverage: z.number(),
    datetimeFrom: Moment,
    datetimeTo: Moment,
  }),
});

/** OpenAQ's ids of what is measured in which unit. */
const ids: Readonly<Partial<Record<Metric, Partial<Record<Unit, number>>>>> = {
  pm10: { "ug/m3": 1 },
  pm25: { "ug/m3": 2 },
  o3: { "ug/m3": 3, "[ppm]": 10 },
  co: { "ug/m3": 4, "[ppm]": 8 },
  no2: { "ug/m3": 5, "[ppm]": 7 },
  so2: { "ug/m3": 6, "[ppm]": 9 },
  pm1: { "ug/m3": 19 },
};
const names: Readonly<Partial<Record<Metric, string>>> = { humidity: "relativehumidity" };
const ownIds = 900_000;
const units: readonly Unit[] = [
  "ug/m3",
  "mg/m3",
  "[ppb]",
  "[ppm]",
  "Cel",
  "%",
  "hPa",
  "m/s",
  "deg",
  "mm",
  "dB[SPL]",
  "1",
];

/** What a channel measures, in OpenAQ's words. */
export function parameterOf({ metric, unit }: Pick<Channel, "metric" | "unit">, symbol: string) {
  const own = ownIds + 100 * Object.keys(definitions).indexOf(metric) + units.indexOf(unit);
  return {
    id: ids[metric]?.[unit] ?? own,
    name: names[metric] ?? metric,
    units: symbol,
    displayName: definitions[metric].name,
  };
}

type About = {
  readonly parameter: ReturnType<typeof parameterOf>;
  readonly coordinates: { readonly latitude: number; readonly longitude: number } | null;
  /** Hours east of UTC. */
  readonly offset: number;
  /** Readings that make a whole hour. */
  readonly expected: number;
};

const two = (n: number): string => String(n).padStart(2, "0");
function moment(at: number, offset: number): z.infer<typeof Moment> {
  const minutes = Math.round(Math.abs(offset) * 60);
  const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  const seconds = (of: number): string => new Date(of).toISOString().slice(0, 19);
  return { utc: `${seconds(at)}Z`, local: `${seconds(at + offset * 3_600_000)}${zone}` };
}

const clock = (milliseconds: number): string => {
  const seconds = Math.round(milliseconds / 1000);
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(":");
};

function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = values.reduce((a, b) => a + b) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
}

/** An hour with the spread of its values; without them only what the rollup knows. */
export function spread(
  bin: ReadingBin,
  values: readonly number[] | undefined,
  about: About,
): z.infer<typeof hourShape> {
  const { from, span, mean, min, max, coverage, flags } = bin;
  const observed = flags["1"] + flags["2"] + flags["3"];
  const at = (percent: number): number | null => (values ? (percentileBetween(values, percent) ?? null) : null);
  const [datetimeFrom, datetimeTo] = [moment(from, about.offset), moment(from + span, about.offset)];
  const rounded = (n: number): number => Math.round(n * 1000) / 10;
  return {
    value: mean ?? null,
    flagInfo: { hasFlags: flags["3"] + flags["4"] + flags["9"] > 0 },
    parameter: about.parameter,
    period: { label: "1hour", interval: "01:00:00", datetimeFrom, datetimeTo },
    coordinates: about.coordinates,
    summary: {
      min: min ?? null,
      q02: at(2),
      q25: at(25),
      median: at(50),
      q75: at(75),
      q98: at(98),
      max: max ?? null,
      avg: mean ?? null,
      sd: values ? deviation(values) : null,
    },
    coverage: {
      expectedCount: about.expected,
      expectedInterval: clock(span),
      observedCount: observed,
      observedInterval: clock(coverage * span),
      percentComplete: rounded(Math.min(1, observed / about.expected)),
      percentCoverage: rounded(coverage),
      datetimeFrom,
      datetimeTo,
    },
  };
}
