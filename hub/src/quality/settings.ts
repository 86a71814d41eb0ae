import { forEachBand, type Metric, type Unit } from "@openkerb/contract";
import type { QualityTestName } from "../air/qartod/tests.ts";

/** Which tests a metric goes through by itself, and with what. Thresholds in the metric's unit below. */
export type MetricTests = {
  /** Tests of single readings, named and set as in ioos_qc. Seconds in flat_line_test and gap_test. */
  readonly readings: Readonly<Partial<Record<QualityTestName, object>>>;
  /** The spread over so many hours, as standard deviation. */
  readonly attenuated?: { readonly hours: number; readonly suspect: number; readonly fail: number };
  /** Hourly means against the median of other places within `reach` metres. */
  readonly neighbours?: {
    readonly reach: number;
    readonly suspect: number;
    readonly fail?: number;
    readonly relative?: number;
    readonly least: number;
  };
  /** Hourly means against another sensor of the same metric at the place. */
  readonly pair?: { readonly absolute: number; readonly relative: number };
  /** Daily means against the neighbours' (within their reach): how far the difference has moved in two months. */
  readonly drift?: { readonly suspect: number; readonly fail?: number };
};

const hours = (n: number): number => n * 3600;
/** Hours to a failure of what stands still for reasons of nature: calm, fog, the bottom of the range. */
export const never = 1e6;
type Limits = readonly [number, number];

/**
 * Limits of nature and of instruments, steps per reading and per second, and how long it may stand still. Wide on
 * purpose: what they catch is a sensor's fault in any city, not a bad day. A test that fails a reading takes it out of
 * every mean before anybody has looked, so that only what cannot be true fails.
 */
const usual = (set: {
  readonly fail: Limits;
  readonly suspect: Limits;
  readonly spike?: Limits;
  readonly rate?: Limits;
  /** Hours to suspect, hours to fail, tolerance. */
  readonly flat?: readonly [number, number, number];
}): MetricTests["readings"] => ({
  gross_range_test: { fail_span: set.fail, suspect_span: set.suspect },
  ...(set.spike && {
    spike_test: { suspect_threshold: set.spike[0], fail_threshold: set.spike[1], method: "differential" },
  }),
  ...(set.rate && { rate_of_change_test: { suspect_threshold: set.rate[0], fail_threshold: set.rate[1] } }),
  ...(set.flat && {
    flat_line_test: {
      suspect_threshold: hours(set.flat[0]),
      fail_threshold: hours(set.flat[1]),
      tolerance: set.flat[2],
    },
  }),
  gap_test: { suspect_threshold: hours(6) },
});

const particles = (scale: number): MetricTests => ({
  readings: usual({
    fail: [-10, 5000 * scale],
    suspect: [-5, 1000 * scale],
    spike: [150 * scale, 800 * scale],
    rate: [5 * scale, 25 * scale],
    flat: [12, 48, 0.05],
  }),
  attenuated: { hours: 24, suspect: 0.1, fail: 0 },
  neighbours: { reach: 3000, suspect: 30 * scale, fail: 200 * scale, relative: 1, least: 2 },
  // EPA's cleaning of two-channel sensors: more than 5 µg/m³ and more than 70 % of the mean apart.
  pair: { absolute: 5 * scale, relative: 0.7 },
  drift: { suspect: 15 * scale },
});
/** Gases in ppb or µg/m³: the limits are wide enough for both. */
const gas = (most: number, suspect: number, dead = 72): MetricTests => ({
  readings: usual({
    fail: [-100, most],
    suspect: [-30, suspect],
    spike: [suspect / 4, suspect],
    rate: [suspect / 60, suspect / 10],
    // Whole numbers at the bottom of the range stand still for most of a clean day.
    flat: [24, dead, 0.05],
  }),
});
const level: MetricTests = {
  readings: usual({ fail: [10, 150], suspect: [18, 130], flat: [1, 3, 0.05] }),
  attenuated: { hours: 3, suspect: 0.2, fail: 0 },
};
/** A band holds a part of the sound: in a quiet night less than a thousandth of it. */
const band: MetricTests = {
  readings: usual({ fail: [-20, 150], suspect: [-15, 130], flat: [1, 3, 0.02] }),
  attenuated: { hours: 3, suspect: 0.1, fail: 0 },
};
const index: MetricTests = { readings: usual({ fail: [0, 600], suspect: [0, 500] }) };

export const metricTests: Readonly<Record<Metric, MetricTests>> = {
  pm1: particles(1),
  pm25: particles(1),
  pm4: particles(1),
  pm10: particles(2),
  no: gas(5000, 1000),
  no2: gas(5000, 800),
  nox: gas(8000, 1500),
  o3: {
    ...gas(2000, 500),
    neighbours: { reach: 3000, suspect: 60, fail: 300, relative: 1, least: 2 },
    drift: { suspect: 25 },
  },
  so2: gas(10_000, 1500, never),
  co: gas(1_000_000, 60_000),
  h2s: gas(10_000, 1000),
  hcho: gas(5000, 1000),
  "voc-index": index,
  "nox-index": index,
  co2: { readings: usual({ fail: [150_000, 40_000_000], suspect: [300_000, 5_000_000], flat: [12, 48, 50] }) },
  temperature: {
    readings: usual({ fail: [-60, 70], suspect: [-45, 55], spike: [5, 15], rate: [0.1, 0.5], flat: [12, 48, 0.02] }),
    attenuated: { hours: 24, suspect: 0.02, fail: 0 },
    neighbours: { reach: 5000, suspect: 6, fail: 20, least: 2 },
    drift: { suspect: 3 },
  },
  humidity: {
    // Fog stands at 100 % for a day.
    readings: usual({ fail: [0, 105], suspect: [2, 101], spike: [20, 50], rate: [0.5, 2], flat: [24, never, 0.05] }),
    neighbours: { reach: 5000, suspect: 30, least: 2 },
    drift: { suspect: 12 },
  },
  pressure: {
    readings: usual({
      fail: [300, 1100],
      suspect: [500, 1085],
      spike: [5, 20],
      rate: [0.05, 0.5],
      flat: [24, 72, 0.05],
    }),
    attenuated: { hours: 24, suspect: 0.05, fail: 0 },
  },
  "wind-speed": { readings: usual({ fail: [0, 90], suspect: [0, 50], spike: [20, 50], flat: [24, never, 0.01] }) },
  "wind-direction": { readings: usual({ fail: [-180, 360], suspect: [-180, 360], flat: [24, never, 0.5] }) },
  rain: { readings: usual({ fail: [0, 50], suspect: [0, 10] }) },
  laeq: level,
  lceq: level,
  lafmax: level,
  la10: level,
  la50: level,
  la90: level,
  ...forEachBand(() => band),
};

/** What a value of this unit is multiplied by before it is tested: ppm and mg/m³ become ppb and µg/m³. */
export const scaleOf = (unit: Unit): number => (unit === "[ppm]" || unit === "mg/m3" ? 1000 : 1);
