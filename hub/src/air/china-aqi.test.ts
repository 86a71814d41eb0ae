import { describe, expect, it } from "vitest";
import { chinaAqi2012, chinaAqi2026 } from "./china-aqi.ts";
import { type Averaging, type Pollutant, parseUnit } from "./concentration.ts";
import { fraction } from "./fraction.ts";
import type { Sample } from "./index-standard.ts";
import { indexStandard, standardInForce } from "./standard.ts";

const edition = { "2026": chinaAqi2026, "2012": chinaAqi2012 };
const sample = (pollutant: Pollutant, averaging: Averaging, value: string, unit?: string): Sample => ({
  pollutant,
  averaging,
  value: fraction(value),
  unit: parseUnit(unit ?? (pollutant === "co" ? "mg/m3" : "ug/m3"))!,
});
const index = (year: keyof typeof edition, one: Sample) => {
  const verdict = edition[year].judge([one]).each[0]!;
  return verdict.kind === "index" ? verdict.index : verdict.why;
};

// Some calculators divide first and round up the last digit of 50/35, and so print 76 for 325 ug/m3 of SO2 and 26 for
// 17.5 ug/m3 of PM2.5; the exact values are 75 and 25.
const known: [keyof typeof edition, Pollutant, Averaging, string, number][] = [
  // caiyunapp/aqi-hub tests/aqi_cn/test_aqi_cn.py 82b4808a
  ["2026", "pm25", "24h", "75", 114],
  ["2026", "pm25", "24h", "59", 98],
  ["2026", "pm25", "24h", "60", 100],
  ["2026", "pm10", "24h", "150", 112],
  ["2026", "pm10", "24h", "118", 99],
  ["2026", "pm10", "24h", "120", 100],
  ["2026", "so2", "1h", "801", 200],
  ["2026", "so2", "1h", "3000", 200],
  ["2026", "o3", "8h", "1000", 300],
  ["2026", "o3", "1h", "2000", 500],
  ["2026", "no2", "1h", "4000", 500],
  // file id 71272966419 (GB/T 8170 half-even)
  ["2026", "pm25", "24h", "60.5", 100],
  // file id 71272966419
  ["2026", "pm25", "24h", "60.6", 101],
  // computed from the table in exact arithmetic
  ["2026", "so2", "24h", "50.0", 50],
  ["2026", "so2", "24h", "83.3", 67],
  ["2026", "so2", "24h", "637.5", 176],
  ["2026", "so2", "24h", "2100.0", 400],
  ["2026", "so2", "24h", "2273.3", 434],
  ["2026", "so2", "1h", "325.0", 75],
  ["2026", "so2", "1h", "800.0", 200],
  ["2026", "no2", "24h", "13.3", 17],
  ["2026", "no2", "24h", "130.0", 125],
  ["2026", "no2", "24h", "565.0", 300],
  ["2026", "no2", "24h", "626.7", 334],
  ["2026", "no2", "1h", "50.0", 25],
  ["2026", "no2", "1h", "700.0", 150],
  ["2026", "no2", "1h", "866.7", 167],
  ["2026", "no2", "1h", "2715.0", 350],
  ["2026", "co", "24h", "2.0", 50],
  ["2026", "co", "24h", "2.7", 68],
  ["2026", "co", "24h", "19.0", 175],
  ["2026", "co", "24h", "48.0", 400],
  ["2026", "co", "24h", "52.0", 434],
  ["2026", "co", "1h", "7.5", 75],
  ["2026", "co", "1h", "60.0", 200],
  ["2026", "co", "1h", "70.0", 234],
  ["2026", "co", "1h", "135.0", 450],
  ["2026", "o3", "8h", "160.0", 100],
  ["2026", "o3", "8h", "178.3", 117],
  ["2026", "o3", "8h", "532.5", 250],
  ["2026", "o3", "1h", "200.0", 100],
  ["2026", "o3", "1h", "233.3", 117],
  ["2026", "o3", "1h", "600.0", 250],
  ["2026", "o3", "1h", "1200.0", 500],
  ["2026", "pm10", "24h", "16.7", 17],
  ["2026", "pm10", "24h", "185.0", 125],
  ["2026", "pm10", "24h", "420.0", 300],
  ["2026", "pm10", "24h", "446.7", 334],
  ["2026", "pm25", "24h", "17.5", 26],
  ["2026", "pm25", "24h", "115.0", 150],
  ["2026", "pm25", "24h", "126.7", 168],
  ["2026", "pm25", "24h", "300.0", 350],
  ["2012", "so2", "24h", "50.0", 50],
  ["2012", "so2", "24h", "83.3", 67],
  ["2012", "so2", "24h", "637.5", 175],
  ["2012", "so2", "24h", "2100.0", 400],
  ["2012", "so2", "24h", "2273.3", 434],
  ["2012", "so2", "1h", "325.0", 75],
  ["2012", "so2", "1h", "800.0", 200],
  ["2012", "no2", "24h", "13.3", 17],
  ["2012", "no2", "24h", "130.0", 125],
  ["2012", "no2", "24h", "565.0", 300],
  ["2012", "no2", "24h", "626.7", 334],
  ["2012", "no2", "1h", "50.0", 25],
  ["2012", "no2", "1h", "700.0", 150],
  ["2012", "no2", "1h", "866.7", 167],
  ["2012", "no2", "1h", "2715.0", 350],
  ["2012", "co", "24h", "2.0", 50],
  ["2012", "co", "24h", "2.7", 68],
  ["2012", "co", "24h", "19.0", 175],
  ["2012", "co", "24h", "48.0", 400],
  ["2012", "co", "24h", "52.0", 434],
  ["2012", "co", "1h", "7.5", 75],
  ["2012", "co", "1h", "60.0", 200],
  ["2012", "co", "1h", "70.0", 234],
  ["2012", "co", "1h", "135.0", 450],
  ["2012", "o3", "8h", "160.0", 100],
  ["2012", "o3", "8h", "178.3", 117],
  ["2012", "o3", "8h", "532.5", 250],
  ["2012", "o3", "1h", "200.0", 100],
  ["2012", "o3", "1h", "233.3", 117],
  ["2012", "o3", "1h", "600.0", 250],
  ["2012", "o3", "1h", "1200.0", 500],
  ["2012", "pm10", "24h", "16.7", 17],
  ["2012", "pm10", "24h", "200.0", 125],
  ["2012", "pm10", "24h", "420.0", 300],
  ["2012", "pm10", "24h", "446.7", 334],
  ["2012", "pm25", "24h", "17.5", 25],
  ["2012", "pm25", "24h", "115.0", 150],
  ["2012", "pm25", "24h", "126.7", 167],
  ["2012", "pm25", "24h", "300.0", 350],
];

