import type { DeviceView, Health, Instant, Place, SensorId, SensorState } from "@openkerb/contract";
import { SensorState as states } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { quiet } from "./condition.ts";
import { identityOf } from "./identity.ts";
import { air, box, place, t } from "./made-alerts.ts";
import { patience } from "./presence.ts";
import { inOrder, watchSensors } from "./sensors.ts";

type Said = { state: SensorState; since: Instant; lastValue?: Instant };
type More = { device?: DeviceView["state"]; uptime?: number; boxAt?: Instant };

const hour = 3_600_000;
const online = (heard: Instant, said: Said | undefined, { device = "online", uptime = hour, boxAt }: More = {}) =>
  ({
    ...{ ...box, state: device, since: t(0), heard, stored: 0, lost: 0, refused: 0, missing: 0 },
    health: {
      ...{ v: 1, at: boxAt ?? heard, uptime, memory: 1, outbox: { depth: 0, lost: 0 }, cameras: [] },
      sensors: said ? [{ id: "air" as SensorId, refused: 0, restarts: 0, ...said }] : [],
    } as unknown as Health,
  }) satisfies DeviceView;

/** One hub that hears one box again and again; what it tells, in short. */
function listening(failed: readonly Place[] = [], trouble = "silent") {
  const watch = watchSensors();
  return (heard: number, said: Said | undefined, more?: More) =>
    watch(
      online(t(heard), said, more),
      failed.map((place) => ({ place, trouble })),
      patience,
    ).map((s) => `${s.change} ${s.place.sensor} ${(s.at - t(0)) / 1000} ${s.detail.trouble ?? ""}`.trim());
}

describe("whether a sensor failed", () => {
  const told: Partial<Record<SensorState, number>> = {
    unplugged: 600,
    silent: 600,
    refused: 600,
    "cut-off": 600,
    busy: 1800,
  };
  it.each(states.options)("%s is told when it has lasted, or never", (state) => {
    const after = told[state];
    for (const seconds of [0, 599, 600, 1799, 1800, 3600]) {
      const wanted = after !== undefined && seconds >= after ? [`began air 0 ${state}`] : [];
      expect(listening()(seconds, { state, since: t(0) })).toEqual(wanted);
    }
  });

  it.each(states.options)("%s ends a known failure only when it measures", (state) => {
    const measures = ["measuring", "overloaded", "uncalibrated"].includes(state);
    expect(listening([air], state)(900, { state, since: t(0) })).toEqual(measures ? ["ended air 900"] : []);
  });

  it.each(states.options)(
    "%s changes a known failure when it is another trouble that has stood for a minute",
    (state) => {
      for (const known of states.options)
        for (const stood of [0, 59, 60, 3600]) {
          const changes = told[state] !== undefined && state !== known && stood >= 60;
          const heard = listening([air], known)(4000, { state, since: t(4000 - stood) });
          expect(heard.filter((s) => !s.startsWith("ended"))).toEqual(changes ? [`changed air 4000 ${state}`] : []);
        }
    },
  );

  it("a sensor that the box has no more has not failed, nor has one at the place where the box was before", () => {
    expect(listening([air])(900, undefined)).toEqual(["ended air 900"]);
    const before = { ...air, site: "high-street" as Place["site"] };
    expect(listening([air, before])(900, { state: "silent", since: t(0) })).toEqual(["ended air 900"]);
  });

  it("of a box that is not online nothing is known", () => {
    for (const device of ["lost", "stopped", "unknown"] as const) {
      expect(listening()(900, { state: "silent", since: t(0) }, { device })).toEqual([]);
      expect(listening([air])(900, { state: "measuring", since: t(0) }, { device })).toEqual([]);
    }
  });
});

describe("since when a sensor fails", () => {
  it("is when the first of several troubles came, with no value between them", () => {
    const hear = listening();
    for (let at = 0; at < 600; at += 10)
      expect(hear(at, { state: at % 20 ? "silent" : "unplugged", since: t(at) })).toEqual([]);
    expect(hear(600, { state: "silent", since: t(595) })).toEqual(["began air 0 silent"]);
  });

  it("is after the last value, when there was one between two troubles", () => {
    const hear = listening();
    for (let at = 0; at < 1200; at += 10)
      expect(hear(at, { state: "silent", since: t(at - 2), lastValue: t(at - 3) })).toEqual([]);
  });

  it("is not put off by a restart of the box's program, but is by a sensor that warms up", () => {
    const [restarted, warmed] = [listening(), listening()];
    const state = (at: number, between: SensorState) => (at === 300 ? between : "silent");
    for (let at = 0; at < 600; at += 10) {
      expect(restarted(at, { state: state(at, "starting"), since: t(at) }, { uptime: 9000 })).toEqual([]);
      expect(warmed(at, { state: state(at, "warming-up"), since: t(at) }, { uptime: 9000 })).toEqual([]);
    }
    expect(restarted(600, { state: "silent", since: t(310) })).toEqual(["began air 0 silent"]);
    expect(warmed(600, { state: "silent", since: t(310) })).toEqual([]);
  });

  it("is known of a cut-off microphone although it goes on giving values", () => {
    const hear = listening();
    for (let at = 0; at < 600; at += 10)
      expect(hear(at, { state: "cut-off", since: t(at), lastValue: t(at) })).toEqual([]);
    expect(hear(600, { state: "cut-off", since: t(600), lastValue: t(600) })).toEqual(["began air 0 cut-off"]);
  });

  it("is never before the box's program began, nor after now, whatever its clock was set to", () => {
    const more = { uptime: 60_000, boxAt: t(900) };
    expect(listening()(900, { state: "silent", since: 0 as Instant }, more)).toEqual([]);
    expect(listening()(900, { state: "silent", since: t(99_999) })).toEqual([]);
  });

  it("is asked anew of the box after a pause or a jump of the hub's clock", () => {
    const hear = listening();
    hear(0, { state: "silent", since: t(0) });
    expect(hear(86_400, { state: "silent", since: t(0) }, { boxAt: t(10) })).toEqual([]);
    expect(hear(86_410, { state: "silent", since: t(0) }, { boxAt: t(20) })).toEqual([]);
    expect(hear(-500, { state: "silent", since: t(0) }, { boxAt: t(700) })).toEqual(["began air -1200 silent"]);
  });
});

it("one failure follows the other in time, though clocks say otherwise", () => {
  const [failure] = watchSensors()(online(t(900), { state: "silent", since: t(0) }), [], patience);
  if (!failure) throw new Error("nothing was told");
  const fresh = quiet("sensor-failed", air);
  const over = { ...fresh, ended: [{ name: failure.cause, at: t(500) }] };
  const going = { ...fresh, going: [{ name: failure.cause, at: t(950), detail: {} }] };
  expect(inOrder(fresh, failure)).toBe(failure);
  expect(inOrder(over, failure).at).toBe(t(500) + 1);
  expect(inOrder(going, { ...failure, change: "ended" }).at).toBe(t(950) + 1);
});

it("a sensor is part of what an alert is about, and alerts without one are found as they were stored", () => {
  expect(identityOf("sensor-failed", air)).toBe("sensor-failed/demo/mill-road/kerb-01///air");
  expect(identityOf("camera-down", place)).toBe("camera-down/demo/mill-road/kerb-01/cam-1/");
});
