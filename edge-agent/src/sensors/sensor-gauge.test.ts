import { type Instant, type QualityFlag, SensorId, type SensorState } from "@openkerb/contract";
import { expect, it } from "vitest";
import type { Sample } from "../flow/sensors-to-readings.ts";
import type { Minute } from "./bytes.ts";
import { SensorError } from "./sensor-error.ts";
import { sensorGauge } from "./sensor-gauge.ts";

const measured = (more: { warming?: boolean; state?: Minute["state"] } = {}): Sample => {
  const { warming = false, state } = more;
  const minute = state && { minute: { at: 0 as Instant, quality: 1 as QualityFlag, by: "", state } };
  return { at: 0 as Instant, warming, said: { kind: "values", values: [], ...minute } };
};
const nonsense: Sample = { at: 0 as Instant, warming: false, said: { kind: "refused", why: "checksum" } };

/** A gauge whose clock stands at `at`, and every change it told. */
function gauge() {
  const told: [SensorState, string | undefined][] = [];
  const time = { at: 1000 as Instant };
  const of = sensorGauge(
    SensorId.parse("air"),
    () => time.at,
    (state, why) => told.push([state, why]),
  );
  const at = (ms: number) => {
    time.at = ms as Instant;
    return of;
  };
  return { of, told, at };
}

it("a sensor of which nothing is known yet is starting, and nobody is told so", () => {
  const { of, told } = gauge();
  expect(of.read()).toEqual({ id: "air", state: "starting", since: 1000, refused: 0, restarts: 0 });
  expect(told).toEqual([]);
});

it("a sensor warms up, measures, fails and measures again, each told once with its time", () => {
  const { told, at } = gauge();
  at(2000).said(measured({ warming: true }));
  at(3000).said(measured({ warming: true }));
  expect(at(3500).read()).toMatchObject({ state: "warming-up", since: 2000, lastValue: 3000 });
  at(4000).said(measured());
  at(5000).failed(new SensorError("silent", "it has sent nothing"));
  at(6000).failed(new SensorError("silent", "it has sent nothing"));
  expect(at(7000).read()).toEqual({
    ...{ id: "air", state: "silent", since: 5000, lastValue: 4000, refused: 0, restarts: 2 },
  });
  at(8000).failed(new SensorError("unplugged", "the line ended"));
  at(9000).said(measured());
  expect(told).toEqual([
    ["warming-up", undefined],
    ["measuring", undefined],
    ["silent", "it has sent nothing"],
    ["unplugged", "the line ended"],
    ["measuring", undefined],
  ]);
});

it("an answer without a measurement is counted and changes nothing", () => {
  const { told, at } = gauge();
  at(2000).said(nonsense);
  at(3000).said(nonsense);
  expect(at(4000).read()).toEqual({ id: "air", state: "starting", since: 1000, refused: 2, restarts: 0 });
  expect(told).toEqual([]);
});

it("a meter's own word on its minute is its state, but the last minute of a cut-off one mends nothing", () => {
  const { told, at } = gauge();
  at(2000).said(measured({ state: "uncalibrated" }));
  at(3000).said(measured({ state: "overloaded" }));
  at(4000).failed(new SensorError("cut-off", "the same sample for 10 s"));
  at(5000).said(measured({ state: "cut-off" }));
  expect(at(6000).read()).toMatchObject({ state: "cut-off", since: 4000, lastValue: 5000 });
  expect(told.map(([state]) => state)).toEqual(["uncalibrated", "overloaded", "cut-off"]);
});
