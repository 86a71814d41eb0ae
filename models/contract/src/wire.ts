import { z } from "zod";
import { CameraTrouble, CityEvent } from "./event.ts";
import { CameraId, DeviceId, Epoch, LineId, SensorId, Sequence, SiteId, ZoneId } from "./id.ts";
import { ConfigVersion } from "./provenance.ts";
import { Reading } from "./reading.ts";
import { Instant, Millis } from "./unit.ts";

/** The largest payload either side accepts or sends, bytes. */
export const payloadLimit = 256 * 1024;
/** The most items in one batch. */
export const batchLimit = 500;
/** A device time further ahead than this of the hub's clock is quarantined and never used for order. */
export const futureLimit = 5 * 60 * 1000;

const v = z.literal(1);
const place = { sequence: Sequence, backfill: z.literal(true).optional() };
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const name = z.string().min(1).max(80);

export const EventItem = z.strictObject({ ...place, event: CityEvent });
export type EventItem = z.infer<typeof EventItem>;
export const ReadingItem = z.strictObject({ ...place, reading: Reading });
export type ReadingItem = z.infer<typeof ReadingItem>;

/**
 * What surrounds the items of a batch. Parsed before the items, so that one bad item is refused alone.
 * Events and readings of a device share one sequence: one watermark says what is committed.
 */
export const BatchEnvelope = z.strictObject({
  v,
  epoch: Epoch,
  /** Device time when the batch was sent. */
  sent: Instant,
  items: z.array(z.unknown()).min(1).max(batchLimit),
});
export type BatchEnvelope = z.infer<typeof BatchEnvelope>;
export const EventBatch = BatchEnvelope.extend({ items: z.array(EventItem).min(1).max(batchLimit) });
export type EventBatch = z.infer<typeof EventBatch>;
export const ReadingBatch = BatchEnvelope.extend({ items: z.array(ReadingItem).min(1).max(batchLimit) });
export type ReadingBatch = z.infer<typeof ReadingBatch>;

/** up/birth: what the box is and what it watches, sent after every connect and every change of config. */
export const Birth = z.strictObject({
  v,
  device: DeviceId,
  site: SiteId,
  /** Counts up with every connect, so that the will of an old connection cannot end a new one. */
  session: z.int().positive(),
  epoch: Epoch,
  next: Sequence,
  software: z.string().max(40),
  config: ConfigVersion,
  cameras: z
    .array(
      z.strictObject({
        id: CameraId,
        name,
        model: z.strictObject({ name: z.string().max(48), sha256: hash }),
        lines: z.array(z.strictObject({ id: LineId, name })).max(64),
        zones: z.array(z.strictObject({ id: ZoneId, name })).max(64),
      }),
    )
    .max(16),
  sensors: z.array(z.strictObject({ id: SensorId, name, profile: z.string().max(80) })).max(32),
});
export type Birth = z.infer<typeof Birth>;

/** up/state, retained: `online` after birth; `lost` is the last will; `stopped` is said on an orderly end. */
export const DeviceState = z.strictObject({
  v,
  state: z.enum(["online", "lost", "stopped"]),
  session: z.int().positive(),
});
export type DeviceState = z.infer<typeof DeviceState>;

/**
 * What a sensor does: `warming-up` measures, but not yet rightly; `unplugged` cannot be opened or broke off; `busy` is held
 * by another program; `silent` says nothing; `refused` says nothing that can be taken for a measurement; `cut-off` is a
 * microphone that gives the same sample for ever; `overloaded` one that is louder than it can bear; `uncalibrated` one
 * whose levels have an unknown offset.
 */
export const SensorState = z.enum([
  "starting",
  "warming-up",
  "measuring",
  "unplugged",
  "busy",
  "silent",
  "refused",
  "cut-off",
  "overloaded",
  "uncalibrated",
]);
export type SensorState = z.infer<typeof SensorState>;

/** up/health, every 10 s. Absent means unknown on this hardware. */
export const Health = z.strictObject({
  v,
  at: Instant,
  uptime: Millis,
  memory: z.int().nonnegative(),
  load: z.number().nonnegative().optional(),
  temperature: z.number().optional(),
  clockOffset: z.number().optional(),
  disk: z.strictObject({ free: z.int().nonnegative(), total: z.int().nonnegative() }).optional(),
  outbox: z.strictObject({ depth: z.int().nonnegative(), oldest: Instant.optional(), lost: z.int().nonnegative() }),
  cameras: z
    .array(
      z.strictObject({
        id: CameraId,
        state: z.union([z.enum(["starting", "watching"]), CameraTrouble]),
        fps: z.number().nonnegative(),
        /** Frames that newer ones replaced before the detector was free, since start. */
        dropped: z.int().nonnegative(),
        restarts: z.int().nonnegative(),
        lastFrame: Instant.optional(),
        /** Median time in the detector, milliseconds. */
        inference: z.number().nonnegative().optional(),
      }),
    )
    .max(16),
  /** Absent from a box whose software is older than this list. */
  sensors: z
    .array(
      z.strictObject({
        id: SensorId,
        state: SensorState,
        since: Instant,
        /** When the last measurement came. */
        lastValue: Instant.optional(),
        /** Answers that were no measurement (wrong checksum, dashed, not understood), since start. */
        refused: z.int().nonnegative(),
        restarts: z.int().nonnegative(),
      }),
    )
    .max(32)
    .optional(),
});
export type Health = z.infer<typeof Health>;

/** down/ack: everything of this epoch up to and with `upTo` is committed; 0 when nothing is yet. */
export const Ack = z.strictObject({ v, epoch: Epoch, upTo: z.int().nonnegative() });
export type Ack = z.infer<typeof Ack>;

/** down/resend: please send these again; both ends are meant. */
export const Resend = z.strictObject({ v, epoch: Epoch, from: Sequence, to: Sequence });
export type Resend = z.infer<typeof Resend>;

/** down/desired, retained: the config and models this box should run. */
export const Desired = z.strictObject({
  v,
  config: ConfigVersion.optional(),
  models: z.array(z.strictObject({ name: z.string().max(48), sha256: hash })).max(8),
});
export type Desired = z.infer<typeof Desired>;

/** down/command: something to do now, worthless after `expires`. */
export const Command = z.strictObject({
  v,
  id: z.string().regex(/^[0-9a-f]{16}$/),
  expires: Instant,
  do: z.enum(["restart-camera", "send-health", "send-birth"]),
  camera: CameraId.optional(),
});
export type Command = z.infer<typeof Command>;
