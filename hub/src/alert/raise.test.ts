import {
  AlertKind,
  type CityEvent,
  type DeviceId,
  type Instant,
  type Millis,
  type StoredEvent,
} from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { bay, box, place, t } from "./made-alerts.ts";
import { signalOf, tellingKinds } from "./raise.ts";

const stamp = {
  at: t(100),
  clock: "synced",
  quality: 1,
  provenance: { source: "model:centernet6@0123456789ab", config: "0123456789ab" },
} as const;
const stored = (event: object, more: Partial<StoredEvent> = {}): StoredEvent => ({
  id: 1,
  site: place.site,
  device: place.device as DeviceId,
  received: t(101),
  backfill: false,
  event: { ...stamp, ...event } as CityEvent,
  ...more,
});
const camera = (trouble: string, active = true) => ({ kind: "camera-troubled", camera: place.camera, trouble, active });
const box1 = (trouble: string, active = true) => ({ kind: "device-troubled", trouble, active });
const vehicle = {
  kind: "vehicle-stopped",
  camera: place.camera,
  zone: bay.zone,
  class: "car",
  dwell: 60_000 as Millis,
};
const lost = { kind: "lost-range", epoch: "0123456789abcdef", why: "age", from: 11, to: 20 };

describe("what an event says to an operator", () => {
  it.each<[object, object]>([
    [camera("unreachable"), { kind: "camera-down", place, cause: "unreachable", change: "began" }],
    [camera("login-refused"), { kind: "camera-down", cause: "login-refused" }],
    [camera("not-video"), { kind: "camera-down", cause: "not-video" }],
    [camera("corrupt"), { kind: "camera-down", cause: "corrupt" }],
    [camera("stalled", false), { kind: "camera-down", cause: "stalled", change: "ended" }],
    [camera("frozen"), { kind: "camera-frozen", cause: "frozen" }],
    [camera("dark"), { kind: "camera-dark", cause: "dark" }],
    [camera("detector-failed"), { kind: "detector-failed", cause: "detector-failed" }],
    [box1("disk-low"), { kind: "device-troubled", place: box, cause: "disk-low", change: "began" }],
    [box1("hot", false), { kind: "device-troubled", cause: "hot", change: "ended" }],
    [box1("outbox-full"), { kind: "device-troubled", cause: "outbox-full" }],
    [box1("outbox-damaged"), { kind: "device-troubled", cause: "outbox-damaged" }],
    [box1("clock-wrong"), { kind: "clock-wrong", place: box, cause: "clock-wrong" }],
    [
      { ...vehicle, active: true },
      { kind: "vehicle-stopped", place: bay, change: "began", began: t(40), detail: { class: "car", dwell: 60_000 } },
    ],
    [
      { ...vehicle, active: false },
      { kind: "vehicle-stopped", place: bay, change: "ended", began: t(40) },
    ],
    [lost, { kind: "data-lost", place: box, change: "happened", detail: { why: "age", items: 10 } }],
    [
      { ...lost, to: undefined },
      { kind: "data-lost", detail: { why: "age" } },
    ],
  ])("%j", (event, wanted) => {
    const signal = signalOf(place.city, stored(event));
    expect(signal).toMatchObject({ at: t(100), late: false, ...wanted });
    expect(AlertKind.options).toContain(signal?.kind);
  });

  it("says nothing about traffic", () => {
    const crossed = { kind: "line-crossed", camera: place.camera, line: "west", direction: "in", class: "car" };
    expect(signalOf(place.city, stored(crossed))).toBeUndefined();
    for (const kind of ["line-crossed", "zone-entered", "zone-left", "minute-counted", "command-answered"] as const)
      expect(tellingKinds.has(kind)).toBe(false);
  });

  it("is late when it was kept on the box first", () =>
    expect(signalOf(place.city, stored(camera("dark"), { backfill: true, received: t(9000) }))).toMatchObject({
      at: t(100),
      late: true,
    }));

  it("is placed at the hub's time when the box's clock is plainly off", () => {
    const off = stored({ ...camera("dark"), at: 1000 as Instant });
    expect(signalOf(place.city, off)).toMatchObject({ at: t(101) });
  });
});
