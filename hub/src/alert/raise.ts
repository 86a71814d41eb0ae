import type { CityEvent, StoredEvent } from "@openkerb/contract";
import {
  type AlertKind,
  type CameraTrouble,
  type DeviceTrouble,
  type Instant,
  minutes,
  type Place,
} from "@openkerb/contract";
import type { Signal } from "./signal.ts";

/** The kinds of events that may say something to an operator; everything else is passed over unread. */
export const tellingKinds: ReadonlySet<CityEvent["kind"]> = new Set([
  "vehicle-stopped",
  "camera-troubled",
  "device-troubled",
  "lost-range",
]);

/** A live item whose device time is further than this from its arrival comes from a clock that is plainly off. */
const plainlyOff = minutes(5);

const ofCamera: Readonly<Record<CameraTrouble, AlertKind>> = {
  unreachable: "camera-down",
  "login-refused": "camera-down",
  "not-video": "camera-down",
  corrupt: "camera-down",
  stalled: "camera-down",
  frozen: "camera-frozen",
  dark: "camera-dark",
  "detector-failed": "detector-failed",
};

const ofDevice: Readonly<Record<DeviceTrouble, AlertKind>> = {
  "disk-low": "device-troubled",
  hot: "device-troubled",
  "outbox-full": "device-troubled",
  "outbox-damaged": "device-troubled",
  "clock-wrong": "clock-wrong",
};

/** What one stored event says, if anything. `city` is the device's. What was set aside never comes here. */
export function signalOf(
  city: Place["city"],
  { site, device, received, backfill, event }: StoredEvent,
): Signal | undefined {
  const place: Place = { city, site, device };
  const off = !backfill && Math.abs(event.at - received) > plainlyOff;
  const at: Instant = off ? received : event.at;
  const common = { at, late: backfill };
  switch (event.kind) {
    case "vehicle-stopped":
      return {
        ...common,
        kind: "vehicle-stopped",
        place: { ...place, camera: event.camera, zone: event.zone },
        // Not by class: a tracker may call it a car first and a truck later.
        cause: "vehicle",
        began: Math.max(0, event.at - event.dwell) as Instant,
        change: event.active ? "began" : "ended",
        detail: { class: event.class, dwell: event.dwell },
      };
    case "camera-troubled":
      return {
        ...common,
        kind: ofCamera[event.trouble],
        place: { ...place, camera: event.camera },
        cause: event.trouble,
        change: event.active ? "began" : "ended",
        detail: { trouble: event.trouble },
      };
    case "device-troubled":
      return {
        ...common,
        kind: ofDevice[event.trouble],
        place,
        cause: event.trouble,
        change: event.active ? "began" : "ended",
        detail: { trouble: event.trouble },
      };
    case "lost-range": {
      const items = event.to === undefined ? {} : { items: event.to - event.from + 1 };
      return {
        ...common,
        kind: "data-lost",
        place,
        cause: event.why,
        change: "happened",
        detail: { why: event.why, ...items },
      };
    }
    case "line-crossed":
    case "zone-entered":
    case "zone-left":
    case "minute-counted":
    case "command-answered":
      return undefined;
    default:
      return event satisfies never;
  }
}

/** A gap that a box was asked to fill until the hub gave up. No event tells of it: the box does not know. */
export function givenUpSignal(place: Place, items: number, noted: Instant): Signal {
  const detail = { why: "not-held", items };
  return { kind: "data-lost", place, at: noted, cause: "not-held", change: "happened", late: false, detail };
}
