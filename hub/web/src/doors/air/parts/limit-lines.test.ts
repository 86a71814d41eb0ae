import type { AirLimit } from "@openkerb/contract";
import { expect, it } from "vitest";
import { chosenLimits, limitIn } from "./limit-lines.ts";

const limit = (more: Partial<AirLimit>): AirLimit => ({
  ...{ law: "eu-2008-50", pollutant: "no2", statistic: "hour", value: 200, level: "limit", from: "2010-01-01" },
  ...more,
});

it("a limit in mass is drawn where a sensor in parts per billion has it, by the temperature of its law", () => {
  // 2008/50/EC states gases at 293 K: 1 ppb NO2 is 1.9125 µg/m³; at 298 K, as China does, 1.8804.
  expect(limitIn(limit({}), { metric: "no2", unit: "[ppb]" })).toBeCloseTo(200 / 1.9125, 1);
  expect(limitIn(limit({ law: "gb-3095-2026" }), { metric: "no2", unit: "[ppb]" })).toBeCloseTo(200 / 1.8804, 1);
  expect(limitIn(limit({ pollutant: "co", value: 10 }), { metric: "co", unit: "[ppm]" })).toBeCloseTo(8.59, 2);
  expect(limitIn(limit({ pollutant: "co", value: 10 }), { metric: "co", unit: "mg/m3" })).toBe(10);
  expect(limitIn(limit({ pollutant: "pm10", value: 50 }), { metric: "pm10", unit: "ug/m3" })).toBe(50);
  expect(limitIn(limit({ pollutant: "pm10", value: 50 }), { metric: "pm10", unit: "1" })).toBeUndefined();
});

it("hours are held against hourly figures and days against daily ones", () => {
  const all = [
    limit({}),
    limit({ statistic: "day", value: 50 }),
    limit({ law: "who-2021", level: "aqg", statistic: "day", value: 25 }),
    limit({ pollutant: "o3" }),
  ];
  expect(chosenLimits(all, "no2", 3_600_000).map((l) => l.value)).toEqual([200]);
  expect(chosenLimits(all, "no2", 86_400_000).map((l) => l.value)).toEqual([50, 25]);
  expect(chosenLimits(all, "humidity", 3_600_000)).toEqual([]);
});
