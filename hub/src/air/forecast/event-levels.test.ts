import { describe, expect, it } from "vitest";
import { eventLevels, eventOf, forecastMetrics } from "./event-levels.ts";

describe("the level that is worth a warning", () => {
  it("is known for everything that is forecast, in every region, on every day of these years", () => {
    for (const region of ["eu", "us", "cn"] as const)
      for (const metric of forecastMetrics)
        for (const day of ["2026-02-28", "2026-03-01", "2026-12-11", "2026-12-12", "2031-01-01"]) {
          const unit = metric === "laeq" ? "dB[SPL]" : "ug/m3";
          expect(eventOf({ metric, unit }, region, day)?.value).toBeGreaterThan(0);
          const held = eventLevels.filter(
            (l) => l.region === region && l.metric === metric && (l.from ?? "") <= day && day <= (l.to ?? "9999"),
          );
          expect(held).toHaveLength(1);
        }
  });

  it("follows the law of the day and the unit of the channel", () => {
    expect(eventOf({ metric: "no2", unit: "ug/m3" }, "eu", "2026-12-11")?.value).toBe(200);
    expect(eventOf({ metric: "no2", unit: "ug/m3" }, "eu", "2026-12-12")?.value).toBe(150);
    // 180 µg/m³ of ozone at 293 K are 90.2 ppb; 70 ppb are 137.4 µg/m³ at 298 K.
    expect(eventOf({ metric: "o3", unit: "[ppb]" }, "eu", "2026-06-01")?.value).toBeCloseTo(90.2, 1);
    expect(eventOf({ metric: "o3", unit: "ug/m3", reference: "298K" }, "us", "2026-06-01")?.value).toBeCloseTo(
      137.4,
      0,
    );
    expect(eventOf({ metric: "pm25", unit: "mg/m3" }, "cn", "2026-06-01")?.value).toBe(0.06);
  });

  // HJ 633-2012 reaches index 100 at 75 and 150 µg/m³, HJ 633-2026 at 60 and 120.
  it("is where China's index passes 100 under the edition of the day", () => {
    const on = (day: string) =>
      (["pm25", "pm10"] as const).map((metric) => eventOf({ metric, unit: "ug/m3" }, "cn", day)?.value);
    expect([on("2026-02-28"), on("2026-03-01")]).toEqual([
      [75, 150],
      [60, 120],
    ]);
  });

  it("is none where the unit cannot be held against it", () => {
    expect(eventOf({ metric: "pm25", unit: "1" }, "eu", "2026-06-01")).toBeUndefined();
    expect(eventOf({ metric: "laeq", unit: "ug/m3" }, "eu", "2026-06-01")).toBeUndefined();
    expect(eventOf({ metric: "pm25", unit: "[ppb]" }, "eu", "2026-06-01")).toBeUndefined();
  });
});
