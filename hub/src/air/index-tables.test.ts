import { describe, expect, it } from "vitest";
import { type Averaging, type Pollutant, parseUnit } from "./concentration.ts";
import { fraction } from "./fraction.ts";
import type { Sample } from "./index-standard.ts";
import { indexStandard, standardInForce } from "./standard.ts";

const sample = (pollutant: string, averaging: string, value: string | number, unit: string): Sample => ({
  pollutant: pollutant as Pollutant,
  averaging: averaging as Averaging,
  value: fraction(value),
  unit: parseUnit(unit)!,
});
const index = (standard: string, ...of: Parameters<typeof sample>) => {
  const verdict = indexStandard(standard)!.judge([sample(...of)]).each[0]!;
  return verdict.kind === "index" ? verdict.index : undefined;
};

/** EPA-454/B-24-002, Table 6 and footnote 4: the first and the last concentration of every band. */
const unitedStates: [pollutant: string, averaging: string, unit: string, bands: string][] = [
  ["o3", "8h", "ppm", "0-0.054 0.055-0.070 0.071-0.085 0.086-0.105 0.106-0.200"],
  ["o3", "1h", "ppm", "- - 0.125-0.164 0.165-0.204 0.205-0.404 0.405-0.604"],
  ["pm25", "24h", "ug/m3", "0.0-9.0 9.1-35.4 35.5-55.4 55.5-125.4 125.5-225.4 225.5-325.4"],
  ["pm10", "24h", "ug/m3", "0-54 55-154 155-254 255-354 355-424 425-604"],
  ["co", "8h", "ppm", "0.0-4.4 4.5-9.4 9.5-12.4 12.5-15.4 15.5-30.4 30.5-50.4"],
  ["so2", "1h", "ppb", "0-35 36-75 76-185 186-304"],
  ["so2", "24h", "ppb", "- - - - 305-604 605-1004"],
  ["no2", "1h", "ppb", "0-53 54-100 101-360 361-649 650-1249 1250-2049"],
];
const indexBands = [
  [0, 50],
  [51, 100],
  [101, 150],
  [151, 200],
  [201, 300],
  [301, 500],
] as const;

