import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openCount, openSum, openWords } from "./small-counts.ts";

describe("what the public sees of a count", () => {
  it.each([
    [0, "fewer than 10"],
    [9, "fewer than 10"],
    [10, "10"],
    [1234, "1,234"],
  ])("%i reads %s", (n, words) => expect(openWords(openCount(n, 1))).toBe(words));

  it("says that nobody watched rather than that nobody came", () => {
    expect(openWords(openCount(0, 0))).toBe("not watched");
    expect(openWords(openCount(null, null))).toBe("not watched");
  });

  it("never shows a number below ten, and sums only in tens", () =>
    fc.assert(
      fc.property(fc.nat(5000), (n) => {
        const single = openCount(n, 1);
        expect(single.kind === "count" ? single.n : 10).toBeGreaterThanOrEqual(10);
        const sum = openSum(n);
        expect(sum.kind === "count" ? sum.n % 10 : 0).toBe(0);
      }),
    ));
});
