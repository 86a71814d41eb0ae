import type { CityId, DeviceId, DeviceState, Epoch, Health, Instant, Sequence } from "@openkerb/contract";
import { trialBirth, trialCamera, trialProvenance } from "./broker/trial-box.ts";
import { redactBirth, redactEvent, redactHealth } from "./redact/redact.ts";
import type { HubRecord } from "./store/store.ts";

export const lampPost = trialCamera("cam-1", "Lamp post 12", ["west", "Mill Road west"], ["bay", "Loading bay"]);

/** A box for tests: says what a real one would, through real redaction, with times the test chooses. */
export function madeBox(name = "kerb-01", site = "mill-road") {
  const device = name as DeviceId;
  const city = "demo" as CityId;
  const epoch = "0123456789abcdef" as Epoch;
  let session = 1;
  let sequence = 0;
  const stamp = {
    clock: "synced",
    quality: 1,
    provenance: trialProvenance,
  };
  const camera = { camera: "cam-1" };
  const birth = (received: Instant): HubRecord => {
    const more = { site, session, next: sequence + 1, software: "0.1.0", cameras: [lampPost] };
    const made = redactBirth(trialBirth(name, epoch, more));
    if (made.kind === "refused") throw new Error(`the birth is ${made.why}`);
    return { kind: "birth", device, city, received, birth: made.birth };
  };
  /** Items in the order they were made; `sequences` out of it for what was lost on the way at first. */
  const items = (
    events: readonly object[],
    received: Instant,
    backfill = false,
    given?: readonly number[],
  ): HubRecord => ({
    kind: "items",
    device,
    epoch,
    received,
    items: events.map((event, i) => {
      const made = redactEvent({
        sequence: given?.[i] ?? (++sequence as Sequence),
        ...(backfill && { backfill: true }),
        event: { ...stamp, ...event },
      });
      if (made.kind === "refused") throw new Error(`the event is ${made.why}`);
      return made;
    }),
  });
  return {
    device,
    birth,
    items,
    again: (received: Instant): HubRecord => {
      session++;
      return birth(received);
    },
    state: (state: DeviceState["state"], received: Instant): HubRecord => ({
      kind: "state",
      device,
      received,
      state: { v: 1, state, session } as Extract<HubRecord, { kind: "state" }>["state"],
    }),
    health: (at: Instant, uptime: number, received: Instant = at, sensors?: readonly object[]): HubRecord => {
      const made = redactHealth({
        v: 1,
        at,
        uptime,
        memory: 1,
        outbox: { depth: 0, lost: 0 },
        cameras: [],
        ...(sensors && { sensors }),
      } satisfies Record<keyof Pick<Health, "v" | "at" | "uptime" | "memory" | "outbox" | "cameras">, unknown>);
      if (made.kind === "refused") throw new Error(`the health is ${made.why}`);
      return { kind: "health", device, received, health: made.health };
    },
    crossed: (at: Instant) => ({ ...camera, at, kind: "line-crossed", line: "west", direction: "in", class: "car" }),
    troubled: (at: Instant, trouble: string, active = true) => ({
      ...camera,
      at,
      kind: "camera-troubled",
      trouble,
      active,
    }),
    stopped: (at: Instant, dwell: number, active = true) => ({
      ...camera,
      at,
      kind: "vehicle-stopped",
      zone: "bay",
      class: "car",
      dwell,
      active,
    }),
    lost: (at: Instant, from: number, to: number) => ({
      at,
      kind: "lost-range",
      epoch: "fedcba9876543210",
      from,
      to,
      why: "age",
    }),
  };
}
