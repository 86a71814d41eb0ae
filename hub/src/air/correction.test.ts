import { describe, expect, it } from "vitest";
import { correct, corrections, dryMass } from "./correction.ts";

const value = (id: string, channel: "cf1" | "atm" | "count03", raw: number, humidity: number) => {
  const corrected = correct(id, { channel, value: raw, humidity });
  return corrected.kind === "value" ? corrected.value : corrected.why;
};

describe("published corrections", () => {
  // chaunceygardiner/weewx-purple tests/test_purple.py: channels a and b, humidity, result.
  it.each([
    [0, 0, 0, 5.75],
    [0, 0, 21, 3.944],
    [118, 98, 95, 53.74],
    [395, 405, 95, 249.85],
    [0, 0, 90, 0],
  ])("EPA fire and smoke map: %d and %d at %d %% make %d", (a, b, rh, out) => {
    expect(value("epa-fasm@1", "cf1", (a + b) / 2, rh)).toBeCloseTo(out, 10);
  });

  // From the five-branch formula that Tasmota (73cd5cee) and AirGradient (PMS.cpp) carry, at 30 % humidity.
  it.each([
    [0, 3.164],
    [10, 8.404],
    [29.9, 18.8316],
    [30, 18.884],
    [40, 29.364],
    [50, 42.464],
    [120, 97.484],
    [209.9, 168.1454],
    [210, 168.224],
    [235, 200.90445],
    [260, 242.1244],
    [400, 420.406],
  ])("EPA 2021 on ATM: %d makes %d", (pm, out) => {
    expect(value("epa-2021-atm@1", "atm", pm, 30)).toBeCloseTo(out, 10);
  });

  it("AirGradient's device payload: 256 counts at 32.51 % make 6.83", () => {
    expect(value("airgradient-20240104@1", "count03", 256, 32.51)).toBeCloseTo(6.832448, 6);
  });

  it("keeps apart the digits of the paper and of the toolkit", () => {
    expect(value("barkjohn-2021@1", "cf1", 10, 50)).toBeCloseTo(6.68, 10);
    expect(value("sensortoolkit@1", "cf1", 10, 50)).toBeCloseTo(6.7, 10);
  });

  it("refuses another channel, an unknown version and an impossible humidity", () => {
    expect(value("barkjohn-2021@1", "atm", 10, 50)).toMatch(/made for cf1/);
    expect(value("barkjohn-2020@1", "cf1", 10, 50)).toMatch(/no correction/);
    expect(value("barkjohn-2021@1", "cf1", 10, 104)).toMatch(/not possible/);
    expect(new Set(corrections.map((c) => c.id)).size).toBe(corrections.length);
  });

  it.each([
    [30, 0.1, 48.7342],
    [50, 0.3, 42.3077],
    [70, 0.5, 29.2899],
    [85, 0.3, 24.6269],
    [95, 0.5, 7.3991],
  ])("50 ug/m3 at %d %% and kappa %d are %d dry", (rh, kappa, dry) => {
    expect(dryMass(50, rh, kappa)).toBeCloseTo(dry, 4);
  });
});
