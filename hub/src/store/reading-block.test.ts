import type { QualityFlag } from "@openkerb/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Packed, pack, unpack } from "./reading-block.ts";

const packed: fc.Arbitrary<Packed> = fc.record({
  at: fc.integer({ min: 0, max: 4_102_444_800_000 }),
  sequence: fc.integer({ min: 1, max: 2 ** 40 }),
  value: fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -99_999, max: 99_999 }).map((n) => n / 10),
  ),
  quality: fc.constantFrom<QualityFlag>(1, 2, 3, 4, 9),
  clock: fc.constantFrom("synced", "unsynced", "unknown"),
  delay: fc.integer({ min: -300_000, max: 2 ** 40 }),
});
const start = { at: 1_795_000_000_000, sequence: 0, delay: 0 };

describe("a block of readings", () => {
  it("gives back exactly what was put in, bit for bit, however it was cut", () =>
    fc.assert(
      fc.property(fc.array(packed, { maxLength: 40 }), fc.nat(40), (all, cut) => {
        const first = all.slice(0, cut);
        const second = all.slice(cut);
        const body = Buffer.concat([pack(first, start), pack(second, first.at(-1) ?? start)]);
        const back = unpack(body, start);
        expect(back.length).toBe(all.length);
        back.forEach((r, i) => {
          expect(Object.is(r.value, all[i]?.value)).toBe(true);
          expect({ ...r, value: 0 }).toEqual({ ...all[i], value: 0 });
        });
      }),
    ));

  it("holds a minute value in a dozen bytes", () => {
    const minutes: Packed[] = Array.from({ length: 60 }, (_, i) => ({
      at: start.at + i * 60_000,
      sequence: 1 + i * 12,
      value: (173 + i * 7) / 10,
      quality: 1,
      clock: "synced",
      delay: 900 + ((i * 37) % 80),
    }));
    expect(pack(minutes, start).length / 60).toBeLessThan(12);
  });

  it("refuses a block that was cut off", () => {
    const body = pack(
      [{ at: 1e12, sequence: 5, value: 0.1234567891234, quality: 1, clock: "synced", delay: 3 }],
      start,
    );
    expect(() => unpack(body.subarray(0, -3), start)).toThrow(RangeError);
  });
});
