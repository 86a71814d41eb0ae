import { type Instant, instant, type Reading, SensorId } from "@openkerb/contract";
import { expect, it } from "vitest";
import { type Sample, sensorsToReadings } from "../flow/sensors-to-readings.ts";
import { ticked } from "./ticked.ts";

const stamp = () => ({
  ...{ clock: "synced" as const, quality: 1 as const },
  provenance: { source: "agent:test@1", config: "000000000000" },
});

it("tells the minute that was begun when it is over, though the sensor says nothing any more", async () => {
  // A tenth of a second before the minute ends.
  const began = performance.now();
  const now = (): Instant => instant(119_900 + performance.now() - began);
  const stop = new AbortController();
  const source = (async function* (): AsyncGenerator<Sample> {
    yield {
      ...{ at: now(), warming: false },
      said: { kind: "values", values: [{ name: "x", value: 7, unit: "ug/m3", metric: "pm25" }] },
    };
    await new Promise((resolve) => stop.signal.addEventListener("abort", resolve));
  })();
  const sensor = { id: SensorId.parse("s"), interval: 60 };
  const readings: Reading[] = [];
  for await (const one of sensorsToReadings(ticked(source, now), sensor, { name: "pmsx003", version: 1 }, stamp)) {
    readings.push(one);
    break;
  }
  stop.abort();
  expect(readings).toMatchObject([{ at: 60_000, value: 7, quality: 1 }]);
}, 5000);

it("gives every item in order, ends with its source and fails as it does", async () => {
  const now = () => instant(Date.now());
  const all: unknown[] = [];
  const items = (async function* () {
    yield 1;
    yield 2;
    throw new Error("broke");
  })();
  await expect(
    (async () => {
      for await (const one of ticked(items, now)) all.push(one);
    })(),
  ).rejects.toThrow("broke");
  expect(all).toEqual([1, 2]);
});
