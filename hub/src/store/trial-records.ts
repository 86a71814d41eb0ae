import type { DeviceId, Epoch, Instant, MinuteCounted, Reading, SiteId } from "@openkerb/contract";
import { crossed, trialBirth, trialCity, trialProvenance } from "../broker/trial-box.ts";
import { redactBirth, redactEvent, redactReading, redactState } from "../redact/redact.ts";
import type { SqliteStore } from "./sqlite-store.ts";
import type { HubRecord, Item } from "./store.ts";

/* Records for tests, made the way real ones are: through redaction. */

export const device = "box-1" as DeviceId;
export const epoch = "00000000000000aa" as Epoch;
export const other = "00000000000000bb" as Epoch;
export const noon = 1_795_000_000_000 as Instant;
export const site = "street" as SiteId;

export const birth = (more: Record<string, unknown> = {}, received = noon): HubRecord => {
  const value = redactBirth(trialBirth(device, epoch, more));
  if (value.kind === "refused") throw new Error(value.why);
  return { kind: "birth", device, city: trialCity, received, birth: value.birth };
};
export const item = (sequence: number, event: unknown = crossed(noon)): Item => {
  const value = redactEvent({ sequence, event });
  if (value.kind === "refused") throw new Error(value.why);
  return value;
};
export const profile = { source: "profile:sps30@1", config: "0123456789ab" };
/** A minute of fine dust, or whatever `more` makes of it. */
export const reading = (sequence: number, more: Partial<Record<keyof Reading, unknown>> = {}): Item => {
  const value = redactReading({
    sequence,
    reading: {
      at: noon,
      averaging: 60_000,
      sensor: "air",
      metric: "pm25",
      value: 10,
      unit: "ug/m3",
      clock: "synced",
      quality: 1,
      provenance: profile,
      ...more,
    },
  });
  if (value.kind === "refused") throw new Error(value.why);
  return value;
};
export const items = (list: readonly Item[], of = epoch, received = noon): HubRecord => ({
  kind: "items",
  device,
  epoch: of,
  received,
  items: list,
});
export const events = (...sequences: number[]): HubRecord => items(sequences.map((n) => item(n)));
export const lostRange = (sequence: number, more: Record<string, unknown>): Item =>
  item(sequence, {
    kind: "lost-range",
    at: noon,
    clock: "synced",
    quality: 1,
    provenance: trialProvenance,
    epoch,
    why: "age",
    ...more,
  });
export const state = (now: string, session: number, received = noon): HubRecord => {
  const value = redactState({ v: 1, state: now, session });
  if (value.kind === "refused") throw new Error(value.why);
  return { kind: "state", device, received, state: value.state };
};
export const minute = (sequence: number, at: number, more: Partial<MinuteCounted> = {}): Item =>
  item(sequence, {
    kind: "minute-counted",
    at,
    clock: "synced",
    quality: 1,
    provenance: trialProvenance,
    camera: "north",
    span: 60_000,
    watched: 60_000,
    lines: [{ line: "kerb", class: "car", in: 2, out: 1 }],
    zones: [{ zone: "stop", class: "bus", entered: 1, mean: 0.5, max: 1 }],
    ...more,
  });

export const stored = (store: SqliteStore): number[] =>
  store.database.prepare<[], number>("SELECT sequence FROM events ORDER BY id").pluck().all();
