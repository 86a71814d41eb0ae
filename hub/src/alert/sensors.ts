import {
  type Alert,
  type DeviceId,
  type DeviceView,
  type Health,
  type Instant,
  minutes,
  type Place,
  type SensorId,
  type SensorState,
} from "@openkerb/contract";
import type { Condition } from "./condition.ts";
import { identityOf } from "./identity.ts";
import type { Patience } from "./presence.ts";
import type { Signal } from "./signal.ts";

type SensorHealth = NonNullable<Health["sensors"]>[number];

/** What a state says about a failure; what `waits` neither begins nor ends one. */
const meaning: Readonly<Record<SensorState, "measures" | "waits" | "fails">> = {
  measuring: "measures",
  overloaded: "measures",
  uncalibrated: "measures",
  starting: "waits",
  "warming-up": "waits",
  unplugged: "fails",
  silent: "fails",
  refused: "fails",
  "cut-off": "fails",
  busy: "fails",
};

/** A sensor that does not measure, as of one health. Hub time, but for `lastValue`, which is only compared. */
type Failing = { readonly since: Instant; readonly heard: Instant; readonly lastValue: Instant | undefined };

/** Two healths further apart than this do not follow each other: the box was away, or the hub's clock was set. */
const follows = minutes(1);

/**
 * Since when a sensor has not measured. A box says since when the present trouble stands, so a loose plug that is now
 * silent and now gone would never have lasted long: troubles that follow each other without a value are one.
 */
function failingOf(
  { state, since, lastValue }: SensorHealth,
  { at, uptime }: Health,
  heard: Instant,
  before: Failing | undefined,
): Failing | undefined {
  const known = before && heard >= before.heard && heard - before.heard <= follows ? before : undefined;
  if (state === "starting") return known && { ...known, heard };
  if (meaning[state] !== "fails") return undefined;
  // A cut-off microphone goes on giving values; a new process of the box knows of none yet.
  const measured = state !== "cut-off" && lastValue !== undefined && lastValue !== known?.lastValue;
  if (known && !measured) return { since: known.since, heard, lastValue: lastValue ?? known.lastValue };
  // The box's clock gives a length only, and never one longer than the box has run: it may have been set since.
  const age = Math.min(Math.max(0, at - since), uptime);
  return { since: (heard - age) as Instant, heard, lastValue };
}

/** A sensor that is known to have failed, and as what. */
type Failed = { readonly place: Place; readonly trouble: Alert["detail"][string] | undefined };

/** What one box's newest health says of its sensors, given which of them are known to have failed. */
type SensorWatch = (device: DeviceView, failed: readonly Failed[], limits: Patience) => readonly Signal[];

/** Remembers from look to look which sensors do not measure. A box that is not online says nothing of its sensors. */
export function watchSensors(): SensorWatch {
  const failing = new Map<DeviceId, ReadonlyMap<SensorId, Failing>>();
  return ({ city, site, device, state, health, heard }, failed, limits) => {
    if (state !== "online" || !health || heard === undefined) return [];
    const before = failing.get(device);
    const after = new Map<SensorId, Failing>();
    const known = new Map(failed.map((one) => [identityOf("sensor-failed", one.place), one]));
    const ended = new Map(known);
    const signals: Signal[] = [];
    for (const sensor of health.sensors ?? []) {
      const place: Place = { city, site, device, sensor: sensor.id };
      const now = failingOf(sensor, health, heard, before?.get(sensor.id));
      if (now) after.set(sensor.id, now);
      const identity = identityOf("sensor-failed", place);
      if (meaning[sensor.state] !== "measures") ended.delete(identity);
      if (!now || meaning[sensor.state] !== "fails") continue;
      const detail = { trouble: sensor.state };
      const told = known.get(identity);
      if (told) {
        const stood = health.at - sensor.since >= limits.sensorChange;
        if (stood && told.trouble !== sensor.state) signals.push(signal(place, "changed", heard, detail));
        continue;
      }
      const patience = sensor.state === "busy" ? limits.sensorBusy : limits.sensor;
      if (heard - now.since >= patience) signals.push(signal(place, "began", now.since, detail));
    }
    if (after.size > 0) failing.set(device, after);
    else failing.delete(device);
    // What remains measures again, or belongs to the box no more.
    return [...signals, ...[...ended.values()].map(({ place }) => signal(place, "ended", heard, {}))];
  };
}

const signal = (place: Place, change: Signal["change"], at: Instant, detail: Signal["detail"]): Signal => ({
  kind: "sensor-failed",
  place,
  cause: "fails",
  at,
  change,
  late: false,
  detail,
});

/**
 * The signal at a time after what it follows. Its own time is worked out from a length that a box tells, or from a
 * clock that may have been set, and could lie before the end of the failure before it.
 */
export function inOrder({ ended, going }: Condition, told: Signal): Signal {
  const earlier = (told.change === "began" ? ended : going).find(({ name }) => name === told.cause);
  return earlier && told.at <= earlier.at ? { ...told, at: (earlier.at + 1) as Instant } : told;
}
