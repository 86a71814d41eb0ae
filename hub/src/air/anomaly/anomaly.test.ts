import { describe, expect, it } from "vitest";
import { anomalyDetector, eventScore } from "./detector.ts";
import { shingles } from "./shingles.ts";
import { sortedWindow } from "./sorted-window.ts";
import { tailOf } from "./tail.ts";

/** A repeatable noise between -1 and 1. */
const noise = (i: number): number => {
  const x = Math.sin(i * 12.9898) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
};
const five = 300_000;
const day = (i: number) => 40 + 20 * Math.sin((2 * Math.PI * i) / 288) + 3 * noise(i);
const scoresOf = (value: (i: number) => number | undefined, rows: number) => {
  const detect = anomalyDetector();
  return Array.from({ length: rows }, (_, i) => detect(i * five, value(i)));
};
const loudest = (scores: readonly number[], from = 0, to = scores.length) =>
  scores
    .slice(from, to)
    .reduce((top, s, i) => (s > top.score ? { score: s, at: from + i } : top), { score: 0, at: -1 });

describe("the streaming detector", () => {
  it.each([
    ["a spike", 2000, (v: number, i: number) => (i === 2000 ? v + 60 : v)],
    ["a night that is as loud as a day", 2220, (v: number, i: number) => (i >= 2220 && i < 2300 ? v + 35 : v)],
    ["a sensor that sticks at an ordinary value", 2100, (v: number, i: number) => (i >= 2100 && i < 2244 ? 40 : v)],
    ["a level that has moved", 2400, (v: number, i: number) => (i >= 2400 ? v + 40 : v)],
  ])("finds %s", (_, at, change) => {
    const scores = scoresOf((i) => change(day(i), i), 2600);
    const top = loudest(scores, 700);
    expect(top.at).toBeGreaterThanOrEqual(at);
    expect(top.at).toBeLessThan(at + 150);
  });

  it("announces an event once and then rests", () => {
    const scores = scoresOf((i) => (i >= 2000 && i < 2050 ? 200 : day(i)), 2200);
    expect(scores.slice(2001, 2100).every((s) => s === 0)).toBe(true);
    expect(scores[2000]!).toBeGreaterThan(0.6);
  });

  it("knows nothing of what comes: the scores of a beginning are those of the whole", () => {
    const whole = scoresOf((i) => (i > 1500 ? 10 * day(i) : day(i)), 2000);
    expect(scoresOf(day, 1500)).toEqual(whole.slice(0, 1500));
  });

  it("does not care for the unit", () => {
    const [plain, scaled] = [scoresOf(day, 1200), scoresOf((i) => 1000 * day(i) + 7e6, 1200)];
    expect(Math.max(...plain.map((s, i) => Math.abs(s - scaled[i]!)))).toBeLessThan(1e-3);
  });

  it("scores each value for itself when it is not to rest", () => {
    const detect = anomalyDetector({ rest: 0 });
    const scores = Array.from({ length: 2100 }, (_, i) => detect(i * five, i >= 2000 && i < 2010 ? 200 : day(i)));
    expect(scores.slice(2000, 2003).every((s) => s >= eventScore)).toBe(true);
  });

  it("knows the hour of the day also before 1970", () => {
    const scores = (from: number) => {
      const detect = anomalyDetector();
      return Array.from({ length: 1500 }, (_, i) => detect(from + i * five, i === 1400 ? 120 : day(i)));
    };
    expect(scores(-400 * 86_400_000)).toEqual(scores(0));
  });

  it("stays within 0 and 1, also for constants, holes and enormous values", () => {
    for (const value of [
      () => 5,
      (i: number) => (i % 7 === 0 ? undefined : day(i)),
      (i: number) => (i === 900 ? 1e300 : 1),
    ]) {
      const scores = scoresOf(value, 1000);
      expect(scores.every((s) => s >= 0 && s < 1)).toBe(true);
    }
  });
});

describe("the parts of it", () => {
  it("keeps the newest values in order", () => {
    const window = sortedWindow(5);
    for (const v of [9, 1, 5, 3, 7, 2, 8]) window.add(v);
    expect([window.size(), window.quantile(0), window.quantile(0.5), window.quantile(0.99)]).toEqual([5, 2, 5, 8]);
    expect([window.reach(5.5, 1), window.reach(5.5, 3), window.reach(100, 2)]).toEqual([0.5, 2.5, 93]);
  });

  it("counts rarity in decades, also beyond everything seen", () => {
    const tail = tailOf();
    for (let i = 0; i < 3000; i++) tail(-Math.log(1 - ((i * 0.61803398875) % 1)));
    expect(tail(1)).toBe(0);
    expect(tail(Math.log(1000))).toBeCloseTo(3, 0);
    expect(tail(30)).toBeGreaterThan(tail(20));
  });

  it("finds a course it has seen near and a new one far", () => {
    const distance = shingles();
    for (let i = 0; i < 1500; i++) distance(10 * Math.sin(i / 5));
    const known = distance(10 * Math.sin(1500 / 5))!;
    for (let i = 0; i < 8; i++) distance(0);
    expect(distance(0)!).toBeGreaterThan(3 * known);
  });
});