const six = (pm25: string): Sample[] => [
  sample("so2", "24h", "10"),
  sample("no2", "24h", "20"),
  sample("co", "24h", "1"),
  sample("o3", "8h", "60"),
  sample("pm10", "24h", "40"),
  sample("pm25", "24h", pm25),
];

describe("China's AQI", () => {
  it.each(known)("HJ 633-%s: %s %s at %s is %i", (year, pollutant, averaging, value, iaqi) => {
    expect(index(year, sample(pollutant, averaging, value))).toBe(iaqi);
  });

  it("rounds the concentration half to even only under the 2026 edition", () => {
    expect([index("2026", sample("pm25", "24h", "61.5")), index("2012", sample("pm25", "24h", "61.5"))]).toEqual([
      102, 84,
    ]);
  });

  it("does not compute what the 2012 edition leaves to another mean", () => {
    expect(index("2012", sample("so2", "1h", "801"))).toMatch(/24-hour mean decides/);
    expect(index("2012", sample("o3", "8h", "801"))).toMatch(/1-hour mean decides/);
    expect(index("2012", sample("pm25", "1h", "20"))).toMatch(/no scale/);
    expect(index("2026", sample("pm25", "1h", "20"))).toBe(29);
  });

  it("names no primary pollutant up to 50, and all ties above", () => {
    expect(chinaAqi2026.judge(six("35")).overall).toMatchObject({ index: 50, primary: [] });
    const tie = six("60").map((s) => (s.pollutant === "pm10" ? sample("pm10", "24h", "120") : s));
    expect(chinaAqi2026.judge(tie).overall).toMatchObject({ index: 100, primary: ["pm10", "pm25"] });
  });

  it("publishes an AQI with a pollutant missing only above 100", () => {
    const without = (pm25: string) => chinaAqi2026.judge(six(pm25).filter((s) => s.pollutant !== "so2")).overall;
    expect(without("60")).toEqual({ kind: "none", why: expect.stringContaining("so2 missing") });
    expect(without("61")).toMatchObject({ index: 101, category: "Lightly polluted" });
  });

  it("keeps hourly values out of the daily report", () => {
    const { overall } = chinaAqi2026.judge([...six("35"), sample("no2", "1h", "1200")]);
    expect(overall).toMatchObject({ index: 50 });
  });

  // 100 ppb of NO2 are 205.3 µg/m³ at 273 K: 100 + 50 · 5.3/500 = 100.5, up to 101; and 188.0 at 298 K: 50 + 50 · 88/100.
  it("states gases at 273 K until August 2018 and at 298 K from September on, as the amendment to GB 3095-2012 has it", () => {
    const on = (day: string, value: string, unit: string) =>
      standardInForce("cn", day)!.judge([sample("no2", "1h", value, unit)]).each[0];
    expect([on("2018-08-31", "100", "ppb"), on("2018-09-01", "100", "ppb")]).toMatchObject([
      { index: 101 },
      { index: 95 },
    ]);
    expect([on("2016-01-01", "200", "ug/m3"), on("2026-02-28", "200", "ug/m3")]).toMatchObject([
      { index: 100 },
      { index: 100 },
    ]);
    expect(standardInForce("cn", "2015-12-31")).toBeUndefined();
    expect(indexStandard("hj633-2012")).toBe(chinaAqi2012);
  });
});
