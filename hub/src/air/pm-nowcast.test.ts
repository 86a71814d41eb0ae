import { describe, expect, it } from "vitest";
import { fraction } from "./fraction.ts";
import { pmNowCast } from "./pm-nowcast.ts";

describe("the NowCast of particles", () => {
  const cast = (oldestFirst: readonly (number | undefined)[], pollutant: "pm25" | "pm10" = "pm25") => {
    const found = pmNowCast(
      oldestFirst.map((v) => (v === undefined ? v : fraction(v))),
      pollutant,
    );
    return found.kind === "value" ? found.value : undefined;
  };
  it("weighs hours by the smallest over the largest of them, at least by a half", () => {
    // 0 now, 100 and 100 before: weight 0.5, (0 + 50 + 25) / 1.75 = 42.857, cut off.
    expect(cast([100, 100, 0])).toBe(42.8);
    expect(cast([100, 100, 0], "pm10")).toBe(42);
    // 8 now, 10 before: weight 0.8, (8 + 8) / 1.8 = 8.888.
    expect(cast([10, 8])).toBe(8.8);
    expect(cast([7, 7, 7])).toBe(7);
    expect(cast([0, 0, 0])).toBe(0);
    // Only the last twelve hours: the 500 of thirteen hours ago is gone.
    expect(cast([500, ...new Array(12).fill(7)])).toBe(7);
  });
  it("keeps its weight between a half and one where hours are below zero", () => {
    // −5 now, 10 and 10 before: 1 − 15/10 is below a half: (−5 + 5 + 2.5) / 1.75 = 1.428.
    expect(cast([10, 10, -5])).toBe(1.4);
    // −1, −2, −3: 1 − 2/−1 is above one, so the plain mean.
    expect(cast([-3, -2, -1])).toBe(-2);
  });
  it("needs two of the last three hours", () => {
    expect(cast([5, undefined, 6])).toBe(5.5);
    expect(cast([5, 6, undefined])).toBe(5.5);
    expect(cast([9, 9, 9, undefined, undefined, 6])).toBeUndefined();
    expect(cast([6])).toBeUndefined();
  });
});
