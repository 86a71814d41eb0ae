import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CityEvent, type Epoch, type Instant, type Sequence } from "@openkerb/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openMemoryOutbox } from "./memory-outbox.ts";
import type { Fact, Outbox, OutboxOptions } from "./outbox.ts";
import { openSqliteOutbox } from "./sqlite-outbox.ts";
import { crossing, reading, tell } from "./synthetic.ts";

type Open = (options?: Partial<OutboxOptions>) => Promise<Outbox>;

const sqlite: Open = async (options) => {
  const folder = await mkdtemp(join(tmpdir(), "outbox-"));
  const outbox = await openSqliteOutbox(folder, { tell, ...options });
  const close = outbox[Symbol.asyncDispose];
  return Object.assign(Object.create(outbox) as Outbox, {
    [Symbol.asyncDispose]: async () => {
      await close();
      await rm(folder, { recursive: true });
    },
  });
};
const memory: Open = (options) => openMemoryOutbox({ tell, ...options });

const everything = { items: 100_000, bytes: Number.POSITIVE_INFINITY };
const numbers = (outbox: Outbox, after = 0): number[] => outbox.waiting(after, everything).map((i) => i.sequence);
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const at = (n: number): Sequence => n as Sequence;
const crossings = (count: number): Fact[] => range(1, count).map((n) => ({ event: crossing(n) }));
const losses = (outbox: Outbox): CityEvent[] =>
  outbox
    .waiting(0, everything)
    .filter(({ kind }) => kind === "event")
    .map(({ body }) => CityEvent.parse(JSON.parse(body)))
    .filter(({ kind }) => kind === "lost-range");
/** Numbers from `from` on that are neither kept nor reported as lost by something kept. */
const unexplained = (outbox: Outbox, from: number): number[] => {
  const all = new Set(range(from, outbox.standing().next - 1));
  for (const n of numbers(outbox)) all.delete(n);
  for (const lost of losses(outbox)) {
    if (lost.kind === "lost-range") for (const n of range(lost.from, lost.to ?? 0)) all.delete(n);
  }
  return [...all];
};

