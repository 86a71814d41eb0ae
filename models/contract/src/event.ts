import { z } from "zod";
import { CameraId, Epoch, LineId, Sequence, ZoneId } from "./id.ts";
import { ClockQuality, Provenance, QualityFlag } from "./provenance.ts";
import { RoadClass } from "./road-class.ts";
import { Instant, Millis } from "./unit.ts";

/** On everything measured: when (device time), by what, and how well. */
const stamp = { at: Instant, clock: ClockQuality, quality: QualityFlag, provenance: Provenance };
const seen = { ...stamp, camera: CameraId };
const tally = z.int().nonnegative().max(1_000_000);

/** `in` is a step from the left to the right of the line, looking from its `from` to its `to`. */
export const Direction = z.enum(["in", "out"]);
export type Direction = z.infer<typeof Direction>;

export const LineCrossed = z.strictObject({
  ...seen,
  kind: z.literal("line-crossed"),
  line: LineId,
  direction: Direction,
  class: RoadClass,
});

export const ZoneEntered = z.strictObject({ ...seen, kind: z.literal("zone-entered"), zone: ZoneId, class: RoadClass });

export const ZoneLeft = z.strictObject({
  ...seen,
  kind: z.literal("zone-left"),
  zone: ZoneId,
  class: RoadClass,
  dwell: Millis,
});

/** A vehicle that stood longer than the zone allows. `active` false when it moved on or was lost from sight. */
export const VehicleStopped = z.strictObject({
  ...seen,
  kind: z.literal("vehicle-stopped"),
  zone: ZoneId,
  class: RoadClass,
  dwell: Millis,
  active: z.boolean(),
});

/**
 * One minute of one camera. `watched` is how much of the minute was really seen: a count without it is
 * not comparable. A line or zone that saw nothing is absent from the lists; the minute itself is always there.
 */
export const MinuteCounted = z.strictObject({
  ...seen,
  kind: z.literal("minute-counted"),
  /** Length of the bin; `at` is its start. */
  span: Millis,
  watched: Millis,
  lines: z.array(z.strictObject({ line: LineId, class: RoadClass, in: tally, out: tally })).max(384),
  zones: z
    .array(
      z.strictObject({ zone: ZoneId, class: RoadClass, entered: tally, mean: z.number().nonnegative(), max: tally }),
    )
    .max(384),
});

/** The troubles a camera can have; each ends with the same trouble and `active` false. */
export const CameraTrouble = z.enum([
  "unreachable",
  "login-refused",
  "not-video",
  "corrupt",
  "stalled",
  "frozen",
  "dark",
  "detector-failed",
]);
export type CameraTrouble = z.infer<typeof CameraTrouble>;

export const CameraTroubled = z.strictObject({
  ...seen,
  kind: z.literal("camera-troubled"),
  trouble: CameraTrouble,
  active: z.boolean(),
});

export const DeviceTrouble = z.enum(["disk-low", "hot", "clock-wrong", "outbox-full", "outbox-damaged"]);
export type DeviceTrouble = z.infer<typeof DeviceTrouble>;

export const DeviceTroubled = z.strictObject({
  ...stamp,
  kind: z.literal("device-troubled"),
  trouble: DeviceTrouble,
  active: z.boolean(),
});

/** Items that the outbox had to give up, so that the hub shows missing data instead of waiting for them. */
export const RangeLost = z.strictObject({
  ...stamp,
  kind: z.literal("lost-range"),
  epoch: Epoch,
  from: Sequence,
  /** Last lost sequence. Absent when the outbox was damaged and nobody knows how far it had come. */
  to: Sequence.optional(),
  why: z.enum(["disk-full", "age", "damaged"]),
});

export const CommandAnswered = z.strictObject({
  ...stamp,
  kind: z.literal("command-answered"),
  command: z.string().regex(/^[0-9a-f]{16}$/),
  outcome: z.enum(["done", "refused", "expired", "failed"]),
});

/**
 * Everything a device may tell about a street. Strict on purpose: a field nobody named here (a crop, a plate,
 * an embedding, a track id) is refused, not carried along.
 */
export const CityEvent = z.discriminatedUnion("kind", [
  LineCrossed,
  ZoneEntered,
  ZoneLeft,
  VehicleStopped,
  MinuteCounted,
  CameraTroubled,
  DeviceTroubled,
  RangeLost,
  CommandAnswered,
]);
export type CityEvent = z.infer<typeof CityEvent>;
export type LineCrossed = z.infer<typeof LineCrossed>;
export type ZoneEntered = z.infer<typeof ZoneEntered>;
export type ZoneLeft = z.infer<typeof ZoneLeft>;
export type VehicleStopped = z.infer<typeof VehicleStopped>;
export type MinuteCounted = z.infer<typeof MinuteCounted>;
export type CameraTroubled = z.infer<typeof CameraTroubled>;
export type DeviceTroubled = z.infer<typeof DeviceTroubled>;
export type RangeLost = z.infer<typeof RangeLost>;
export type CommandAnswered = z.infer<typeof CommandAnswered>;
