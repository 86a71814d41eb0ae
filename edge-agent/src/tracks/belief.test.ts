import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { belief } from "./belief.ts";

const spread = (from: number, to: number, n = 101): number[] =>
  Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));

describe("scores on an unknown scale", () => {
  it.each([
    ["probabilities of all kinds", spread(0, 1), 0.475],
    ["probabilities from a half on", spread(0.5, 1), 0.7375],
    ["probabilities cut high: all but the lowest are sure", spread(0.9, 1), 0.7475],
    ["margins with a long tail: no more than a third are weak", [...spread(-1, 1), ...spread(2, 100, 20)], -0.2],
    ["percent", spread(0, 100), 33.3],
  ])("%s have their border", (_name, scores, border) => {
    const sure = belief(scores);
    const range = Math.max(...scores) - Math.min(...scores);
    expect(sure(border + 0.03 * range)).toBeGreaterThan(0.5);
    expect(sure(border - 0.03 * range)).toBeLessThan(0.5);
  });

  it.each([[[1, 1, 1]], [[-1, -1]], [[0.3]], [[]]])("that say nothing, %j, are all sure", (scores) => {
    expect(belief(scores)(scores[0] ?? 0)).toBe(1);
  });

  it("keep their order and stay between 0 and 1", () => {
    const score = fc.double({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(fc.array(score, { minLength: 1 }), score, score, (scores, a, b) => {
        const sure = belief(scores);
        const [low, high] = [sure(Math.min(a, b)), sure(Math.max(a, b))];
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("mean the same when they are multiplied", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 3 }), (scores) => {
        fc.pre(Math.min(...scores) < 0);
        const [one, ten] = [belief(scores), belief(scores.map((s) => 10 * s))];
        for (const s of scores) expect(ten(10 * s)).toBeCloseTo(one(s), 9);
      }),
    );
  });
});
