import { describe, expect, it } from "vitest";
import { hour } from "../timestamp.ts";
import { climateOf, dampedPersistence, dampingOf, usualAt } from "./baselines.ts";
import { answersOf, binned, boost, cutsOf, usualBoosting } from "./boosting.ts";
import { forecast } from "./forecast.ts";
import { type Hourly, hourlyOf, hoursSince } from "./hourly.ts";
import { bestWarningLevel, meanSquare, skill, warningsOf } from "./skill.ts";

/** A repeatable noise between -1 and 1. */
const noise = (i: number, seed = 1): number => {
  const x = Math.sin(i * 12.9898 + seed * 78.233) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
};
const start = Date.UTC(2025, 0, 1);
const small = { ...usualBoosting, trees: 25, rate: 0.15, leaf: 20 };

/** Pollution that follows a wind which is measured six hours earlier. */
function led(count: number): Hourly {
  const wind = Float64Array.from({ length: count }, (_, i) => Math.sin(i / 17) + Math.sin(i / 5.3) + 0.3 * noise(i));
  const target = Float64Array.from({ length: count }, (_, i) => 60 + 20 * (wind[i - 6] ?? 0) + 3 * noise(i, 5));
  return { start, count, target, beside: new Map([["wind", wind]]) };
}
const from = (i: number) => start + i * hour;

describe("forecasts", () => {
  it("use what leads the pollution and hold their intervals", () => {
    const [{ report }] = forecast(led(3000), [6], from(2200), 75, small) as [ReturnType<typeof forecast>[number]];
    expect(report.skillOverDampedPersistence).toBeGreaterThan(0.35);
    expect(report.warnings.csi).toBeGreaterThan(report.warningsOfPersistence.csi + 0.05);
    expect(report.interval.coverage).toBeGreaterThan(0.8);
    expect(report.issued).toBe(true);
  });

  it("are the same whatever was long ago, and do not take longer for it", () => {
    const recent = led(2600);
    const years = 24 * 366 * 6;
    const old = new Float64Array(years).fill(400);
    const long: Hourly = {
      start: start - years * hour,
      count: years + recent.count,
      target: Float64Array.from([...old, ...recent.target]),
      beside: new Map([["wind", Float64Array.from([...old, ...recent.beside.get("wind")!])]]),
    };
    const first = 24 * 366;
    const known = { ...long, start: long.start + first * hour, count: long.count - first };
    const cut: Hourly = {
      ...known,
      target: long.target.subarray(first),
      beside: new Map([["wind", long.beside.get("wind")!.subarray(first)]]),
    };
    const few = { ...small, trees: 3 };
    const report = (hourly: Hourly) => forecast(hourly, [3], start + 2300 * hour, 75, few)[0]!.report;
    expect(report(long)).toEqual(report(cut));
  });

  it("know nothing that comes after their hour", () => {
    const known = led(2600);
    const changed = {
      ...known,
      target: known.target.map((v, i) => (i > 2400 ? 500 - v : v)),
      beside: new Map([["wind", known.beside.get("wind")!.map((v, i) => (i > 2400 ? -v : v))]]),
    };
    const upTo = (hourly: Hourly) =>
      forecast(hourly, [1, 24], from(2300), 75, small).map(({ forecasts }) =>
        forecasts.filter(({ at }) => at <= from(2400)),
      );
    const [a, b] = [upTo(known), upTo(changed)];
    expect(a[0]!.length).toBeGreaterThan(90);
    expect(b).toEqual(a);
  });

  it("learn nothing from the time they are tested on", () => {
    const known = led(2600);
    const changed = { ...known, target: known.target.map((v, i) => (i > 2300 ? v + 300 : v)) };
    const first = (hourly: Hourly) => forecast(hourly, [3], from(2300), 75, small)[0]!.forecasts[0]!;
    expect(first(changed)).toEqual(first(known));
  });

  it("follow a place whose level has moved since they were learnt", () => {
    const count = 24 * 260;
    const level = (i: number) => (i < 24 * 160 ? 50 : 35);
    const target = Float64Array.from({ length: count }, (_, i) => level(i) + 6 * Math.sin(i / 3.8) + 4 * noise(i, 2));
    const { report, forecasts } = forecast(
      { start, count, target, beside: new Map() },
      [12],
      from(24 * 150),
      75,
      small,
    )[0]!;
    expect(report.skillOverDampedPersistence).toBeGreaterThan(0.5);
    const later = forecasts.filter(({ at }) => at >= from(24 * 190));
    const came = later.map(({ forAt }) => target[(forAt - start) / hour]!);
    const before = later.map(({ at }) => target[(at - start) / hour]!);
    expect(later.length).toBeGreaterThan(1500);
    const error = meanSquare(
      later.map(({ value }) => value),
      came,
    );
    expect(skill(error, meanSquare(before, came))).toBeGreaterThan(0.5);
    expect(
      later.filter(({ low, high }, k) => low <= came[k]! && came[k]! <= high).length / later.length,
    ).toBeGreaterThan(0.85);
  });

  it("say the constant of a constant, and no skill over what makes no error", () => {
    const count = 1500;
    const hourly = { start, count, target: new Float64Array(count).fill(7), beside: new Map() };
    const { report, forecasts } = forecast(hourly, [6], from(1000), 75, small)[0]!;
    expect(report).toMatchObject({ rmse: 0, skillOverDampedPersistence: 0, issued: false });
    expect(forecasts[0]).toMatchObject({ value: 7, low: 7, high: 7 });
  });

  it("may be negative where the air is", () => {
    const count = 2000;
    const target = Float64Array.from({ length: count }, (_, i) => -10 + 8 * Math.sin(i / 9) + noise(i));
    const { forecasts } = forecast({ start, count, target, beside: new Map() }, [3], from(1500), 5, small)[0]!;
    expect(Math.min(...forecasts.map(({ value }) => value))).toBeLessThan(-14);
  });

  it("are not issued where nothing can be known", () => {
    const count = 2400;
    const target = Float64Array.from({ length: count }, (_, i) => 50 + 30 * noise(i, 9));
    const { report } = forecast({ start, count, target, beside: new Map() }, [3], from(1800), 75, small)[0]!;
    expect(report.skillOverDampedPersistence).toBeLessThan(0.02);
    expect(report.issued).toBe(report.skillOverDampedPersistence > 0);
  });

  it("pass over missing hours", () => {
    const rows = Array.from({ length: 2400 }, (_, i) => ({
      at: from(i),
      target: i % 11 === 0 ? Number.NaN : 50 + 20 * Math.sin(i / 8),
      beside: {},
    }));
    const hourly = hourlyOf(rows.filter((_, i) => i % 13 !== 0));
    expect(hourly.count).toBe(2399);
    const { report } = forecast(hourly, [2], from(1800), 75, small)[0]!;
    expect(report.n).toBeLessThan(520);
    expect(report.rmse).toBeLessThan(report.rmsePersistence);
  });
});

