import { type AirRegion, type Metric, type ReferenceState, type Sentence, say, type Unit } from "@openkerb/contract";
import { convert, parseUnit } from "../concentration.ts";
import { fraction, toNumber } from "../fraction.ts";

/** What is forecast: what people are warned of by the hour. */
export const forecastMetrics = ["pm25", "pm10", "o3", "no2", "laeq"] as const satisfies readonly Metric[];
export type ForecastMetric = (typeof forecastMetrics)[number];

/** An hour above `value` is an event worth a warning; days, both included. `source` says whose figure it is. */
export type EventLevel = {
  readonly region: AirRegion;
  readonly metric: ForecastMetric;
  readonly value: number;
  readonly unit: "ug/m3" | "ppb" | "dB";
  readonly source: Sentence;
  readonly from?: string;
  readonly to?: string;
};

/**
 * Where a law has a threshold of hourly means for warning the public, that; else where the region's index calls the air
 * bad for sensitive people. Noise: the level from which an hour counts as disturbing for people living there.
 */
export const eventLevels: readonly EventLevel[] = [
  { region: "eu", metric: "pm25", value: 50, unit: "ug/m3", source: say("event.eu-index") },
  { region: "eu", metric: "pm10", value: 120, unit: "ug/m3", source: say("event.eu-index") },
  { region: "eu", metric: "o3", value: 180, unit: "ug/m3", source: say("event.eu-o3") },
  {
    region: "eu",
    metric: "no2",
    value: 200,
    unit: "ug/m3",
    source: say("event.eu-no2-2008"),
    to: "2026-12-11",
  },
  {
    region: "eu",
    metric: "no2",
    value: 150,
    unit: "ug/m3",
    source: say("event.eu-no2-2024"),
    from: "2026-12-12",
  },
  { region: "eu", metric: "laeq", value: 65, unit: "dB", source: say("event.eu-noise") },
  { region: "us", metric: "pm25", value: 35.4, unit: "ug/m3", source: say("event.us-index") },
  { region: "us", metric: "pm10", value: 154, unit: "ug/m3", source: say("event.us-index") },
  { region: "us", metric: "o3", value: 70, unit: "ppb", source: say("event.us-o3") },
  { region: "us", metric: "no2", value: 100, unit: "ppb", source: say("event.us-index") },
  {
    region: "us",
    metric: "laeq",
    value: 67,
    unit: "dB",
    source: say("event.us-noise"),
  },
  // HJ 633-2012 table 1 and HJ 633-2026 table 3: the concentrations of index 100.
  { region: "cn", metric: "pm25", value: 75, unit: "ug/m3", source: say("event.cn-index"), to: "2026-02-28" },
  { region: "cn", metric: "pm25", value: 60, unit: "ug/m3", source: say("event.cn-index"), from: "2026-03-01" },
  { region: "cn", metric: "pm10", value: 150, unit: "ug/m3", source: say("event.cn-index"), to: "2026-02-28" },
  { region: "cn", metric: "pm10", value: 120, unit: "ug/m3", source: say("event.cn-index"), from: "2026-03-01" },
  { region: "cn", metric: "o3", value: 200, unit: "ug/m3", source: say("event.cn-hour") },
  { region: "cn", metric: "no2", value: 200, unit: "ug/m3", source: say("event.cn-hour") },
  { region: "cn", metric: "laeq", value: 70, unit: "dB", source: say("event.cn-noise") },
];

/** The event of a channel on a day, in the channel's own unit; undefined when its unit cannot be held against it. */
export function eventOf(
  channel: { readonly metric: ForecastMetric; readonly unit: Unit; readonly reference?: ReferenceState },
  region: AirRegion,
  day: string,
): { readonly value: number; readonly source: Sentence } | undefined {
  const level = eventLevels.find(
    (l) =>
      l.region === region &&
      l.metric === channel.metric &&
      (l.from === undefined || l.from <= day) &&
      (l.to === undefined || day <= l.to),
  );
  if (!level) return undefined;
  const { source } = level;
  if (level.unit === "dB") return channel.unit === "dB[SPL]" ? { value: level.value, source } : undefined;
  const wanted = ({ "ug/m3": "ug/m3", "mg/m3": "mg/m3", "[ppb]": "ppb", "[ppm]": "ppm" } as const)[
    channel.unit as "ug/m3"
  ];
  const own = region === "eu" ? "293K" : "298K";
  const from = parseUnit(level.unit === "ppb" ? "ppb" : `ug/m3@${own}`);
  if (wanted === undefined || !from || channel.metric === "laeq") return undefined;
  const state = channel.reference === "293K" || channel.reference === "298K" ? channel.reference : own;
  const converted = convert(fraction(level.value), channel.metric, from, { unit: wanted, state });
  // Four digits are more than any threshold means.
  return converted.kind === "value" ? { value: Number(toNumber(converted.value).toPrecision(4)), source } : undefined;
}
