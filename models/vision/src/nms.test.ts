import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Candidate, overlap, suppress } from "./nms.ts";

const at = (left: number, top: number, score: number, kind = 0, size = 10): Candidate => ({
  kind,
  score,
  left,
  top,
  right: left + size,
  bottom: top + size,
});

describe("non-maximum suppression", () => {
  it("measures overlap as intersection over union", () => {
    expect(overlap(at(0, 0, 1), at(5, 0, 1))).toBeCloseTo(50 / 150);
    expect(overlap(at(0, 0, 1), at(10, 0, 1))).toBe(0);
    expect(overlap(at(3, 4, 1), at(3, 4, 1))).toBe(1);
  });

  it("keeps the best of those that overlap, and all classes apart", () => {
    const kept = suppress([at(1, 0, 0.5), at(0, 0, 0.9), at(0, 0, 0.8, 1), at(20, 0, 0.3)], 0.5, 10);
    expect(kept.map((one) => [one.kind, one.score])).toEqual([
      [0, 0.9],
      [1, 0.8],
      [0, 0.3],
    ]);
  });

  it("lets two stand that overlap exactly as much as allowed", () => {
    expect(suppress([at(0, 0, 0.9), at(5, 0, 0.8)], 50 / 150, 10)).toHaveLength(2);
    expect(suppress([at(0, 0, 0.9), at(5, 0, 0.8)], 0.33, 10)).toHaveLength(1);
  });

  it("stops at the most that were asked for", () => {
    expect(suppress([at(0, 0, 0.1), at(20, 0, 0.2), at(40, 0, 0.3)], 0.5, 2).map((c) => c.score)).toEqual([0.3, 0.2]);
  });

  const candidate = fc.record({
    left: fc.integer({ min: 0, max: 50 }),
    top: fc.integer({ min: 0, max: 50 }),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    kind: fc.integer({ min: 0, max: 2 }),
  });

  it("leaves nothing that overlaps, loses nothing that does not, and does the same when done again", () =>
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 30 }), (list) => {
        const all = list.map((one) => at(one.left, one.top, one.score, one.kind));
        const kept = suppress(all, 0.5, 300);
        for (const one of all)
          expect(kept.some((k) => k.kind === one.kind && (k === one || overlap(k, one) > 0.5))).toBe(true);
        for (const [i, a] of kept.entries())
          for (const b of kept.slice(i + 1)) expect(a.kind !== b.kind || overlap(a, b) <= 0.5).toBe(true);
        expect(suppress(kept, 0.5, 300)).toEqual(kept);
      }),
    ));
});
