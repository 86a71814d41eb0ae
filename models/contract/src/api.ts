import { z } from "zod";
import { Alert, AlertChange, AlertWords, PersonName } from "./alert.ts";
import { CityEvent } from "./event.ts";
import { Role } from "./hub-config.ts";
import { CameraId, CityId, DeviceId, LineId, SiteId, ZoneId } from "./id.ts";
import { RoadClass } from "./road-class.ts";
import { Sentence } from "./sentences/sentence.ts";
import { SiteLine, SitePlan, SiteZone } from "./site.ts";
import { Instant, Millis, Share } from "./unit.ts";
import { Health } from "./wire.ts";

/** The API's paths all start here. */
export const apiRoot = "/api/v1";

/** GET /session: who is asking. On loopback without configured people, the person at this machine is `local`. */
export const Session = z.strictObject({
  person: PersonName.optional(),
  roles: z.array(Role),
  /** False when this hub needs no login because it listens on this machine only. */
  loginNeeded: z.boolean(),
  /** To be sent as `x-csrf-token` with everything but GET. */
  csrf: z.string(),
  city: CityId,
  software: z.string(),
});
export type Session = z.infer<typeof Session>;

/** POST /session */
export const Login = z.strictObject({ person: PersonName, password: z.string().min(1).max(200) });
export type Login = z.infer<typeof Login>;

/** GET /sites: names and drawings, from the site files and from what boxes say at birth. */
export const SiteView = z.strictObject({
  city: CityId,
  site: SiteId,
  name: z.string(),
  device: DeviceId,
  position: z.strictObject({ latitude: z.number(), longitude: z.number() }).optional(),
  plan: SitePlan.optional(),
  open: z
    .strictObject({ purpose: z.string(), operator: z.string(), contact: z.string(), keptDays: z.number() })
    .optional(),
  cameras: z.array(
    z.strictObject({
      id: CameraId,
      name: z.string(),
      model: z.string(),
      plan: z.strictObject({ at: z.tuple([z.number(), z.number()]), heading: z.number() }).optional(),
      lines: z.array(SiteLine.pick({ id: true, name: true, plan: true })),
      zones: z.array(SiteZone.pick({ id: true, name: true, plan: true })),
    }),
  ),
});
export type SiteView = z.infer<typeof SiteView>;
export const SiteList = z.strictObject({ sites: z.array(SiteView) });

/** GET /devices: every box, how it is now. */
export const DeviceView = z.strictObject({
  city: CityId,
  site: SiteId,
  device: DeviceId,
  state: z.enum(["online", "lost", "stopped", "unknown"]),
  /** Since when it is in this state (hub time). */
  since: Instant,
  software: z.string().optional(),
  config: z.string().optional(),
  health: Health.optional(),
  /** Hub time of the last health. */
  heard: Instant.optional(),
  /** Items committed, items reported lost, items refused, since the beginning. */
  stored: z.int(),
  lost: z.int(),
  refused: z.int(),
  /** Sequences known to be missing and asked for again. */
  missing: z.int(),
});
export type DeviceView = z.infer<typeof DeviceView>;
export const DeviceList = z.strictObject({ devices: z.array(DeviceView) });

/** GET /counts?site=&from=&to=&bin=minute|hour|day: bins oldest first. Small counts are not hidden from operators. */
export const CountBin = z.strictObject({
  from: Instant,
  span: Millis,
  /** Part of the bin that was really watched; 0 means no data, not no traffic. */
  watched: Share,
  lines: z.array(z.strictObject({ line: LineId, class: RoadClass, in: z.int(), out: z.int() })),
  zones: z.array(z.strictObject({ zone: ZoneId, class: RoadClass, entered: z.int(), mean: z.number(), max: z.int() })),
});
export type CountBin = z.infer<typeof CountBin>;
export const Counts = z.strictObject({ site: SiteId, bins: z.array(CountBin) });
export type Counts = z.infer<typeof Counts>;

/** GET /events?site=&after=&limit=: newest last, `after` is a cursor from an earlier answer. */
export const StoredEvent = z.strictObject({
  id: z.int().positive(),
  site: SiteId,
  device: DeviceId,
  received: Instant,
  backfill: z.boolean(),
  event: CityEvent,
});
export type StoredEvent = z.infer<typeof StoredEvent>;
export const EventPage = z.strictObject({ events: z.array(StoredEvent), next: z.int().nonnegative() });

/** GET /alerts?state=open|shelved|closed|all */
export const AlertView = z.strictObject({ alert: Alert, words: AlertWords });
export type AlertView = z.infer<typeof AlertView>;
export const AlertList = z.strictObject({ alerts: z.array(AlertView) });
/** GET /alerts/:id, and the answer to POST /alerts/:id/steps with an AlertStep. */
export const AlertDetail = z.strictObject({ alert: Alert, words: AlertWords, history: z.array(AlertChange) });
export type AlertDetail = z.infer<typeof AlertDetail>;

/** GET /people: who alerts can be given to. */
export const PeopleList = z.strictObject({ people: z.array(PersonName) });

/** Every error of the API: a sentence for a person, and what was wrong where, when that is known. */
export const Problem = z.strictObject({
  error: z.string(),
  message: Sentence,
  issues: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;

/**
 * GET /stream, server-sent events named by `type`. The id is opaque; sent back as Last-Event-ID it continues without
 * a gap, across hub restarts too. `reset` says that the id is too old to continue from: load everything anew.
 */
export const StreamMessage = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("event"), stored: StoredEvent }),
  z.strictObject({ type: z.literal("alert"), view: AlertView }),
  z.strictObject({ type: z.literal("device"), device: DeviceView }),
  z.strictObject({ type: z.literal("reset") }),
]);
export type StreamMessage = z.infer<typeof StreamMessage>;