describe.each([
  ["memory", memory],
  ["sqlite", sqlite],
])("the %s outbox", (_name, open) => {
  it("numbers events and readings together from 1 and gives them back in order", async () => {
    await using outbox = await open();
    await outbox.append([{ event: crossing(1) }, { reading: reading(2) }]);
    await outbox.append([{ event: crossing(3) }]);
    expect(outbox.waiting(0, everything)).toMatchObject([
      { sequence: 1, kind: "event", body: JSON.stringify(crossing(1)) },
      { sequence: 2, kind: "reading", body: JSON.stringify(reading(2)) },
      { sequence: 3, kind: "event", body: JSON.stringify(crossing(3)) },
    ]);
    expect(outbox.standing()).toMatchObject({ depth: 3, next: 4, acked: 0, lost: 0, full: false, damaged: false });
  });

  it("keeps the order of those who append at the same time", async () => {
    await using outbox = await open();
    await Promise.all(range(1, 200).map((n) => outbox.append([{ event: crossing(n) }])));
    const bodies = outbox.waiting(0, everything).map(({ body }) => body);
    expect(bodies).toEqual(range(1, 200).map((n) => JSON.stringify(crossing(n))));
    expect(numbers(outbox)).toEqual(range(1, 200));
  });

  it("gives portions by count and by size, and always at least one item", async () => {
    await using outbox = await open();
    await outbox.append(crossings(10));
    const size = JSON.stringify(crossing(1)).length;
    expect(outbox.waiting(0, { items: 3, bytes: 1e9 }).map((i) => i.sequence)).toEqual([1, 2, 3]);
    expect(outbox.waiting(3, { items: 100, bytes: size * 2.5 }).map((i) => i.sequence)).toEqual([4, 5]);
    expect(outbox.waiting(9, { items: 100, bytes: 1 }).map((i) => i.sequence)).toEqual([10]);
    expect(outbox.waiting(10, everything)).toEqual([]);
  });

  it("forgets what is acked and nothing else", async () => {
    await using outbox = await open();
    await outbox.append(crossings(5));
    expect(outbox.acked(outbox.epoch, 3)).toBe("forgotten");
    expect(numbers(outbox)).toEqual([4, 5]);
    expect(outbox.acked(outbox.epoch, 2)).toBe("forgotten");
    expect(numbers(outbox)).toEqual([4, 5]);
    await outbox.append(crossings(1));
    expect(numbers(outbox)).toEqual([4, 5, 6]);
    expect(outbox.standing()).toMatchObject({ next: 7, acked: 3 });
  });

  it("does not believe an ack of another epoch or of what was never appended", async () => {
    await using outbox = await open();
    await outbox.append(crossings(5));
    expect(outbox.acked("0123456789abcdef" as Epoch, 5)).toBe("other-epoch");
    expect(outbox.acked(outbox.epoch, 6)).toBe("never-appended");
    expect(outbox.acked(outbox.epoch, Number.MAX_SAFE_INTEGER)).toBe("never-appended");
    expect(numbers(outbox)).toEqual([1, 2, 3, 4, 5]);
    expect(outbox.acked(outbox.epoch, 0)).toBe("forgotten");
    expect(outbox.acked(outbox.epoch, 5)).toBe("forgotten");
  });

  it("wakes who waits for more, and lets them go when told to stop", async () => {
    await using outbox = await open();
    const stop = new AbortController();
    const grown = outbox.grown(0, stop.signal);
    await outbox.append(crossings(1));
    await grown;
    await outbox.grown(0, stop.signal);
    const more = outbox.grown(1, stop.signal);
    stop.abort(new Error("enough"));
    await expect(more).rejects.toThrow("enough");
    await expect(outbox.grown(1, stop.signal)).rejects.toThrow("enough");
  });

  it("gives up the oldest when there is no more room, keeps the newest, and says which are lost", async () => {
    const gaveUp: number[] = [];
    await using outbox = await open({
      quota: 256 * 1024,
      journal: {
        outboxGaveUp: (count) => gaveUp.push(count),
        outboxDamaged: () => undefined,
        outboxSetBack: () => undefined,
        outboxCannotWrite: () => undefined,
        outboxWritesAgain: () => undefined,
      },
    });
    for (let i = 0; i < 30; i++) await outbox.append(crossings(100));
    const { next, lost, full, depth } = outbox.standing();
    const kept = numbers(outbox);
    expect(full).toBe(true);
    expect(lost).toBeGreaterThan(1000);
    expect(gaveUp.reduce((a, b) => a + b, 0)).toBe(lost);
    expect(depth).toBe(kept.length);
    expect(kept.at(-1)).toBe(next - 1);
    expect(kept).toEqual(range(next - kept.length, next - 1));
    // The reports that are still there account for every number that is not.
    expect(unexplained(outbox, 1)).toEqual([]);
    expect(next - 1 - kept.length).toBe(lost);
  });

  it("is no longer full when the hub has taken enough", async () => {
    await using outbox = await open({ quota: 256 * 1024 });
    for (let i = 0; i < 30; i++) await outbox.append(crossings(100));
    expect(outbox.acked(outbox.epoch, outbox.standing().next - 1)).toBe("forgotten");
    await outbox.append(crossings(1));
    expect(outbox.standing()).toMatchObject({ depth: 1, full: false });
  });

  it("gives up what is too old, once the clock can be trusted", async () => {
    let now = 1_700_000_000_000;
    let trusted = false;
    const clock = { now: () => now as Instant, trusted: () => trusted };
    await using outbox = await open({ age: 1000, clock });
    await outbox.append(crossings(3));
    now += 600;
    await outbox.append(crossings(2));
    now += 600;
    await outbox.append(crossings(1));
    expect(numbers(outbox)).toEqual(range(1, 6));
    trusted = true;
    await outbox.append(crossings(1));
    expect(numbers(outbox)[0]).toBe(4);
    expect(losses(outbox)).toMatchObject([{ from: 1, to: 3, why: "age" }]);
    expect(outbox.standing().lost).toBe(3);
  });

  it("reports a range as lost when asked for what it has no more, and only once", async () => {
    await using outbox = await open();
    await outbox.append(crossings(10));
    outbox.acked(outbox.epoch, 6);
    await outbox.append(crossings(1));
    outbox.giveUp(at(4), at(8));
    outbox.giveUp(at(4), at(8));
    outbox.giveUp(at(5), at(99));
    await outbox.append(crossings(1));
    expect(losses(outbox)).toMatchObject([{ epoch: outbox.epoch, from: 4, to: 6, why: "age" }]);
    expect(numbers(outbox)[0]).toBe(7);
  });

  it("counts sessions upwards, above those of a box that stood here before", async () => {
    await using outbox = await open();
    const first = outbox.beginSession();
    expect(first).toBeGreaterThan(1_600_000_000);
    expect(outbox.beginSession()).toBeGreaterThan(first);
  });

  it("holds in order whatever is appended, acked and given up", async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("append" as const), count: fc.integer({ min: 1, max: 250 }) }),
      fc.record({ do: fc.constant("ack" as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ do: fc.constant("lost" as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        await using outbox = await open({ quota: 256 * 1024 });
        let acked = 0;
        for (const it of steps) {
          const { next } = outbox.standing();
          if (it.do === "append") await outbox.append(crossings(it.count));
          else if (it.do === "ack") {
            acked = Math.max(acked, Math.floor(it.share * (next - 1)));
            outbox.acked(outbox.epoch, acked);
          } else if (next > 1) outbox.giveUp(at(1), at(1 + Math.floor(it.share * (next - 2))));
          const kept = numbers(outbox);
          expect(kept).toEqual(range(outbox.standing().next - kept.length, outbox.standing().next - 1));
          expect(kept[0] ?? acked + 1).toBeGreaterThan(acked);
          expect(unexplained(outbox, acked + 1)).toEqual([]);
        }
      }),
      { numRuns: 25 },
    );
  });
});
