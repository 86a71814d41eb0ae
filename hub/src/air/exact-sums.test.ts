import { describe, expect, it } from "vitest";
import { exactSums } from "./exact-sums.ts";
import { percentileBetween, percentileByRank } from "./percentile.ts";

describe("sums and shares", () => {
  it("adds without losing a digit, also of very small and very large numbers", () => {
    expect(exactSums([1e-7, 3e-7]).mean(0, 2)).toBe(2e-7);
    expect(exactSums([0.1, 1e-7, 2]).mean(0, 2)).toBe(0.05000005);
    expect(exactSums([1e21, 3e21]).mean(0, 2)).toBe(2e21);
    expect(exactSums([0.1, 0.2, -0.3]).mean(0, 3)).toBe(0);
    expect(exactSums([1, 2.25, 7]).mean(1, 3, 4)).toBe(2.3125);
  });
  it("takes percentiles between neighbours or by rank", () => {
    expect([0, 25, 50, 100].map((p) => percentileBetween([4, 1, 3, 2], p))).toEqual([1, 1.75, 2.5, 4]);
    expect([0, 25, 50, 99, 100].map((p) => percentileByRank([4, 1, 3, 2], p))).toEqual([1, 1, 2, 4, 4]);
    expect(percentileBetween([7], 95)).toBe(7);
  });
});
