import { type Instant, instant, type Reading, SensorId } from "@openkerb/contract";
import { expect, it } from "vitest";
import { type Sample, sensorsToReadings } from "./sensors-to-readings.ts";

const stamp = () => ({
  clock: "synced" as const,
  quality: 1 as const,
  provenance: { source: "agent:test@1", config: "000000000000" },
});
const sample = (at: number, value: number, metric = "pm25", unit = "ug/m3", warming = false): Sample => ({
  at: instant(at) as Instant,
  warming,
  said: { kind: "values", values: [{ name: "x", value, unit, metric }] },
});

async function readings(...samples: Sample[]): Promise<Reading[]> {
  return readingsOf(10, samples);
}
async function readingsOf(interval: number, samples: readonly Sample[]): Promise<Reading[]> {
  const all: Reading[] = [];
  const source = (async function* () {
    yield* samples;
  })();
  const sensor = { id: SensorId.parse("s"), interval };
  for await (const one of sensorsToReadings(source, sensor, { name: "pmsx003", version: 1 }, stamp)) all.push(one);
  return all;
}
const full = (metric?: string, unit?: string, values = [10, 20, 30, 40, 50, 60]) =>
  values.map((value, i) => sample(60_000 + i * 10_000, value, metric, unit));

it("makes the mean of a whole minute and says what made it", async () => {
  expect(await readings(...full())).toMatchObject([
    { at: 60_000, averaging: 60_000, value: 35, quality: 1, provenance: { source: "profile:pmsx003@1" } },
  ]);
});

it("suspects a minute with too few values, and does not judge one of a sensor that warms up", async () => {
  expect(await readings(...full().slice(0, 4), sample(120_000, 1, "pm25", "ug/m3", true))).toMatchObject([
    { value: 25, quality: 3 },
    { at: 120_000, quality: 2 },
  ]);
});

it("adds levels by their energy and directions over north", async () => {
  const level = await readings(...full("laeq", "dB[SPL]", [60, 60, 60, 70, 70, 70]));
  expect(level[0]!.value).toBeCloseTo(67.4036, 3);
  const wind = await readings(...full("wind-direction", "deg", [350, 350, 350, 10, 10, 10]));
  expect(Math.min(wind[0]!.value, 360 - wind[0]!.value)).toBeCloseTo(0, 3);
});

it("keeps a value beyond what the sensor can measure as bad, and out of the mean of the minute", async () => {
  const outside = (at: number, value: number): Sample => ({
    at: instant(at),
    warming: false,
    said: { kind: "values", values: [{ name: "x", value, unit: "ug/m3", metric: "pm25", outside: [0, 1000] }] },
  });
  const [mean, bad, ...others] = await readings(
    ...full().slice(0, 5),
    outside(110_000, 9999),
    outside(110_500, 9998),
    outside(120_000, 9997),
  );
  expect(mean).toMatchObject({ at: 60_000, averaging: 60_000, value: 30, quality: 1 });
  // One raw value a minute says what was wrong; a sensor gone mad does not fill the outbox.
  expect(bad).toMatchObject({ at: 110_000, averaging: 10_000, value: 9999, quality: 4 });
  expect(bad?.provenance.source).toBe("profile:pmsx003@1");
  expect(others).toMatchObject([{ at: 120_000, averaging: 10_000, value: 9997, quality: 4 }]);
});

it("takes the highest of highest levels, adds C-weighted levels by energy, and knows west from east", async () => {
  const value = async (metric: string, unit: string, values: number[]) =>
    (await readings(...full(metric, unit, values)))[0]!.value;
  expect(await value("lafmax", "dB[SPL]", [60, 81.5, 60, 60, 70, 60])).toBe(81.5);
  expect(await value("lceq", "dB[SPL]", [60, 60, 60, 70, 70, 70])).toBeCloseTo(67.4036, 3);
  expect(await value("la90", "dB[SPL]", [60, 60, 60, 70, 70, 70])).toBe(65);
  expect(await value("wind-direction", "deg", [260, 260, 260, 280, 280, 280])).toBeCloseTo(270, 3);
  expect(await value("wind-direction", "deg", [80, 80, 80, 90, 100, 110])).toBeCloseTo(89.9, 1);
});

it("believes a minute of which three quarters have a value, however many values came at once", async () => {
  const at = (...seconds: number[]) => seconds.map((s) => sample(60_000 + 1000 * s, s));
  const quality = async (interval: number, samples: Sample[]) => (await readingsOf(interval, samples))[0]!.quality;
  expect(await quality(15, at(0, 15, 30))).toBe(1);
  expect(await quality(15, at(0, 15))).toBe(3);
  expect(await quality(15, at(0, 15, 16, 17, 18, 19))).toBe(3);
  expect(await quality(15, at(0, 14.9, 30, 44.9))).toBe(3);
  expect(await quality(7, at(0, 7, 14, 21, 28, 35))).toBe(1);
  expect(await quality(7, at(0, 7, 14, 21, 28))).toBe(3);
});

it("rounds to four places, keeps the reference state, and passes over what is no quantity or has no value", async () => {
  const said: Sample["said"] = {
    kind: "values",
    values: [
      { name: "no2", value: 10 / 3, unit: "ug/m3", metric: "no2", reference: "293K" },
      { name: "pm10", value: null, unit: "ug/m3", metric: "pm10" },
      { name: "pm1", value: 5, unit: "furlongs", metric: "pm1" },
      { name: "count", value: 7, unit: "1" },
    ],
  };
  const all = await readingsOf(60, [{ at: instant(60_000), warming: false, said }]);
  expect(all).toMatchObject([{ metric: "no2", value: 3.3333, reference: "293K", quality: 1 }]);
  expect(all).toHaveLength(1);
});

it("passes on the minute of a sensor that is a meter itself, with its own quality and what made it", async () => {
  const minute = (quality: 1 | 2 | 3): Sample => ({
    at: instant(185_000),
    warming: false,
    said: {
      kind: "values",
      values: [
        { name: "laeq", value: 61.2, unit: "dB[SPL]", metric: "laeq" },
        { name: "lceq", value: 140, unit: "dB[SPL]", metric: "lceq", outside: [30, 120] },
        { name: "state", value: "ok", unit: "1" },
        { name: "la10", value: null, unit: "dB[SPL]", metric: "la10" },
      ],
      minute: { at: instant(120_000), quality, by: ".cal-2026", state: "measuring" },
    },
  });
  expect(await readings(minute(1), minute(2))).toMatchObject([
    {
      at: 120_000,
      averaging: 60_000,
      metric: "laeq",
      value: 61.2,
      quality: 1,
      provenance: { source: "profile:pmsx003@1.cal-2026" },
    },
    { metric: "lceq", quality: 4 },
    { metric: "laeq", quality: 2 },
    { metric: "lceq", quality: 4 },
  ]);
});