describe("the grid of hours", () => {
  const row = (at: number, target: number) => ({ at, target, beside: {} });
  it("takes rows in any order and averages those that share an hour", () => {
    const { start: first, target } = hourlyOf([row(from(2), 5), row(from(0), 1), row(from(2), 7), row(from(1), 3)]);
    expect([first, ...target]).toEqual([start, 1, 3, 6]);
    const minutes = Array.from({ length: 180 }, (_, i) => row(start + i * 60_000, Math.floor(i / 60)));
    expect([...hourlyOf(minutes).target]).toEqual([0, 1, 2]);
  });

  it("keeps hourly rows apart that are stamped a little early or late", () => {
    const { target } = hourlyOf([row(from(1), 1), row(from(2) - 4000, 2), row(from(3) + 5000, 3)]);
    expect([...target]).toEqual([1, 2, 3]);
  });

  it("can be cut off at its beginning", () => {
    const hourly = hourlyOf([0, 1, 2, 3].map((i) => ({ at: from(i), target: i, beside: { wind: 10 * i } })));
    const { start: first, count, target, beside } = hoursSince(hourly, from(1) + 1);
    expect([first, count, ...target, ...beside.get("wind")!]).toEqual([from(2), 2, 2, 3, 20, 30]);
    expect(hoursSince(hourly, from(-5))).toBe(hourly);
    expect(hoursSince(hourly, from(9)).count).toBe(0);
  });

  it("does not lay out the centuries of a mistyped year", () => {
    expect(() => hourlyOf([row(start, 1), row(Date.UTC(2205, 0, 1), 2)])).toThrow(RangeError);
  });
});

describe("what a forecast is held against", () => {
  it("damped persistence goes back to what is usual", () => {
    const count = 24 * 60;
    const target = Float64Array.from({ length: count }, (_, i) => (i % 24 < 12 ? 20 : 40) + 10 * noise(i, 3));
    const hourly = { start, count, target, beside: new Map() };
    const climate = climateOf(hourly, from(count));
    expect(usualAt(climate, start + 3 * hour)).toBeCloseTo(20, -1);
    const damped = dampedPersistence(hourly, climate, dampingOf(hourly, climate, 12, from(count)), 12);
    expect(damped[3]).toBeCloseTo(40, -1);
    expect(usualAt(climateOf(hourly, from(24)), start + 3 * hour)).toBe(target[3]);
  });

  it("counts warnings", () => {
    expect(warningsOf([true, true, false, false, true], [90, 50, 90, 10, 90], 75)).toEqual({
      hits: 2,
      misses: 1,
      falseAlarms: 1,
      pod: 2 / 3,
      far: 1 / 3,
      csi: 0.5,
    });
    expect(warningsOf([], [], 75)).toMatchObject({ csi: 0 });
    expect([skill(1, 4), skill(4, 4), skill(8, 4)]).toEqual([0.75, 0, -1]);
  });

  it("warns earlier where the forecast is shy", () => {
    const came = Array.from({ length: 200 }, (_, i) => i);
    expect(
      bestWarningLevel(
        came.map((v) => 0.8 * v),
        came,
        75,
      ),
    ).toBeCloseTo(60, 0);
  });

  it("warns at the event itself where too few events are known, also of an event at zero", () => {
    const came = Array.from({ length: 200 }, (_, i) => i - 190);
    expect(bestWarningLevel(came, came, 0)).toBe(0);
  });
});

describe("boosted trees", () => {
  it("learn a step and a missing value's own answer", () => {
    const x = Float64Array.from({ length: 2000 }, (_, i) => (i % 5 === 0 ? Number.NaN : noise(i)));
    const wanted = x.map((v) => (Number.isNaN(v) ? 7 : v > 0.2 ? 3 : -1));
    const classes = binned([x], cutsOf([x]));
    const all = Int32Array.from(x, (_, i) => i);
    const [learn, watch] = [all.filter((i) => i % 4 !== 0), all.filter((i) => i % 4 === 0)];
    const model = boost(classes, wanted, learn, watch, { ...small, trees: 80, columns: 1 });
    const said = answersOf(model.trees, classes, x.length);
    // Next to the step a class holds values of both sides.
    const clear = said.map((v, i) => (Math.abs(x[i]! - 0.2) < 0.1 ? 0 : Math.abs(v - wanted[i]!)));
    expect(Math.max(...clear)).toBeLessThan(0.3);
    expect(model.course.at(-1)!).toBeLessThan(model.course[0]!);
  });
});
