import { z } from "zod";
import { SensorId } from "./id.ts";
import { ClockQuality, Provenance, QualityFlag } from "./provenance.ts";
import { bandMetrics } from "./third-octave.ts";
import { Instant, Millis } from "./unit.ts";

/** What can be measured. One name per quantity, whatever the sensor calls it. */
export const Metric = z.enum([
  "pm1",
  "pm25",
  "pm4",
  "pm10",
  "no",
  "no2",
  "nox",
  "o3",
  "so2",
  "co",
  "h2s",
  "hcho",
  "voc-index",
  "nox-index",
  "co2",
  "temperature",
  "humidity",
  "pressure",
  "wind-speed",
  "wind-direction",
  "rain",
  "laeq",
  "lceq",
  "lafmax",
  "la10",
  "la50",
  "la90",
  ...bandMetrics,
]);
export type Metric = z.infer<typeof Metric>;

/** UCUM codes. A gas in µg/m³ means nothing without its reference state, see `Reading.reference`. */
export const Unit = z.enum(["ug/m3", "mg/m3", "[ppb]", "[ppm]", "Cel", "%", "hPa", "m/s", "deg", "mm", "dB[SPL]", "1"]);
export type Unit = z.infer<typeof Unit>;

/** The state a gas volume is stated at: 293 K (EU), 298 K (US, China), or as it was. */
export const ReferenceState = z.enum(["293K", "298K", "ambient"]);
export type ReferenceState = z.infer<typeof ReferenceState>;

/** One value of one sensor over one averaging time. Raw as the profile decodes it; corrections come as new values. */
export const Reading = z.strictObject({
  at: Instant,
  averaging: Millis,
  sensor: SensorId,
  metric: Metric,
  value: z.number(),
  unit: Unit,
  reference: ReferenceState.optional(),
  clock: ClockQuality,
  quality: QualityFlag,
  provenance: Provenance,
});
export type Reading = z.infer<typeof Reading>;
