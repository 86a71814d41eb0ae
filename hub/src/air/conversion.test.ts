import { describe, expect, it } from "vitest";
import { convert, type Pollutant, parseUnit } from "./concentration.ts";
import { fraction, toNumber } from "./fraction.ts";

describe("concentrations", () => {
  // M · 101.325 kPa / (8.314462618 J/(mol·K) · T), in µg/m³ of a ppb; molar masses 47.997, 46.005, 64.058, 28.010.
  it.each([
    ["o3", 1961.8, 1995.3],
    ["no2", 1880.4, 1912.5],
    ["so2", 2618.3, 2663],
    ["co", 1144.9, 1164.4],
  ] as const)("1000 ppb of %s are %d µg/m³ at 298 K and %d at 293 K", (gas, warm, cool) => {
    const mass = (state: "298K" | "293K") => {
      const found = convert(fraction(1000), gas, parseUnit("ppb")!, { unit: "ug/m3", state });
      return found.kind === "value" ? Math.round(toNumber(found.value) * 10) / 10 : undefined;
    };
    expect([mass("298K"), mass("293K")]).toEqual([warm, cool]);
  });

  it.each([
    [
      "ug/m3",
      ["µg/m³", "μg/m3", "UG/M3", "ug/m^3", "ug/m**3", "[ug/m3]", "µg m⁻³", "ug m-3", "μg·m-3", "ug.m-3", " ug / m3 "],
    ],
    ["mg/m3", ["mg/m³", "mg m-3", "MG/M^3"]],
    ["ppb", ["[ppb]", "PPB", "ppbv", "nmol/mol"]],
    ["ppm", ["[ppm]", "ppmv", "µmol/mol", "umol/mol"]],
    ["ug/m3@298K", ["µg/m³@298K", "ug/m3 @ 298 K", "ug m-3@298.15K"]],
    ["ug/m3@293K", ["ug/m3@293.15k"]],
    ["ug/m3@273K", ["ug/m3@273.15K"]],
  ])("reads %s however it is written", (unit, others) => {
    for (const other of others) expect([other, parseUnit(other)]).toEqual([other, parseUnit(unit)]);
  });

  it("reads no unit into what is none", () => {
    for (const none of ["", "ug", "g/m3", "ug/m2", "m-3", "pppb", "ug/m3@", "ug/m3@25C", "ug/m3@constructor", "%"])
      expect([none, parseUnit(none)]).toEqual([none, undefined]);
  });

  it("goes from mass to parts and back, in thousandths and thousands", () => {
    const of = (pollutant: Pollutant, value: string, unit: string, wanted: "ppb" | "ppm" | "ug/m3" | "mg/m3") => {
      const found = convert(fraction(value), pollutant, parseUnit(unit)!, { unit: wanted, state: "298K" });
      return found.kind === "value" ? Number(toNumber(found.value).toPrecision(5)) : found.why;
    };
    expect(of("o3", "1961.8", "ug/m3@298K", "ppb")).toBe(999.98);
    expect(of("o3", "1.9618", "mg/m3@298K", "ppm")).toBe(0.99998);
    expect(of("co", "1", "ppm", "mg/m3")).toBe(1.1449);
    expect(of("co", "2", "mg/m3", "ug/m3")).toBe(2000);
    expect(of("pm25", "1", "ppb", "ug/m3")).toMatch(/no mixing ratio/);
    expect(parseUnit("µg/m³@291K")).toBeUndefined();
  });
});
