import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ceil,
  compare,
  fraction,
  halfEven,
  halfUp,
  minus,
  over,
  parseFraction,
  plus,
  times,
  toNumber,
  truncated,
} from "./fraction.ts";

describe("exact numbers", () => {
  it.each([
    ["0.07853333", 3, 0.078],
    ["9.099", 1, 9],
    ["1.005", 2, 1],
    ["-0.19", 1, -0.1],
    ["35.4", 1, 35.4],
  ])("cuts %s off at %i places as %d", (text, places, cut) => {
    expect(toNumber(truncated(fraction(text), places))).toBe(cut);
  });

  it.each([
    ["0.5", 0],
    ["1.5", 2],
    ["60.5", 60],
    ["61.5", 62],
    ["60.51", 61],
    ["-0.5", 0],
    ["-1.5", -2],
    ["2.25", 2.2, 1],
    ["2.35", 2.4, 1],
  ] as [string, number, number?][])("rounds %s half to even as %d", (text, rounded, places = 0) => {
    expect(toNumber(halfEven(fraction(text), places))).toBe(rounded);
  });

  it("rounds 125.5 up and 125.4999 down", () => {
    expect([
      halfUp(fraction("125.5")),
      halfUp(fraction("125.4999")),
      ceil(fraction("100.0001")),
      ceil(fraction(100)),
    ]).toEqual([126, 125, 101, 100]);
  });

  it.each(["", ".", "1,5", "abc", "1e", "--1", "0x10", "Infinity", "NaN", "1 2"])(
    "does not take %j for a number",
    (text) => {
      expect(parseFraction(text)).toBeUndefined();
    },
  );

  it("adds and takes away without loss", () =>
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
        fc.double({ noNaN: true, min: 1e-6, max: 1e6 }),
        (a, b) => {
          const [x, y] = [fraction(a), fraction(b)];
          expect(minus(plus(x, y), y)).toEqual(x);
          expect(times(over(x, y), y)).toEqual(x);
          expect(compare(x, plus(x, y))).toBe(-1);
          expect(toNumber(x)).toBe(a === 0 ? 0 : a);
        },
      ),
    ));
});
