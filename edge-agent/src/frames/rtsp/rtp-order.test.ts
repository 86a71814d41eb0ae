import fc from "fast-check";
import { expect, it } from "vitest";
import { rtpOrder } from "./rtp-order.ts";

const packet = (sequence: number): Buffer => {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt16BE(((sequence % 65_536) + 65_536) % 65_536, 2);
  return bytes;
};

function order(sequences: readonly number[], spacing = 1): { given: number[]; lost: number } {
  const given: number[] = [];
  const ordered = rtpOrder((p) => given.push(p.readUInt16BE(2)));
  sequences.forEach((sequence, i) => {
    ordered.put(packet(sequence), i * spacing);
  });
  ordered.flush(sequences.length * spacing + 1000);
  return { given, lost: ordered.lost };
}

it("passes on what is in order at once", () => {
  const given: number[] = [];
  const ordered = rtpOrder((p) => given.push(p.readUInt16BE(2)));
  for (const sequence of [65_534, 65_535, 0, 1]) {
    ordered.put(packet(sequence), 0);
    expect(given.at(-1)).toBe(sequence);
  }
});

it("restores the order of whatever comes late by less than its patience, over the wrap of the numbers too", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 65_535 }),
      fc.array(fc.nat(20), { minLength: 50, maxLength: 200 }),
      (start, lateness) => {
        // Each packet is put back by up to 20 places; the first stays, since it defines the start.
        const shuffled = lateness
          .map((late, i) => ({ sequence: start + i + 1, place: i + late }))
          .sort((a, b) => a.place - b.place || a.sequence - b.sequence)
          .map((p) => p.sequence);
        const { given, lost } = order([start, ...shuffled]);
        expect(given).toEqual(Array.from({ length: lateness.length + 1 }, (_, i) => (start + i) % 65_536));
        expect(lost).toBe(0);
      },
    ),
  );
});

it("gives up a lost packet after a tenth of a second, and counts it", () => {
  expect(order([1, 2, 4, 5, 6, 7], 30)).toEqual({ given: [1, 2, 4, 5, 6, 7], lost: 1 });
  expect(order([1, 2, 3, 3, 2, 4])).toEqual({ given: [1, 2, 3, 4], lost: 0 });
});

it("never holds more than it should, and never gives anything twice or out of turn", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 300 }), (sequences) => {
      const { given } = order(sequences);
      for (const [i, sequence] of given.entries()) if (i > 0) expect(sequence).toBeGreaterThan(given[i - 1] ?? -1);
    }),
  );
});

it("believes a camera that restarted and counts from elsewhere", () => {
  const elsewhere = Array.from({ length: 30 }, (_, i) => 30_000 + i);
  expect(order([1, 2, 3, ...elsewhere]).given.slice(-20)).toEqual(elsewhere.slice(-20));
  // One odd packet alone is not believed.
  expect(order([1, 2, 3, 30_000, 4, 5]).given).toEqual([1, 2, 3, 4, 5]);
});
