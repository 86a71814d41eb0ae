import { asWritten } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { episodesOf, exceeds, type HeldMean, ledgerOf } from "./exceedance.ts";
import { limitsInForce, thresholds } from "./limits.ts";
import { day, hour } from "./timestamp.ts";

const limit = (region: "eu" | "cn" | "who", on: string, pollutant: string, statistic: string, level?: string) =>
  limitsInForce(region, on).find(
    (l) => l.pollutant === pollutant && l.statistic === statistic && (level === undefined || l.level === level),
  )!;
const days = (values: readonly (number | undefined)[], more: Partial<HeldMean> = {}): HeldMean[] =>
  values.map((value, i) => ({ at: Date.UTC(2026, 0, 1) + i * day, value, status: "validated", ...more }));

describe("limits by date", () => {
  it.each([
    ["eu", "2026-12-11", "pm10", "day", 50, 35],
    ["eu", "2026-12-12", "pm10", "day", 50, 35],
    ["eu", "2030-01-01", "pm10", "day", 45, 18],
    ["eu", "2029-12-31", "no2", "hour", 200, 18],
    ["eu", "2030-01-01", "no2", "hour", 200, 3],
    ["eu", "2026-06-01", "so2", "day", 125, 3],
    ["eu", "2030-01-01", "pm25", "year", 10, undefined],
    ["who", "2026-01-01", "pm25", "day", 15, 3],
  ] as const)("%s on %s: %s %s is %d, %s times permitted", (region, on, pollutant, statistic, value, permitted) => {
    const found = limit(region, on, pollutant, statistic);
    expect([found.value, found.permitted]).toEqual([value, permitted]);
  });

  it.each([
    ["2026-02-28", "pm25", "day", 75],
    ["2026-03-01", "pm25", "day", 60],
    ["2031-01-01", "pm25", "day", 50],
    ["2030-12-31", "no2", "year", 40],
    ["2031-01-01", "no2", "year", 30],
    ["2031-01-01", "so2", "hour", 150],
  ])("China on %s: %s %s of grade 2 is %d", (on, pollutant, statistic, value) => {
    expect(limit("cn", on, pollutant, statistic, "grade-2").value).toBe(value);
  });

  it("holds at most one figure of a kind on any day", () => {
    for (const region of ["eu", "cn", "who"] as const)
      for (const on of [
        "2020-01-01",
        "2026-02-28",
        "2026-03-01",
        "2026-12-11",
        "2026-12-12",
        "2030-01-01",
        "2035-01-01",
      ]) {
        const keys = limitsInForce(region, on).map((l) => `${l.pollutant} ${l.statistic} ${l.level}`);
        expect(new Set(keys).size).toBe(keys.length);
      }
  });
});

describe("the exceedance ledger", () => {
  const pm10 = limit("eu", "2026-06-01", "pm10", "day");

  it("compares at the limit's own precision", () => {
    expect([exceeds(50, pm10), exceeds(50.49, pm10), exceeds(50.5, pm10)]).toEqual([false, false, true]);
    const china = limit("cn", "2026-06-01", "pm10", "day", "grade-2");
    expect([exceeds(120.5, china), exceeds(120.51, china)]).toEqual([false, true]);
    expect(exceeds(4.05, limit("cn", "2026-06-01", "co", "day", "grade-2"))).toBe(false);
    expect(exceeds(4.06, limit("cn", "2026-06-01", "co", "day", "grade-2"))).toBe(true);
  });

  it("calls nothing exceeded that is the figure itself, and everything that is a step above", () => {
    const china = limit("cn", "2026-06-01", "pm25", "day", "grade-2");
    for (const [value, over] of [
      [49.999, false],
      [50, false],
      [51, true],
      [500, true],
    ] as const)
      expect([value, exceeds(value, pm10)]).toEqual([value, over]);
    // Half to even: 60.5 is 60, 61.5 would be 62; and 60.50001 is no half.
    expect([exceeds(60.5, china), exceeds(60.50001, china), exceeds(61, china)]).toEqual([false, true, true]);
    // WHO's third interim target has a digit: 37.54 is 37.5, 37.55 is 37.6.
    const who = limit("who", "2026-06-01", "pm25", "day", "it-3");
    expect([exceeds(37.54, who), exceeds(37.55, who)]).toEqual([false, true]);
  });

  it("counts down the permitted exceedances of a year", () => {
    const ledger = (over: number) => ledgerOf(pm10, 2026, days([...new Array(over).fill(80), 20, undefined]));
    expect(ledger(35)).toMatchObject({ used: 35, permitted: 35, left: 0, verdict: "within", valid: 36 });
    expect(ledger(36)).toMatchObject({ used: 36, left: 0, verdict: "exceeded" });
    expect(ledgerOf(pm10, 2025, days([80])).used).toBe(0);
  });

  it("says what rests on provisional means and what a correction turned", () => {
    const before = { value: 80, why: asWritten("span drift found at the audit") };
    const ledger = ledgerOf(pm10, 2026, [
      ...days([90], { status: "provisional" }),
      { at: Date.UTC(2026, 1, 1), value: 48, status: "validated", before },
      { at: Date.UTC(2026, 1, 2), value: 70, status: "validated", before },
    ]);
    expect(ledger).toMatchObject({ used: 2, provisional: 1 });
    expect(ledger.turned).toEqual([
      { at: Date.UTC(2026, 1, 1), from: 80, to: 48, why: before.why, now: "no longer counts" },
    ]);
  });
});

describe("warning thresholds", () => {
  const no2 = thresholds.find((t) => t.law === "eu-2024-2881" && t.kind === "alert" && t.pollutant === "no2")!;
  const hours = (values: readonly (number | undefined)[]): HeldMean[] =>
    values.map((value, i) => ({ at: i * hour, value, status: "provisional" }));

  it("alerts after three consecutive hours, not after two or after three with a hole", () => {
    expect(episodesOf(no2, hours([210, 210, 190, 210, undefined, 210, 210]))).toEqual([]);
    expect(episodesOf(no2, hours([190, 210, 250, 220, 190]))).toMatchObject([
      { from: hour, to: 3 * hour, length: 3, peak: 250, provisional: true },
    ]);
  });

  it("takes hours in order of time, however they come", () => {
    const [found] = episodesOf(no2, hours([190, 210, 250, 220, 190]).reverse());
    expect(found).toMatchObject({ from: hour, to: 3 * hour, length: 3, peak: 250 });
  });

  it("sees a left-out hour as a hole", () => {
    expect(
      episodesOf(
        no2,
        hours([210, 210, 210, 210]).filter((_, i) => i !== 1),
      ),
    ).toEqual([]);
  });

  it("informs from the first hour", () => {
    const info = thresholds.find((t) => t.law === "eu-2024-2881" && t.kind === "information" && t.pollutant === "no2")!;
    expect(episodesOf(info, hours([150, 151])).map((e) => e.from)).toEqual([hour]);
  });
});
