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
  const all: Reading[] = [];
  const source = (async function* () {
    yield* samples;
  })();
  const sensor = { id: SensorId.parse("s"), interval: 10 };
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