describe("every figure of the tables that indices are made of", () => {
  it.each(unitedStates)("US: %s over %s in %s, %s", (pollutant, averaging, unit, bands) => {
    bands.split(" ").forEach((band, i) => {
      const [low, high] = band.split("-") as [string, string];
      if (low === "") return;
      expect([band, index("us-2024", pollutant, averaging, low, unit)]).toEqual([band, indexBands[i]![0]]);
      expect([band, index("us-2024", pollutant, averaging, high, unit)]).toEqual([band, indexBands[i]![1]]);
    });
  });

  // The last band's line goes on: 301 + 199 · (C − low) / (high − low), rounded to the nearest whole number.
  it.each([
    ["o3", "1h", "1.000", "ppm", 896],
    ["pm25", "24h", "500.0", "ug/m3", 848],
    ["pm10", "24h", "1000", "ug/m3", 940],
    ["co", "8h", "100.0", "ppm", 996],
    ["so2", "24h", "2000", "ppb", 997],
    ["no2", "1h", "3000", "ppb", 737],
  ])("US: %s over %s of %s %s is %i, above 500", (pollutant, averaging, value, unit, expected) => {
    expect(index("us-2024", pollutant, averaging, value, unit)).toBe(expected);
  });

  it.each([
    // ETC HE Report 2024/17: 1-hour means, the end of a band is still in it.
    ["eaqi-2024", "pm25", "1h", "5 15 50 90 140"],
    ["eaqi-2024", "pm10", "1h", "15 45 120 195 270"],
    ["eaqi-2024", "no2", "1h", "10 25 60 100 150"],
    ["eaqi-2024", "o3", "1h", "60 100 120 160 180"],
    ["eaqi-2024", "so2", "1h", "20 40 125 190 275"],
    ["eaqi-2019", "pm25", "24h", "10 20 25 50 75"],
    ["eaqi-2019", "pm10", "24h", "20 40 50 100 150"],
    ["eaqi-2019", "no2", "1h", "40 90 120 230 340"],
    ["eaqi-2019", "o3", "1h", "50 100 130 240 380"],
    ["eaqi-2019", "so2", "1h", "100 200 350 500 750"],
  ])("%s: %s over %s, %s", (standard, pollutant, averaging, ends) => {
    ends.split(" ").forEach((end, i) => {
      expect([end, index(standard, pollutant, averaging, end, "ug/m3")]).toEqual([end, i + 1]);
      expect([end, index(standard, pollutant, averaging, `${end}.01`, "ug/m3")]).toEqual([end, i + 2]);
    });
  });

  it.each([
    // HJ 633-2012 Table 1 and HJ 633-2026 Table 3; they differ in the particles at index 100 only.
    ["so2", "24h", "50 150 475 800 1600 2100 2620"],
    ["so2", "1h", "150 500 650 800"],
    ["no2", "24h", "40 80 180 280 565 750 940"],
    ["no2", "1h", "100 200 700 1200 2340 3090 3840"],
    ["co", "24h", "2 4 14 24 36 48 60"],
    ["co", "1h", "5 10 35 60 90 120 150"],
    ["o3", "8h", "100 160 215 265 800"],
    ["o3", "1h", "160 200 300 400 800 1000 1200"],
    ["pm10", "24h", "50 150|120 250 350 420 500 600"],
    ["pm25", "24h", "35 75|60 115 150 250 350 500"],
  ])("China: %s over %s, %s", (pollutant, averaging, nodes) => {
    const unit = pollutant === "co" ? "mg/m3" : "ug/m3";
    const at = [50, 100, 150, 200, 300, 400, 500];
    for (const [k, standard] of ["hj633-2012", "hj633-2026"].entries())
      nodes.split(" ").forEach((node, i) => {
        const value = node.split("|")[k] ?? node;
        expect([standard, value, index(standard, pollutant, averaging, value, unit)]).toEqual([standard, value, at[i]]);
        // Rounded up: a tenth of mg of CO or a whole µg more is at least the next number, but for the last node.
        const more = pollutant === "co" ? `${value}.1` : String(Number(value) + 1);
        const next = index(standard, pollutant, averaging, more, unit);
        if (i < nodes.split(" ").length - 1) expect(next).toBeGreaterThan(at[i]!);
        else if (at[i] === 500) expect(next).toBe(500);
      });
  });

  it.each([
    ["us", "2024-05-05", undefined],
    ["us", "2024-05-06", "us-2024"],
    ["eu", "2018-12-31", undefined],
    ["eu", "2019-01-01", "eaqi-2019"],
    ["eu", "2024-12-31", "eaqi-2019"],
    ["eu", "2025-01-01", "eaqi-2024"],
    ["cn", "2015-12-31", undefined],
    ["cn", "2016-01-01", "hj633-2012"],
    ["cn", "2026-02-28", "hj633-2012"],
    ["cn", "2026-03-01", "hj633-2026"],
  ] as const)("in %s on %s the rules are %s", (region, day, id) => {
    expect(standardInForce(region, day)?.id).toBe(id);
  });

  // Classes change with the number behind the last of a band: US AQI 0-50 … 301+; China 1-50 … above 300.
  it("names the class of every index", () => {
    const of = (standard: string, value: number) => {
      const verdict = indexStandard(standard)!.judge([sample("pm25", "24h", value, "ug/m3")]).each[0]!;
      return verdict.kind === "index" ? `${verdict.index} ${verdict.category}` : "";
    };
    expect([9, 9.1, 35.4, 35.5, 55.4, 55.5, 125.4, 125.5, 225.4, 225.5].map((v) => of("us-2024", v))).toEqual([
      "50 Good",
      "51 Moderate",
      "100 Moderate",
      "101 Unhealthy for Sensitive Groups",
      "150 Unhealthy for Sensitive Groups",
      "151 Unhealthy",
      "200 Unhealthy",
      "201 Very Unhealthy",
      "300 Very Unhealthy",
      "301 Hazardous",
    ]);
    // 36 µg/m³: 50 + 50 · 1/25 = 52; 61: 100 + 50/55, up to 101; 116: 150 + 50/35, up to 152; 151, 251: one up.
    expect([35, 36, 60, 61, 115, 116, 150, 151, 250, 251].map((v) => of("hj633-2026", v))).toEqual([
      "50 Excellent",
      "52 Good",
      "100 Good",
      "101 Lightly polluted",
      "150 Lightly polluted",
      "152 Moderately polluted",
      "200 Moderately polluted",
      "201 Heavily polluted",
      "300 Heavily polluted",
      "301 Severely polluted",
    ]);
    // 251 µg/m³ of PM10: 150 + 50/100, up to 151, the first of its class.
    const pm10 = indexStandard("hj633-2026")!.judge([sample("pm10", "24h", 251, "ug/m3")]).each[0]!;
    expect(pm10).toMatchObject({ index: 151, category: "Moderately polluted" });
  });
});
