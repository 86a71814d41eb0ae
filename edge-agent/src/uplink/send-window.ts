import { batchLimit, type Millis, millis } from "@openkerb/contract";
import type { Item, Outbox } from "../outbox/outbox.ts";
import { portion } from "./batches.ts";
import type { Pace } from "./uplink.ts";

const longestPatience = 60_000;
/** Ranges asked for again that are remembered; the hub asks anew for what was not. */
const askedAgain = 64;

/** What of the outbox goes out next over one connection, and when to begin again because no ack came. */
export type SendWindow = {
  /** Everything up to here was sent. */
  readonly cursor: number;
  /** Whether something asked for again is waiting. */
  readonly hasAsked: boolean;
  /** Whether more may be sent before the next ack. */
  readonly isOpen: boolean;
  askAgain(from: number, to: number): void;
  /** What was asked for again comes first, then what was never sent, in order. */
  next(): readonly Item[];
  sent(items: readonly Item[]): void;
  /** The hub has more than before. */
  confirmed(): void;
  /** Goes back to the oldest item when its ack is overdue; says how long was waited, else undefined. */
  goBack(): Millis | undefined;
  /** Milliseconds until the next ack is overdue; infinite when none is due. */
  ackDue(): number;
};

export function sendWindow(outbox: Pick<Outbox, "standing" | "waiting">, pace: Pace): SendWindow {
  const again: [from: number, to: number][] = [];
  let cursor = outbox.standing().acked;
  let allowance = pace.itemsUnacked;
  let patience = pace.ackWithin;
  let waitingSince = performance.now();
  return {
    get cursor() {
      return cursor;
    },
    get hasAsked() {
      return again.length > 0;
    },
    get isOpen() {
      return cursor - outbox.standing().acked < allowance;
    },
    askAgain(from, to) {
      if (again.length < askedAgain) again.push([from, to]);
    },
    next() {
      for (let range = again[0]; range; range = again[0]) {
        const [from, to] = range;
        const items = outbox.waiting(from - 1, portion).filter(({ sequence }) => sequence <= to);
        const last = items.at(-1);
        if (!last || last.sequence >= to) again.shift();
        else range[0] = last.sequence + 1;
        if (last) return items;
      }
      const room = outbox.standing().acked + allowance - cursor;
      if (room <= 0) return [];
      return outbox.waiting(cursor, { items: Math.min(room, portion.items), bytes: portion.bytes });
    },
    sent(items) {
      if (cursor === outbox.standing().acked) waitingSince = performance.now();
      cursor = Math.max(cursor, items.at(-1)?.sequence ?? 0);
    },
    confirmed() {
      patience = pace.ackWithin;
      waitingSince = performance.now();
      allowance = Math.min(pace.itemsUnacked, allowance * 2);
    },
    goBack() {
      const { acked } = outbox.standing();
      const time = performance.now();
      cursor = Math.max(cursor, acked);
      if (cursor === acked || time - waitingSince < patience) return undefined;
      const waited = patience;
      // Little of it until the hub shows that it listens.
      cursor = acked;
      allowance = batchLimit;
      patience = millis(Math.min(patience * 2, longestPatience));
      waitingSince = time;
      return waited;
    },
    ackDue: () =>
      cursor > outbox.standing().acked ? waitingSince + patience - performance.now() : Number.POSITIVE_INFINITY,
  };
}
