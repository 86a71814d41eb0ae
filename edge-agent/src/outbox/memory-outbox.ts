import { randomBytes } from "node:crypto";
import { Epoch, type Sequence } from "@openkerb/contract";
import { entryQueue } from "./entry-queue.ts";
import { growth } from "./growth.ts";
import { forgetTold, type LostRange, rememberLost, unaccounted } from "./lost-ranges.ts";
import { type Item, type Lost, type Outbox, type OutboxOptions, silentOutboxJournal, systemClock } from "./outbox.ts";

/** An outbox that does not outlive its process, for tests and for trying things out. `quota` counts bytes of items. */
export async function openMemoryOutbox(options: OutboxOptions): Promise<Outbox> {
  const { quota = 16 * 1024 * 1024, age = Number.POSITIVE_INFINITY, clock = systemClock, tell } = options;
  const { journal = silentOutboxJournal } = options;
  const epoch = Epoch.parse(randomBytes(8).toString("hex"));
  const queue = entryQueue(Number.POSITIVE_INFINITY);
  const grown = growth();
  const items: Item[] = [];
  let ranges: readonly LostRange[] = [];
  let bytes = 0;
  let next = 1;
  let ackedTo = 0;
  let lost = 0;
  let session = 0;
  let full = false;
  let closed = false;

  function put(kind: Item["kind"], body: string): void {
    items.push({ sequence: next++ as Sequence, kept: clock.now(), kind, body });
    bytes += body.length;
  }

  function forget(upTo: number): number {
    const count = items.findIndex(({ sequence }) => sequence > upTo);
    const gone = items.splice(0, count < 0 ? items.length : count);
    bytes -= gone.reduce((sum, { body }) => sum + body.length, 0);
    ackedTo = Math.max(ackedTo, upTo);
    return gone.length;
  }

  function lose(count: number, why: Lost["why"]): void {
    const [first, last] = [items[0], items[count - 1]];
    if (!first || !last) return;
    ranges = rememberLost(ranges, { epoch, from: first.sequence, to: last.sequence, why });
    lost += count;
    forget(last.sequence);
    journal.outboxGaveUp(count, why);
  }

  function settle(): void {
    const entries = queue.peek(queue.length);
    const since = clock.now() - age;
    const young = items.findIndex(({ kept }) => kept >= since);
    if (clock.trusted()) lose(young < 0 ? items.length : young, "age");
    for (const { kind, body } of entries) put(kind, body);
    while (bytes > quota && items.length > 1) {
      full = true;
      lose(Math.ceil(items.length / 8), "disk-full");
    }
    const at = clock.now();
    ranges = ranges.map((range) => {
      if (range.told !== undefined) return range;
      const { told: _, ...untold } = range;
      put("event", JSON.stringify(tell(untold, at)));
      return { ...range, told: next - 1 };
    });
    queue.done(entries.length);
    grown.tell();
  }

  return {
    epoch,
    append: async (facts) => {
      if (closed) throw new Error("the outbox is closed");
      const kept = queue.add(facts);
      settle();
      await kept;
    },
    waiting: (after, portion) => {
      const from = items.findIndex(({ sequence }) => sequence > after);
      if (from < 0) return [];
      const taken: Item[] = [];
      let size = 0;
      for (const item of items.slice(from, from + portion.items)) {
        size += item.body.length;
        if (size > portion.bytes && taken.length > 0) break;
        taken.push(item);
      }
      return taken;
    },
    grown: (after, signal) => grown.until(() => items.length > 0 && next - 1 > after, signal),
    acked: (of, upTo) => {
      if (of !== epoch) return "other-epoch";
      if (upTo >= next) return "never-appended";
      forget(upTo);
      ranges = forgetTold(ranges, upTo);
      if (bytes < quota * 0.75) full = false;
      return "forgotten";
    },
    giveUp: (from, to) => {
      const last = Math.min(to, next - 1);
      const numbers = items.map(({ sequence }) => sequence);
      for (const [first, end] of unaccounted(from, last, numbers, ranges)) {
        ranges = rememberLost(ranges, { epoch, from: first, to: end, why: "age" });
      }
      settle();
    },
    beginSession: () => {
      session = Math.max(session + 1, Math.floor(Date.now() / 1000));
      return session;
    },
    standing: () => ({
      depth: items.length,
      ...(items[0] ? { oldest: items[0].kept } : {}),
      next: next as Sequence,
      acked: ackedTo,
      lost,
      full,
      damaged: false,
    }),
    [Symbol.asyncDispose]: async () => {
      closed = true;
    },
  };
}
