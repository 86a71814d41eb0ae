import { describe, expect, it } from "vitest";
import type { Averaging, Pollutant } from "./concentration.ts";
import { parseUnit } from "./concentration.ts";
import { fraction } from "./fraction.ts";
import type { Sample } from "./index-standard.ts";
import { usAqi2024 } from "./us-aqi.ts";

const units: Record<Pollutant, string> = { pm25: "ug/m3", pm10: "ug/m3", o3: "ppm", co: "ppm", so2: "ppb", no2: "ppb" };
const sample = (pollutant: Pollutant, averaging: Averaging, value: string, unit = units[pollutant]): Sample => ({
  pollutant,
  averaging,
  value: fraction(value),
  unit: parseUnit(unit)!,
});
const only = (one: Sample) => usAqi2024.judge([one]).each[0]!;
const index = (one: Sample) => {
  const verdict = only(one);
  return verdict.kind === "index" ? verdict.index : verdict.why;
};

const published: [Pollutant, Averaging, string, number][] = [
  // EPA TAD May 2024 p.15-16
  ["o3", "8h", "0.07853333", 126],
  ["o3", "8h", "0.078", 126],
  ["pm25", "24h", "35.9", 102],
  ["co", "8h", "8.4", 90],
  // chaunceygardiner/weewx-purple tests/test_purple.py f086c1c6
  ["pm25", "24h", "0.0", 0],
  ["pm25", "24h", "6.0", 33],
  ["pm25", "24h", "9.0", 50],
  ["pm25", "24h", "9.099", 50],
  ["pm25", "24h", "9.1", 51],
  ["pm25", "24h", "21.8", 75],
  ["pm25", "24h", "35.4", 100],
  ["pm25", "24h", "35.499", 100],
  ["pm25", "24h", "35.5", 101],
  ["pm25", "24h", "45.4", 125],
  ["pm25", "24h", "55.4", 150],
  ["pm25", "24h", "55.5", 151],
  ["pm25", "24h", "90.5", 176],
  ["pm25", "24h", "125.4", 200],
  ["pm25", "24h", "125.5", 201],
  ["pm25", "24h", "175.4", 250],
  ["pm25", "24h", "225.4", 300],
  ["pm25", "24h", "225.5", 301],
  ["pm25", "24h", "275.4", 400],
  ["pm25", "24h", "325.4", 500],
  ["pm25", "24h", "375.0", 599],
  ["pm25", "24h", "425.0", 698],
  ["pm25", "24h", "1000.0", 1844],
  // MazamaScience/AirMonitor tests/testthat/test-nowcast_to_aqi.R f48ddd72
  ["pm25", "24h", "5.0", 28],
  ["pm25", "24h", "15.0", 62],
  ["pm25", "24h", "40.0", 112],
  ["pm25", "24h", "80.0", 168],
  ["pm25", "24h", "200.0", 275],
  ["pm25", "24h", "400.0", 649],
  ["pm25", "24h", "9.04", 50],
  ["pm25", "24h", "9.09", 50],
  ["pm25", "24h", "9.11", 51],
  // computed from Table 6 in exact arithmetic
  ["pm25", "24h", "0", 0],
  ["pm25", "24h", "35.4", 100],
  ["pm25", "24h", "45.45", 125],
  ["pm25", "24h", "125.5", 201],
  ["pm25", "24h", "325.4", 500],
  ["pm10", "24h", "27", 25],
  ["pm10", "24h", "155", 101],
  ["pm10", "24h", "354", 200],
  ["pm10", "24h", "389.5", 250],
  ["o3", "8h", "0", 0],
  ["o3", "8h", "0.070", 100],
  ["o3", "8h", "0.078", 126],
  ["o3", "8h", "0.106", 201],
  ["o3", "1h", "0.164", 150],
  ["o3", "1h", "0.1845", 175],
  ["o3", "1h", "0.405", 301],
  ["co", "8h", "4.4", 50],
  ["co", "8h", "6.95", 75],
  ["co", "8h", "12.5", 151],
  ["co", "8h", "30.4", 300],
  ["co", "8h", "40.45", 400],
  ["so2", "1h", "36", 51],
  ["so2", "1h", "185", 150],
  ["so2", "1h", "245", 176],
  ["so2", "24h", "605", 301],
  ["no2", "1h", "53", 50],
  ["no2", "1h", "77", 76],
  ["no2", "1h", "361", 151],
  ["no2", "1h", "1249", 300],
  ["no2", "1h", "1649.5", 400],
];

