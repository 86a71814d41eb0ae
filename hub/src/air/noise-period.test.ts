import { describe, expect, it } from "vitest";
import { euNoiseHours, lden } from "./noise-assessment.ts";
import { type NoiseRules, noiseOfDay, noiseOfPeriod } from "./noise-period.ts";
import { day, hour } from "./timestamp.ts";

const rules: NoiseRules = { hours: euNoiseHours, source: "road", place: "2", offset: 0 };
const midnight = Date.UTC(2026, 5, 1);
/** Levels by the hour for some days; undefined hours were not measured. */
const heard = (days: number, level: (clock: number, date: number) => number | undefined) => {
  const laeq = new Map<number, number>();
  for (let i = 0; i < days * 24; i++) {
    const value = level(i % 24, Math.floor(i / 24));
    if (value !== undefined) laeq.set(midnight + i * hour, value);
  }
  return { laeq, lafmax: new Map([...laeq].map(([at, value]) => [at, value + 20])) };
};

describe("noise of days and periods", () => {
  it("takes the night after the evening, not the one before the morning", () => {
    const quietThenLoud = heard(3, (clock, date) =>
      clock >= 23 || clock < 7 ? (date === 0 && clock < 7 ? 30 : 50) : 60,
    );
    const first = noiseOfDay(quietThenLoud, midnight, rules);
    expect(first.lnight).toBeCloseTo(50, 10);
    expect(first.lden).toBeCloseTo(lden({ day: 60, evening: 60, night: 50 }), 10);
  });

  it("leaves out a day of which too little was measured", () => {
    const holes = heard(3, (clock) => (clock >= 7 && clock < 12 ? undefined : 60));
    const judged = noiseOfDay(holes, midnight, rules);
    expect([judged.lday, judged.lden]).toEqual([undefined, undefined]);
    expect(judged.lnight).toBeCloseTo(60, 10);
  });

  it("takes the energy mean over days: one loud night is not lost among quiet ones", () => {
    const levels = heard(6, (clock, date) => (clock >= 23 || clock < 7 ? 40 : 50) + (date === 2 ? 20 : 0));
    const midnights = [0, 1, 2, 3, 4].map((i) => midnight + i * day);
    const days = midnights.map((m) => noiseOfDay(levels, m, rules));
    const whole = noiseOfPeriod(levels, midnights, days, rules);
    const energy = days.reduce((sum, d) => sum + 10 ** (d.lden! / 10), 0) / 5;
    expect(whole.lden).toBeCloseTo(10 * Math.log10(energy), 10);
    expect(whole.days).toBe(5);
    expect(whole.lden! - Math.min(...days.map((d) => d.lden!))).toBeGreaterThan(10);
  });

  it("judges GB 3096 by its own night from 22 to 6 and by its loudest moment", () => {
    const lateEvening = heard(2, (clock) => (clock === 22 ? 70 : clock >= 23 || clock < 6 ? 45 : 55));
    const { findings } = noiseOfDay(lateEvening, midnight, rules);
    const china = findings.filter((f) => f.law === "gb-3096");
    expect(china.map((f) => [f.figure, f.limit, f.exceeded])).toEqual([
      ["day", 60, false],
      ["night", 50, true],
      ["night event", 65, true],
    ]);
    expect(china[2]?.level).toBe(90);
    expect(findings.filter((f) => f.law === "who-2018").map((f) => f.limit)).toEqual([53, 45]);
  });

  it("finds the hours of a place whose clock is half an hour off", () => {
    const india: NoiseRules = { ...rules, offset: 5.5 };
    const judged = noiseOfDay(
      heard(3, () => 60),
      midnight + day - 5.5 * hour,
      india,
    );
    expect(judged.hours).toBe(24);
    expect(judged.lday).toBeCloseTo(60, 10);
  });

  it("puts days at the place's own midnight", () => {
    const china: NoiseRules = { ...rules, offset: 8 };
    const levels = heard(3, (clock) => (clock >= 15 && clock < 23 ? 40 : 65));
    // 15:00–23:00 UTC is 23:00–07:00 in China.
    expect(noiseOfDay(levels, midnight - 8 * hour + day, china).lnight).toBeCloseTo(40, 10);
  });
});
