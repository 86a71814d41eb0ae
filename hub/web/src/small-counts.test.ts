import { CountBin } from "@openkerb/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { atLeast, openClasses, openCount, openSum, openWords } from "./small-counts.ts";

const kerb = "kerb" as never;
const hour = (n: { in: number; out: number; class?: string }): CountBin =>
  CountBin.parse({
    from: 0,
    span: 3_600_000,
    watched: 1,
    lines: [{ line: "kerb", class: "person", ...n }],
    zones: [],
  });

describe("what the public sees of a count", () => {
  it.each([
    [0, "fewer than 10"],
    [9, "fewer than 10"],
    [10, "10 to 19"],
    [19, "10 to 19"],
    [1234, "1,230 to 1,239"],
  ])("%i reads %s", (n, words) => expect(openWords(openCount(n, 1))).toBe(words));

  it("says that nobody watched rather than that nobody came", () => {
    expect(openWords(openCount(0, 0))).toBe("not watched");
    expect(openWords(openCount(null, null))).toBe("not watched");
  });

  it("never tells a small hour, nor lets a day's sum give it away", () =>
    fc.assert(
      fc.property(
        fc.array(fc.record({ in: fc.nat(60), out: fc.nat(60) }), { maxLength: 24 }),
        fc.nat(9),
        (day, few) => {
          const without = openSum(day.map(hour), kerb, "person");
          const withFew = openSum([...day, { in: few, out: 9 - few }].map(hour), kerb, "person");
          expect(withFew).toBe(without);
          expect(without % 10).toBe(0);
          expect(without).toBeLessThanOrEqual(day.reduce((s, d) => s + d.in + d.out, 0));
        },
      ),
    ));

  it("names the classes that may be told of, the most frequent first", () => {
    const bins = [
      hour({ in: 30, out: 0 }),
      hour({ in: 90, out: 0, class: "car" }),
      hour({ in: 9, out: 9, class: "bus" }),
    ];
    expect(openClasses(bins, kerb)).toEqual(["car", "person"]);
    expect(atLeast(openSum(bins, kerb, "car"))).toBe("at least 90");
    expect(atLeast(openSum(bins, kerb, "bus"))).toBe("fewer than 10 an hour");
  });
});