describe("the US AQI of May 2024", () => {
  it.each(published)("%s %s at %s is %i", (pollutant, averaging, value, aqi) => {
    expect(index(sample(pollutant, averaging, value))).toBe(aqi);
  });

  it("gives 147 for the 1-hour ozone that the document prints as 148 against its own equation", () => {
    expect(index(sample("o3", "1h", "0.162"))).toBe(147);
  });

  it.each([
    ["pm25", "1h", "20", /single hour/],
    ["o3", "8h", "0.201", /1-hour mean decides/],
    ["o3", "1h", "0.124", /below 0.125 ppm/],
    ["so2", "24h", "304.9", /below 305 ppb/],
    ["so2", "1h", "305", /needs the 24-hour mean/],
    ["co", "1h", "3", /no scale/],
    ["pm25", "24h", "-0.1", /below zero/],
  ] as [Pollutant, Averaging, string, RegExp][])(
    "has no index for %s %s at %s and says why",
    (pollutant, averaging, value, why) => {
      expect(index(sample(pollutant, averaging, value))).toMatch(why);
    },
  );

  it("makes 1-hour SO2 of 305 ppb or more exactly 200 when its day stays below", () => {
    const { each, overall } = usAqi2024.judge([sample("so2", "1h", "400"), sample("so2", "24h", "304")]);
    expect(each.map((v) => v.kind)).toEqual(["index", "none"]);
    expect(overall).toEqual({ kind: "index", index: 200, category: "Unhealthy", primary: ["so2"] });
  });

  it("lets the day decide when 24-hour SO2 reaches 305 ppb", () => {
    const { overall } = usAqi2024.judge([sample("so2", "1h", "400"), sample("so2", "24h", "605")]);
    expect(overall).toMatchObject({ index: 301 });
  });

  // EPA technical assistance document, May 2024, p. 15-16.
  it("takes the worst pollutant as the index of the place", () => {
    const day = [sample("o3", "8h", "0.078"), sample("pm25", "24h", "35.9"), sample("co", "8h", "8.4")];
    expect(usAqi2024.judge(day).overall).toMatchObject({ index: 126, primary: ["o3"] });
    expect(usAqi2024.judge([sample("o3", "1h", "0.162"), sample("o3", "8h", "0.078")]).overall).toMatchObject({
      index: 147,
    });
    expect(usAqi2024.judge([sample("o3", "1h", "0.104"), sample("o3", "8h", "0.078")]).overall).toMatchObject({
      index: 126,
    });
  });

  it("names every pollutant that reaches the worst index", () => {
    const { overall } = usAqi2024.judge([
      sample("pm25", "24h", "35.4"),
      sample("no2", "1h", "100"),
      sample("co", "8h", "1"),
    ]);
    expect(overall).toMatchObject({ index: 100, primary: ["pm25", "no2"] });
  });

  it("brings a mass per volume to ppb at 298 K, or at the state it is given with", () => {
    // 100 ug/m3 of NO2 are 53.18 ppb at 298 K and 52.29 ppb at 293 K.
    expect(index(sample("no2", "1h", "100", "ug/m3"))).toBe(50);
    expect(index(sample("no2", "1h", "102", "ug/m3"))).toBe(51);
    expect(index(sample("no2", "1h", "102", "ug/m3@293K"))).toBe(50);
    expect(index(sample("pm25", "24h", "0.0359", "mg/m3"))).toBe(102);
    expect(index(sample("pm25", "24h", "35.9", "ppb"))).toMatch(/no mixing ratio/);
  });

  it("has no index without a value", () => {
    expect(only({ ...sample("pm25", "24h", "1"), value: undefined })).toEqual({ kind: "none", why: "missing value" });
  });
});
