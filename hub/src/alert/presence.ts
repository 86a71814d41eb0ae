import { type DeviceView, type Instant, type Millis, minutes, seconds } from "@openkerb/contract";
import type { Signal } from "./signal.ts";

/** How long a box may be away, or a sensor of it may fail, before somebody is told. Hub time throughout. */
export type Patience = {
  /** After its connection broke: it may be back in a moment. */
  readonly lost: Millis;
  /** Connected, or not seen since the hub started, and not a word. Boxes send health every 10 s. */
  readonly silent: Millis;
  /** After it said that it stops: an update takes some minutes. */
  readonly stopped: Millis;
  /** A sensor that measures nothing: a plug that is pulled and put back is no failure. */
  readonly sensor: Millis;
  /** A sensor that another program holds: a technician may be calibrating it. */
  readonly sensorBusy: Millis;
  /** A failed sensor that now suffers from something else: a loose plug says now this, now that. */
  readonly sensorChange: Millis;
};
export const patience: Patience = {
  lost: seconds(10),
  silent: minutes(1),
  stopped: minutes(15),
  sensor: minutes(10),
  sensorBusy: minutes(30),
  sensorChange: minutes(1),
};

type Known = {
  readonly now: Instant;
  /** Hub time of the last items or health of this box, when there were any since the hub started. */
  readonly heard?: Instant;
  /** Whether it is known to be offline, so that it is said once. */
  readonly offline: boolean;
};

/** Whether a box went away or came back, judged by hub time only. */
export function presenceSignal(
  device: DeviceView,
  { now, heard, offline }: Known,
  limits: Patience,
): Signal | undefined {
  // A word from after now was noted before the hub's clock was set back: it would hide a silence until then.
  const words = [device.since, device.heard ?? 0, heard ?? 0].filter((at) => at <= now);
  const lastWord = Math.max(0, ...words) as Instant;
  const gone = away(device, lastWord, now, limits);
  if (gone === undefined && offline && (device.state === "online" || device.state === "stopped"))
    return { ...signal(device, "any"), at: now, change: "ended" };
  if (gone === undefined || offline) return undefined;
  return { ...signal(device, gone.why), at: gone.since, change: "began" };
}

type Why = "lost" | "silent" | "stopped";

function away(
  device: DeviceView,
  lastWord: Instant,
  now: Instant,
  limits: Patience,
): { why: Why; since: Instant } | undefined {
  switch (device.state) {
    case "lost":
      return now - device.since >= limits.lost ? { why: "lost", since: device.since } : undefined;
    case "stopped":
      return now - device.since >= limits.stopped ? { why: "stopped", since: device.since } : undefined;
    case "online":
    case "unknown":
      return now - lastWord >= limits.silent ? { why: "silent", since: lastWord } : undefined;
    default:
      return device.state satisfies never;
  }
}

const signal = ({ city, site, device }: DeviceView, why: string) =>
  ({ kind: "device-offline", place: { city, site, device }, cause: "away", late: false, detail: { why } }) as const;

/** How long after the last item from the future a box's clock counts as wrong. */
const clockTrust = minutes(10);

/**
 * Items whose time lies in the future were set aside, unseen; that they came says that the box's clock is wrong.
 * `last` is the hub time of the newest of them.
 */
export function clockSignal(
  device: DeviceView,
  last: Instant | undefined,
  now: Instant,
  wrong: boolean,
): Signal | undefined {
  const { city, site, device: id } = device;
  const isWrong = last !== undefined && now - last < clockTrust;
  if (isWrong === wrong) return undefined;
  return {
    kind: "clock-wrong",
    place: { city, site, device: id },
    cause: "future-time",
    at: isWrong ? last : now,
    change: isWrong ? "began" : "ended",
    late: false,
    detail: { trouble: "future-time" },
  };
}

/** How long after the last sign of two boxes with one id there still are two. */
const doubleTrust = minutes(10);

/** Whether two boxes use the id of this one. `last` is the hub time of the newest sign of it. */
export function doubledSignal(
  { city, site, device }: DeviceView,
  last: Instant | undefined,
  now: Instant,
  known: boolean,
): Signal | undefined {
  const isDoubled = last !== undefined && Math.abs(now - last) < doubleTrust;
  if (isDoubled === known) return undefined;
  return {
    kind: "device-doubled",
    place: { city, site, device },
    cause: "same-id",
    at: isDoubled ? last : now,
    change: isDoubled ? "began" : "ended",
    late: false,
    detail: {},
  };
}
