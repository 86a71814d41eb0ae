import type { AlertStep, CityEvent, Reading } from "@openkerb/contract";
import { Birth, DeviceState, EventItem, Health, ReadingItem, type Sequence } from "@openkerb/contract";
import type { Redacted } from "./redacted.ts";
import { scrub } from "./scrub.ts";

/*
 * The privacy boundary of the hub. Everything is parsed by a strict schema first: a field nobody named is refused and
 * nothing of it is kept. Then the free texts are scrubbed. Which fields those are stands here and nowhere else:
 *
 *   birth: names of cameras, lines, zones and sensors, the software and the sensor profile
 *   events, readings, health: none; every text in them is an id, a word from a list or a hash
 *   what people write beside an alert: the text of a note, the reason of putting aside and of closing
 *   what officers write beside readings: reasons, and the name of a table they send
 *
 * No field of the contract holds a position, a picture or a track, so there is no precision left to reduce.
 */

/** Why a value was refused: what it contained is not part of the answer. */
export type Refused = { readonly kind: "refused"; readonly why: "wrong-version" | "wrong-shape" | "unknown-field" };
/** A refused item keeps its place when it has one. */
export type RefusedItem = Refused & { readonly sequence: Sequence | undefined };

export type RedactedEvent = {
  readonly kind: "event";
  readonly sequence: Sequence;
  readonly backfill: boolean;
  readonly event: Redacted<CityEvent>;
};
export type RedactedReading = {
  readonly kind: "reading";
  readonly sequence: Sequence;
  readonly backfill: boolean;
  readonly reading: Redacted<Reading>;
};

/** Only this file may say so, and only of what it has parsed and scrubbed. */
const redacted = <T>(value: T): Redacted<T> => value as Redacted<T>;

/** One item of up/events. */
export function redactEvent(item: unknown): RedactedEvent | RefusedItem {
  const parsed = EventItem.safeParse(item);
  if (!parsed.success) return { ...reason(item, parsed.error.issues), sequence: sequenceOf(item) };
  const { sequence, backfill, event } = parsed.data;
  return { kind: "event", sequence, backfill: backfill === true, event: redacted(event) };
}

/** One item of up/readings. */
export function redactReading(item: unknown): RedactedReading | RefusedItem {
  const parsed = ReadingItem.safeParse(item);
  if (!parsed.success) return { ...reason(item, parsed.error.issues), sequence: sequenceOf(item) };
  const { sequence, backfill, reading } = parsed.data;
  return { kind: "reading", sequence, backfill: backfill === true, reading: redacted(reading) };
}

export function redactBirth(value: unknown): { readonly kind: "birth"; readonly birth: Redacted<Birth> } | Refused {
  const parsed = Birth.safeParse(value);
  if (!parsed.success) return reason(value, parsed.error.issues);
  const birth = parsed.data;
  const named = <T extends { name: string }>(thing: T): T => ({ ...thing, name: scrub(thing.name) });
  return {
    kind: "birth",
    birth: redacted({
      ...birth,
      software: scrub(birth.software),
      cameras: birth.cameras.map((camera) => ({
        ...named(camera),
        model: { ...camera.model, name: scrub(camera.model.name) },
        lines: camera.lines.map(named),
        zones: camera.zones.map(named),
      })),
      sensors: birth.sensors.map((sensor) => ({ ...named(sensor), profile: scrub(sensor.profile) })),
    }),
  };
}

export function redactHealth(value: unknown): { readonly kind: "health"; readonly health: Redacted<Health> } | Refused {
  const parsed = Health.safeParse(value);
  return parsed.success ? { kind: "health", health: redacted(parsed.data) } : reason(value, parsed.error.issues);
}

export function redactState(
  value: unknown,
): { readonly kind: "state"; readonly state: Redacted<DeviceState> } | Refused {
  const parsed = DeviceState.safeParse(value);
  return parsed.success ? { kind: "state", state: redacted(parsed.data) } : reason(value, parsed.error.issues);
}

/** What a person does to an alert. Operators write down plates and phone numbers too. */
export function redactStep(step: AlertStep): AlertStep {
  switch (step.do) {
    case "note":
      return { ...step, text: scrub(step.text) };
    case "shelve":
    case "close":
      return { ...step, reason: scrub(step.reason) };
    case "acknowledge":
    case "assign":
    case "unshelve":
      return step;
    default:
      return step satisfies never;
  }
}

/** Why an officer decided something about readings, or what a table that was sent is called. */
export const redactReason = (text: string): string => scrub(text);

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

function sequenceOf(item: unknown): Sequence | undefined {
  const sequence = field(item, "sequence");
  return typeof sequence === "number" && Number.isSafeInteger(sequence) && sequence > 0
    ? (sequence as Sequence)
    : undefined;
}

/** A reason from a fixed list. Names of unknown fields are not repeated: they too are somebody's text. */
export function reason(value: unknown, issues: readonly { readonly code?: string | undefined }[]): Refused {
  const version = field(value, "v");
  if (version !== undefined && version !== 1) return { kind: "refused", why: "wrong-version" };
  const unknown = issues.some(({ code }) => code === "unrecognized_keys");
  return { kind: "refused", why: unknown ? "unknown-field" : "wrong-shape" };
}
