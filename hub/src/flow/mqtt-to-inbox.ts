import {
  type Address,
  BatchEnvelope,
  type DeviceId,
  type Epoch,
  type Instant,
  type UpStream,
} from "@openkerb/contract";
import { reason } from "../redact/redact.ts";
import type { Refusal } from "../store/store.ts";

type From = { readonly address: Address; readonly received: Instant };

/** What came in at the door: opened, but not yet looked into. */
export type Receipt =
  | (From & {
      readonly kind: "events" | "readings";
      readonly epoch: Epoch;
      readonly items: readonly unknown[];
    })
  | (From & { readonly kind: "birth" | "state" | "health"; readonly value: unknown })
  | { readonly kind: "refused"; readonly device: DeviceId; readonly received: Instant; readonly why: Refusal };

/** Receipts in groups as they come; whoever takes them out decides by that how much waits. */
export interface Inbox extends AsyncIterable<readonly Receipt[]> {
  /** A promise asks the bringer to wait; nothing is ever thrown away here. */
  take(address: Address, stream: UpStream, payload: Buffer): Promise<void> | undefined;
  refuse(device: DeviceId, why: Refusal): void;
  /** Items that wait. */
  readonly waiting: number;
  /** No more comes: what waits is still given out, then the iteration ends. */
  close(): void;
}

/** From here on bringers are asked to wait. */
const waitingLimit = 20_000;
/** A group is given out when it is this large, */
const groupSize = 2000;
/** when it has waited this long, milliseconds, or as soon as a turn of the event loop brought nothing more. */
const groupTime = 10;

/**
 * Opens what devices send. Messages that arrive together are given out together, because one commit for many costs
 * little more than one for one. Nothing waits for a clock alone: a single message goes on after one turn of the loop.
 */
export function mqttToInbox(now: () => Instant): Inbox {
  let group: Receipt[] = [];
  let items = 0;
  let first = 0;
  let seen = 0;
  let closed = false;
  let watching = false;
  /** Resolves the waiting `next`, if there is one. */
  let wanted: (() => void) | undefined;
  let ready = false;
  let room: { promise: Promise<void>; free: () => void } | undefined;

  const release = (): void => {
    ready = true;
    wanted?.();
    wanted = undefined;
  };
  const watch = (): void => {
    if (items === seen || items >= groupSize || performance.now() - first >= groupTime) {
      watching = false;
      release();
      return;
    }
    seen = items;
    setImmediate(watch);
  };
  const put = (receipt: Receipt, count: number): void => {
    if (closed) return;
    if (group.length === 0) first = performance.now();
    group.push(receipt);
    items += count;
    if (items >= groupSize) release();
    if (watching || ready) return;
    watching = true;
    seen = -1;
    setImmediate(watch);
  };

  async function* groups(): AsyncGenerator<readonly Receipt[]> {
    for (;;) {
      if (!ready) {
        if (closed && group.length === 0) return;
        if (!closed)
          await new Promise<void>((resolve) => {
            wanted = resolve;
          });
      }
      const out = group;
      group = [];
      items = 0;
      ready = false;
      room?.free();
      room = undefined;
      if (out.length > 0) yield out;
    }
  }

  return {
    take(address, stream, payload) {
      const received = now();
      const receipt = opened(address, stream, payload, received);
      put(receipt, "items" in receipt ? receipt.items.length : 1);
      if (items < waitingLimit) return undefined;
      if (room === undefined) {
        let free = (): void => {};
        const promise = new Promise<void>((resolve) => {
          free = resolve;
        });
        room = { promise, free };
      }
      return room.promise;
    },
    refuse: (device, why) => put({ kind: "refused", device, received: now(), why }, 1),
    get waiting() {
      return items;
    },
    close() {
      closed = true;
      release();
    },
    [Symbol.asyncIterator]: groups,
  };
}

/** One message, opened. Items stay unparsed, so that one bad item is refused alone. */
function opened(address: Address, stream: UpStream, payload: Buffer, received: Instant): Receipt {
  const { device } = address;
  let value: unknown;
  try {
    value = JSON.parse(payload.toString());
  } catch {
    return { kind: "refused", device, received, why: "not-json" };
  }
  if (stream !== "events" && stream !== "readings") return { kind: stream, address, received, value };
  const envelope = BatchEnvelope.safeParse(value);
  if (!envelope.success) return { kind: "refused", device, received, why: reason(value, envelope.error.issues).why };
  const { epoch, items } = envelope.data;
  return { kind: stream, address, received, epoch, items };
}
