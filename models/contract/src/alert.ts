import { z } from "zod";
import { CameraId, CityId, DeviceId, SensorId, SiteId, ZoneId } from "./id.ts";
import { Sentence } from "./sentences/sentence.ts";
import { Instant } from "./unit.ts";
import { Written } from "./written.ts";

export const AlertKind = z.enum([
  "vehicle-stopped",
  "camera-down",
  "camera-frozen",
  "camera-dark",
  "detector-failed",
  "device-offline",
  "device-troubled",
  "data-lost",
  "clock-wrong",
  "device-doubled",
  "sensor-failed",
  "air-warning",
]);
export type AlertKind = z.infer<typeof AlertKind>;

export const Severity = z.enum(["critical", "warning", "notice"]);
export type Severity = z.infer<typeof Severity>;

/** Where it is. With the kind it is the identity of an alert while it is active. */
export const Place = z.strictObject({
  city: CityId,
  site: SiteId,
  device: DeviceId,
  camera: CameraId.optional(),
  zone: ZoneId.optional(),
  sensor: SensorId.optional(),
});
export type Place = z.infer<typeof Place>;

export const PersonName = z.string().regex(/^[a-z0-9.-]{1,40}$/);

/**
 * An anomaly as the operator sees it. Condition and acknowledgement are independent, as in ISA-18.2: a trouble that
 * ended unseen stays in the queue until somebody has seen it. It is closed when it is cleared and acknowledged.
 */
export const Alert = z.strictObject({
  id: z.string().regex(/^[0-9a-z-]{1,40}$/),
  kind: AlertKind,
  place: Place,
  severity: Severity,
  condition: z.enum(["active", "cleared"]),
  acknowledged: z.strictObject({ by: PersonName, at: Instant }).optional(),
  assignee: PersonName.optional(),
  shelvedUntil: Instant.optional(),
  closed: Instant.optional(),
  /** How often the condition came while this alert was open; the first time counts. */
  occurrences: z.int().positive(),
  first: Instant,
  last: Instant,
  cleared: Instant.optional(),
  /** Facts the sentence needs, e.g. the class and dwell of a stopped vehicle or what a camera suffers from. */
  detail: z.record(z.string().regex(/^[a-zA-Z]{1,24}$/), z.union([z.string().max(80), z.number(), z.boolean()])),
});
export type Alert = z.infer<typeof Alert>;

/** The words beside an alert, made by the hub from its kind, place and detail. */
export const AlertWords = z.strictObject({
  /** What happened, in one line without codes. */
  title: Sentence,
  /** The sentence of the detail pane. */
  sentence: Sentence,
  where: z.string(),
  consequence: Sentence,
  action: Sentence,
});
export type AlertWords = z.infer<typeof AlertWords>;

/** What a person may do to an alert. */
export const AlertStep = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("acknowledge") }),
  z.strictObject({ do: z.literal("assign"), to: PersonName.nullable() }),
  z.strictObject({ do: z.literal("shelve"), until: Instant, reason: Written.min(1).max(200) }),
  z.strictObject({ do: z.literal("unshelve") }),
  z.strictObject({ do: z.literal("note"), text: Written.min(1).max(400) }),
  z.strictObject({ do: z.literal("close"), reason: Written.min(1).max(200) }),
]);
export type AlertStep = z.infer<typeof AlertStep>;

/** One line of an alert's history; `by` is a person or `hub` for what the street itself did. */
export const AlertChange = z.strictObject({
  at: Instant,
  by: z.string().max(40),
  did: z.enum([
    "raised",
    "repeated",
    "changed",
    "cleared",
    "acknowledged",
    "assigned",
    "shelved",
    "unshelved",
    "noted",
    "closed",
  ]),
  text: z.string().max(400).optional(),
});
export type AlertChange = z.infer<typeof AlertChange>;
