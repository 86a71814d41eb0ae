import {
  CameraId,
  type CityEvent,
  type ClockQuality,
  type Instant,
  type LineCrossed,
  LineId,
  millis,
  type Reading,
  SensorId,
} from "@openkerb/contract";
import type { Lost } from "./outbox.ts";

/** Made-up but valid facts, for tests and endurance runs. The number can be read back from the moment. */
const start = 1_700_000_000_000;
const stamp = {
  clock: "unknown" as ClockQuality,
  quality: 1 as const,
  provenance: { source: "agent:synthetic@1", config: "000000000000" },
};
const camera = CameraId.parse("synthetic");
const line = LineId.parse("synthetic-line");
const sensor = SensorId.parse("synthetic-sensor");

export const crossing = (n: number): LineCrossed => ({
  ...stamp,
  kind: "line-crossed",
  camera,
  line,
  direction: n % 2 === 0 ? "in" : "out",
  class: "car",
  at: (start + n) as Instant,
});

export const reading = (n: number): Reading => ({
  ...stamp,
  at: (start + n) as Instant,
  averaging: millis(60_000),
  sensor,
  metric: "temperature",
  value: n,
  unit: "Cel",
});

/** The number a synthetic fact was made with. */
export const numberOf = (fact: { readonly at: number }): number => fact.at - start;

export const tell = (lost: Lost, at: Instant): CityEvent =>
  ({ ...stamp, ...lost, kind: "lost-range", at }) as Extract<CityEvent, { kind: "lost-range" }>;
