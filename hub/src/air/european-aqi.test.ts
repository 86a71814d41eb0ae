import { describe, expect, it } from "vitest";
import { type Averaging, type Pollutant, parseUnit } from "./concentration.ts";
import { europeanAqi2019, europeanAqi2024 } from "./european-aqi.ts";
import { fraction } from "./fraction.ts";
import { indexStandard, standardInForce } from "./standard.ts";

const judge = (
  standard: typeof europeanAqi2024,
  pollutant: Pollutant,
  averaging: Averaging,
  value: string,
  unit = "ug/m3",
) => standard.judge([{ pollutant, averaging, value: fraction(value), unit: parseUnit(unit)! }]).each[0]!;

describe("the European index", () => {
  // AirWatch, test_index_band_for_revised_pm2_5.
  it.each([
    ["0", 1],
    ["5", 1],
    ["5.01", 2],
    ["15", 2],
    ["15.01", 3],
    ["50", 3],
    ["90", 4],
    ["140", 5],
    ["141", 6],
  ])("puts %s ug/m3 of PM2.5 into band %i", (value, band) => {
    expect(judge(europeanAqi2024, "pm25", "1h", value)).toMatchObject({ index: band });
  });

  // Open-Meteo's index vectors, its steps of 20 read as bands.
  it.each([
    ["no2", "17.5", "Fair"],
    ["no2", "42.5", "Moderate"],
    ["no2", "80", "Poor"],
    ["no2", "125", "Very poor"],
    ["no2", "175", "Extremely poor"],
    ["o3", "30", "Good"],
    ["o3", "80", "Fair"],
    ["o3", "110", "Moderate"],
    ["o3", "140", "Poor"],
    ["o3", "170", "Very poor"],
    ["o3", "190", "Extremely poor"],
    ["pm10", "7.5", "Good"],
    ["pm10", "157.5", "Poor"],
    ["so2", "125", "Moderate"],
  ] as [Pollutant, string, string][])("calls %s at %s %s", (pollutant, value, category) => {
    expect(judge(europeanAqi2024, pollutant, "1h", value)).toMatchObject({ category });
  });

  it("takes particles as 24-hour means before the revision and as 1-hour means since", () => {
    expect(judge(europeanAqi2019, "pm25", "24h", "25")).toMatchObject({ index: 3 });
    expect(judge(europeanAqi2019, "pm25", "1h", "25")).toMatchObject({ kind: "none" });
    expect(judge(europeanAqi2024, "pm25", "24h", "25")).toMatchObject({ kind: "none" });
    expect(judge(europeanAqi2024, "co", "8h", "1", "mg/m3")).toEqual({
      kind: "none",
      why: "the European index does not know co",
    });
  });

  it("states ppb as a mass at 293 K", () => {
    // 5.2 ppb of NO2 are 9.95 ug/m3 and 5.25 ppb 10.04 ug/m3 at 293 K.
    expect(judge(europeanAqi2024, "no2", "1h", "5.2", "ppb")).toMatchObject({ index: 1 });
    expect(judge(europeanAqi2024, "no2", "1h", "5.25", "ppb")).toMatchObject({ index: 2 });
  });
});

describe("the law of the day", () => {
  it.each([
    ["cn", "2026-02-28", "hj633-2012"],
    ["cn", "2026-03-01", "hj633-2026"],
    ["eu", "2024-12-31", "eaqi-2019"],
    ["eu", "2026-11-23", "eaqi-2024"],
    ["us", "2024-05-06", "us-2024"],
    ["us", "2020-01-01", undefined],
  ] as ["cn" | "eu" | "us", string, string | undefined][])("in %s on %s is %s", (region, day, id) => {
    expect(standardInForce(region, day)?.id).toBe(id);
  });

  it("lets a day be replayed under another law", () => {
    const day = [
      { pollutant: "pm25" as const, averaging: "24h" as const, value: fraction(70), unit: parseUnit("ug/m3")! },
    ];
    expect(indexStandard("hj633-2012")!.judge(day).each[0]).toMatchObject({ index: 94 });
    expect(indexStandard("hj633-2026")!.judge(day).each[0]).toMatchObject({ index: 110 });
  });
});
