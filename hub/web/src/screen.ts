import type { CameraId, DeviceId, DeviceView, Health, StoredEvent } from "@openkerb/contract";
import { type Connection, type Sign, step } from "./connection.ts";
import { makeStreet, type Street } from "./street.ts";

/** One health message as the charts want it. */
export type Sample = {
  readonly at: number;
  readonly memory: number;
  readonly temperature: number | undefined;
  readonly load: number | undefined;
  readonly outbox: number;
  readonly fps: ReadonlyMap<CameraId, number>;
};

/** An hour of a message every ten seconds. */
const sampleLimit = 360;

/** What the stream has told since the page was opened. React reads it through `subscribe` and `version`. */
export type Screen = {
  readonly street: Street;
  connection(): Connection;
  samples(device: DeviceId): readonly Sample[];
  sign(sign: Sign): void;
  event(stored: StoredEvent): void;
  device(view: DeviceView): void;
  subscribe(listener: () => void): () => void;
  version(): number;
};

const sampleOf = (at: number, h: Health): Sample => ({
  at,
  memory: h.memory,
  temperature: h.temperature,
  load: h.load,
  outbox: h.outbox.depth,
  fps: new Map(h.cameras.map((c) => [c.id, c.fps])),
});

export function makeScreen(later: (draw: () => void) => void): Screen {
  const street = makeStreet();
  const listeners = new Set<() => void>();
  const health = new Map<DeviceId, readonly Sample[]>();
  let connection: Connection = { state: "connecting" };
  let version = 0;
  let due = false;
  // Hundreds of events a second become one drawing a frame.
  const changed = (): void => {
    if (due) return;
    due = true;
    later(() => {
      due = false;
      version += 1;
      for (const listener of listeners) listener();
    });
  };
  return {
    street,
    connection: () => connection,
    samples: (device) => health.get(device) ?? [],
    sign(sign) {
      const next = step(connection, sign);
      if (next === connection) return;
      connection = next;
      changed();
    },
    event(stored) {
      if (street.take(stored)) changed();
    },
    device({ device, health: said, heard }) {
      if (!said || heard === undefined) return;
      const before = health.get(device) ?? [];
      if ((before.at(-1)?.at ?? 0) >= heard) return;
      health.set(device, [...before, sampleOf(heard, said)].slice(-sampleLimit));
      changed();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    version: () => version,
  };
}
