import { expect, it } from "vitest";
import { convert, parseUnit } from "./concentration.ts";
import { fraction, toNumber } from "./fraction.ts";

const inMass = (unit: string, state: "293K" | "298K"): number | undefined => {
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
