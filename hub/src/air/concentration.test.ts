import { expect, it } from "vitest";
import { convert, parseUnit, type ReferenceState } from "./concentration.ts";
import { fraction, toNumber } from "./fraction.ts";

const inMass = (unit: string, state: ReferenceState): number | undefined => {
  const parsed = parseUnit(unit);
  const converted = parsed && convert(fraction(100), "no2", parsed, { unit: "ug/m3", state });
  return converted?.kind === "value" ? Math.round(toNumber(converted.value) * 10) / 10 : undefined;
};

it("a gas in ppb counts wherever its profile says it was stated: parts of parts know no temperature", () => {
  for (const unit of ["ppb", "[ppb]", "[ppb]@298K", "ppb@293K"]) {
    expect(inMass(unit, "293K")).toBe(191.2);
    expect(inMass(unit, "298K")).toBe(188);
  }
  expect(inMass("[ppb]@25C", "293K")).toBeUndefined();
});

it("a mass keeps its temperature", () => {
  expect(inMass("ug/m3@298K", "293K")).toBe(101.7);
  expect(inMass("ug/m3@293K", "293K")).toBe(100);
});

it("China's mass of a gas before September 2018 is larger by the ratio of the temperatures", () => {
  // 46.005 g/mol · 101.325 kPa / (8.314462618 · 273.15 K) = 2.0525 µg/m³ of a ppb; 298.15 / 273.15 = 1.0915.
  expect(inMass("ppb", "273K")).toBe(205.3);
  expect(inMass("ug/m3@298K", "273K")).toBe(109.2);
  expect(inMass("ug/m3@273K", "298K")).toBe(91.6);
});
