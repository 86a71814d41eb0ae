import { describe, expect, it } from "vitest";
import { correct, dryMass } from "./correction.ts";

describe("corrections", () => {
  const pm = (id: string, channel: "cf1" | "atm" | "count03", value: number, humidity = 50) => {
    const found = correct(id, { channel, value, humidity });
    return found.kind === "value" ? Number(found.value.toFixed(6)) : undefined;
  };
  // EPA's five branches at 50 % humidity (0.0862 · 50 = 4.31), at their ends and in their middles.
  it.each([
    [20, 11.92],
    [30, 17.16],
    [40, 27.64],
    [50, 40.74],
    [100, 80.04],
    [210, 166.5],
    [235, 200.04245],
    [260, 242.1244],
    [300, 289.526],
  ])("EPA 2021 makes %d µg/m³ %d", (value, corrected) => {
    expect(pm("epa-2021-atm@1", "atm", value)).toBeCloseTo(corrected, 5);
  });
  it("has the digits of the others", () => {
    expect(pm("barkjohn-2021@1", "cf1", 100)).toBeCloseTo(53.84, 6);
    expect(pm("sensortoolkit@1", "cf1", 100)).toBeCloseTo(53.86, 6);
    expect(pm("epa-fasm@1", "cf1", 343)).toBeCloseTo(179.81, 6);
    expect(pm("epa-fasm@1", "cf1", 344)).toBeCloseTo(207.716048, 6);
    expect(pm("airgradient-20240104@1", "count03", 1000)).toBeCloseTo(16.61504, 6);
    // Never below zero: 5.75 − 8.62.
    expect(pm("barkjohn-2021@1", "cf1", 0, 100)).toBe(0);
  });
  it("refuses humidity that cannot be, and corrections nobody published", () => {
    expect([pm("barkjohn-2021@1", "cf1", 100, 0), pm("barkjohn-2021@1", "cf1", 100, 100)]).toEqual([58.15, 49.53]);
    for (const humidity of [-0.1, 100.1, Number.NaN])
      expect(pm("barkjohn-2021@1", "cf1", 100, humidity)).toBeUndefined();
    expect(pm("barkjohn-2031@1", "cf1", 100)).toBeUndefined();
    expect(pm("barkjohn-2021@1", "atm", 100)).toBeUndefined();
  });
  it("dries particles by their hygroscopicity: 1 + (0.4/1.65) / (1/0.8 − 1) = 1.9697", () => {
    expect(dryMass(20, 80, 0.4)).toBeCloseTo(10.15385, 5);
  });
});
