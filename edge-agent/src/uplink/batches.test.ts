import { type Epoch, EventBatch, type Instant, payloadLimit, ReadingBatch, type Sequence } from "@openkerb/contract";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Item } from "../outbox/outbox.ts";
import { crossing, reading } from "../outbox/synthetic.ts";
import { batches } from "./batches.ts";

const epoch = "0123456789abcdef" as Epoch;
const now = 1_700_000_000_000 as Instant;
const item = (n: number, kind: Item["kind"], kept: number = now): Item => ({
  sequence: n as Sequence,
  kept: kept as Instant,
  kind,
  body: JSON.stringify(kind === "event" ? crossing(n) : reading(n)),
});

it("makes what the contract reads, events and readings apart, each in order", () => {
  const made = batches([item(1, "event"), item(2, "reading"), item(3, "event")], epoch, now);
  expect(made.map(({ stream, count }) => [stream, count])).toEqual([
    ["events", 2],
    ["readings", 1],
  ]);
  expect(EventBatch.parse(JSON.parse(made[0]!.payload))).toEqual({
    v: 1,
    epoch,
    sent: now,
    items: [
      { sequence: 1, event: crossing(1) },
      { sequence: 3, event: crossing(3) },
    ],
  });
  expect(ReadingBatch.parse(JSON.parse(made[1]!.payload)).items).toEqual([{ sequence: 2, reading: reading(2) }]);
});

it("marks what is sent late as backfill", () => {
  const [batch] = batches([item(1, "event", now - 60_000), item(2, "event", now - 5_000)], epoch, now);
  expect(EventBatch.parse(JSON.parse(batch!.payload)).items.map(({ backfill }) => backfill)).toEqual([true, undefined]);
});

it("is not late within half a minute", () => {
  const [batch] = batches([item(1, "event", now - 30_000), item(2, "event", now - 30_001)], epoch, now);
  expect(EventBatch.parse(JSON.parse(batch!.payload)).items.map(({ backfill }) => backfill)).toEqual([undefined, true]);
});

it("fills a batch to its last item, and nearly to its last byte", () => {
  const of = (count: number, length: number) =>
    batches(
      Array.from({ length: count }, (_, i) => ({ ...item(i + 1, "event"), body: JSON.stringify("x".repeat(length)) })),
      epoch,
      now,
    );
  expect([of(500, 10), of(501, 10)].map((made) => made.map(({ count }) => count))).toEqual([[500], [500, 1]]);
  for (let length = 560; length < 700; length += 3) {
    const [first, ...others] = of(500, length).map(({ payload }) => Buffer.byteLength(payload));
    expect(first).toBeLessThanOrEqual(payloadLimit);
    if (others.length > 0) expect(first).toBeGreaterThan(payloadLimit - 1000);
  }
});

it("stays below 500 items and 256 KB, whatever comes, and leaves nothing out", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 1200 }), (sizes) => {
      const items = sizes.map((size, i) => ({ ...item(i + 1, "event"), body: JSON.stringify("x".repeat(size)) }));
      const made = batches(items, epoch, now);
      for (const { payload, count } of made) {
        expect(Buffer.byteLength(payload)).toBeLessThan(payloadLimit);
        expect(count).toBeLessThanOrEqual(500);
      }
      const sequences = made.flatMap(({ payload }) =>
        (JSON.parse(payload) as { items: { sequence: number }[] }).items.map(({ sequence }) => sequence),
      );
      expect(sequences).toEqual(items.map(({ sequence }) => sequence));
    }),
    { numRuns: 50 },
  );
});
