import { asWritten } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import type { HeldMean } from "./exceedance.ts";
import { episodesIn, figuresFor, rowsOf } from "./ledger-year.ts";
import type { Limit } from "./limits.ts";
import { peakSeason } from "./peak-season.ts";
import { percentileBetween, percentileByRank } from "./percentile.ts";
import { day, hour } from "./timestamp.ts";
import type { YearOfPollutant } from "./year-account.ts";

const finished = <T>(work: Generator<void, T>): T => {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
};
const held = (year: number, span: number, value: (i: number) => number | undefined, to = Date.UTC(year + 1, 0, 1)) =>
  Array.from(
    { length: Math.round((to - Date.UTC(year, 0, 1)) / span) },
    (_, i): HeldMean => ({ at: Date.UTC(year, 0, 1) + i * span, value: value(i), status: "provisional" }),
  );
const yearOf = (year: number, more: Partial<YearOfPollutant>): YearOfPollutant => ({
  year,
  offset: 0,
  until: Date.UTC(year + 1, 0, 1),
  region: "eu",
  hour: [],
  day: [],
  mda8: [],
  earlier: [],
  ...more,
});
const rows = (of: YearOfPollutant, pollutant: Limit["pollutant"], law?: Limit["law"]) => {
  const bench = law === undefined ? ({ region: of.region } as const) : { law };
  const own = figuresFor(bench, of.year).filter((f) => f.pollutant === pollutant);
  return finished(rowsOf(own, of, law !== undefined));
};
const row = (all: ReturnType<typeof rows>, law: Limit["law"], statistic: Limit["statistic"], level?: Limit["level"]) =>
  all.find(
    (r) => r.limit.law === law && r.limit.statistic === statistic && (level === undefined || r.limit.level === level),
  )!;
const dayOfYear = (year: number, on: string): number => (Date.parse(on) - Date.UTC(year, 0, 1)) / day;

describe("a year's account", () => {
  it("gives every day to its own law, and goes on counting when a new law takes over the same figure", () => {
    const over = new Set([10, 20, dayOfYear(2026, "2026-12-11"), dayOfYear(2026, "2026-12-12")]);
    const all = rows(yearOf(2026, { day: held(2026, day, (i) => (over.has(i) ? 51 : 20)) }), "pm10");
    expect(row(all, "eu-2008-50", "day")).toMatchObject({ used: 3, left: 32, of: 345, verdict: "within" });
    expect(row(all, "eu-2024-2881", "day")).toMatchObject({ used: 1, left: 31, of: 20, verdict: "within" });
    expect(row(all, "eu-2024-2881", "day").why).toContain("the year has 4");
    const many = rows(yearOf(2026, { day: held(2026, day, (i) => (i < 34 || i >= 363 ? 51 : 20)) }), "pm10");
    expect(row(many, "eu-2008-50", "day").verdict).toBe("within");
    expect(row(many, "eu-2024-2881", "day")).toMatchObject({ used: 2, left: 0, verdict: "exceeded" });
  });

  it("judges the mean of a year by the law of its last day", () => {
    const all = rows(yearOf(2026, { hour: held(2026, hour, () => 25.4) }), "pm25");
    expect(row(all, "eu-2008-50", "year")).toMatchObject({ verdict: "not-available", mean: 25.4 });
    expect(row(all, "eu-2024-2881", "year")).toMatchObject({ verdict: "within", mean: 25.4, valid: 8760, of: 8760 });
    expect(row(all, "who-2021", "year", "aqg").verdict).toBe("exceeded");
    const over = rows(yearOf(2026, { hour: held(2026, hour, () => 25.5) }), "pm25");
    expect(row(over, "eu-2024-2881", "year").verdict).toBe("exceeded");
  });

  it("replays a year under another law with all its stages", () => {
    const all = rows(yearOf(2025, { day: held(2025, day, (i) => (i < 19 ? 46 : 20)) }), "pm10", "eu-2024-2881");
    expect(all.filter((r) => r.limit.statistic === "day").map((r) => [r.limit.from, r.used, r.verdict])).toEqual([
      ["2026-12-12", 0, "within"],
      ["2030-01-01", 19, "exceeded"],
    ]);
  });

  it("says within so far of a running year, and exceeded as soon as it is", () => {
    const until = Date.UTC(2025, 2, 1);
    const of = (n: number) =>
      yearOf(2025, {
        until,
        day: held(2025, day, (i) => (i < n ? 60 : 20), until),
        hour: held(2025, hour, () => 20, until),
      });
    expect(row(rows(of(35), "pm10"), "eu-2008-50", "day")).toMatchObject({
      verdict: "within",
      left: 0,
      valid: 59,
      of: 59,
    });
    expect(row(rows(of(35), "pm10"), "eu-2008-50", "day").why).toContain("so far");
    expect(row(rows(of(36), "pm10"), "eu-2008-50", "day").verdict).toBe("exceeded");
    expect(row(rows(of(1), "pm10"), "eu-2008-50", "year")).toMatchObject({
      verdict: "not-available",
      mean: 20,
      why: "the year is not over: mean so far",
    });
  });

  it("does not call a limit kept when too little was measured, but calls it exceeded when it was", () => {
    const gaps = (n: number) => yearOf(2025, { day: held(2025, day, (i) => (i < n ? 60 : i < 320 ? 20 : undefined)) });
    expect(row(rows(gaps(30), "pm10"), "eu-2008-50", "day")).toMatchObject({ verdict: "not-available", valid: 320 });
    expect(row(rows(gaps(36), "pm10"), "eu-2008-50", "day").verdict).toBe("exceeded");
  });

  it("asks China's year for 324 days and for 27 in every month", () => {
    const of = (missing: (i: number) => boolean) =>
      yearOf(2027, { region: "cn", day: held(2027, day, (i) => (missing(i) ? undefined : 20)) });
    const grade2 = (missing: (i: number) => boolean) =>
      row(rows(of(missing), "pm25"), "gb-3095-2026", "year", "grade-2");
    expect(grade2(() => false)).toMatchObject({ verdict: "within", mean: 20 });
    expect(grade2((i) => i < 5)).toMatchObject({ verdict: "not-available", why: expect.stringContaining("month 1") });
    expect(grade2((i) => i % 8 === 0)).toMatchObject({ verdict: "not-available", why: expect.stringContaining("324") });
  });

  it("counts ozone's target as a mean of three years", () => {
    const mda8 = held(2025, day, (i) => (i < 30 ? 130 : 80));
    const target = (earlier: readonly number[]) =>
      row(rows(yearOf(2025, { mda8, earlier }), "o3"), "eu-2008-50", "mda8", "target");
    expect(target([])).toMatchObject({ used: 30, verdict: "exceeded" });
    expect(target([20, 22])).toMatchObject({ used: 30, verdict: "within", why: "mean of 3 years: 24" });
    expect(target([20, 26]).verdict).toBe("exceeded");
  });

  // 2008/50/EC Annex VII A: 27 valid days in five of the six months from April to September.
  it("takes a count of ozone days as valid when the summer was measured, whatever the winter was", () => {
    const from = (year: number, missing: (month: number, day: number) => boolean) =>
      held(year, day, (i) => {
        const on = new Date(Date.UTC(year, 0, 1) + i * day);
        return missing(on.getUTCMonth() + 1, on.getUTCDate()) ? undefined : 80;
      });
    const target = (missing: (month: number, day: number) => boolean) =>
      row(rows(yearOf(2025, { mda8: from(2025, missing) }), "o3"), "eu-2008-50", "mda8", "target");
    const winter = (month: number) => month < 4 || month > 9;
    expect(target(winter)).toMatchObject({ verdict: "within", valid: 183 });
    expect(target((month) => winter(month) || month === 6).verdict).toBe("within");
    expect(target((month, d) => month === 4 && d > 27).verdict).toBe("within");
    expect(target((month, d) => (month === 4 || month === 9) && d > 26)).toMatchObject({
      verdict: "not-available",
      why: "4 of the months April to September have 27 valid days, 5 are needed",
    });
    expect(target((month) => !winter(month) && month < 6).verdict).toBe("not-available");
  });

  it("says at the figure what of it could not be confirmed word by word", () => {
    const all = rows(yearOf(2027, { mda8: held(2027, day, () => 80) }), "o3");
    const target = row(all, "eu-2024-2881", "mda8", "target");
    expect([target.limit.permitted, target.verdict]).toEqual([25, "within"]);
    expect(target.why).toBe(
      "not confirmed word by word: that 25 days hold until 2029 (Article 19(4) dates the 18 days of Annex I, Section 2, to 1 January 2030)",
    );
    const later = row(rows(yearOf(2030, { mda8: held(2030, day, () => 80) }), "o3"), "eu-2024-2881", "mda8", "target");
    expect([later.limit.permitted, later.why]).toEqual([18, undefined]);
    expect(row(all, "who-2021", "mda8", "aqg").why).toContain("the temperature at which WHO states gases");
    expect(figuresFor({ region: "eu" }, 2027).every(({ source }) => source.includes("http"))).toBe(true);
  });

  it("says which days are above a figure and yet not counted, because they round to it", () => {
    const days = (values: readonly number[]) => held(2025, day, (i) => values[i] ?? 20);
    const pm10 = row(rows(yearOf(2025, { day: days([50.4, 50.5, 50]) }), "pm10"), "eu-2008-50", "day");
    expect(pm10).toMatchObject({ used: 1, verdict: "within" });
    expect(pm10.why).toBe(
      "days that round to the figure itself and are not counted: 1 (the rule of rounding is not confirmed word by word)",
    );
    const mean = row(rows(yearOf(2025, { hour: held(2025, hour, () => 25.4) }), "pm25"), "eu-2008-50", "year");
    expect(mean.why).toContain("the mean rounds to the figure itself");
    const until = Date.UTC(2025, 6, 1);
    const running = yearOf(2025, { until, hour: held(2025, hour, () => 25.4, until) });
    expect(row(rows(running, "pm25"), "eu-2008-50", "year").why).toBe("the year is not over: mean so far");
    const china = rows(yearOf(2027, { region: "cn", day: held(2027, day, () => 120.4) }), "pm10");
    const grade2 = row(china, "gb-3095-2026", "day", "grade-2");
    expect([grade2.used, grade2.why]).toEqual([0, undefined]);
  });

  it("shows the percentile that asks the same as the permitted exceedances", () => {
    const all = rows(yearOf(2025, { day: held(2025, day, (i) => i + 1) }), "pm10");
    expect(row(all, "eu-2008-50", "day").percentile).toEqual({ percent: 90.41, value: 330 });
    expect(row(all, "who-2021", "day", "aqg").percentile).toEqual({ percent: 99, value: 362 });
  });

  it("says what a decision turned, and by which reason", () => {
    const days = held(2025, day, () => 20).map(
      (mean, i): HeldMean =>
        i === 7 ? { ...mean, before: { value: 90, why: asWritten("road works beside the inlet (anna)") } } : mean,
    );
    const turned = row(rows(yearOf(2025, { day: days }), "pm10"), "eu-2008-50", "day").turned;
    expect(turned).toEqual([
      {
        at: Date.UTC(2025, 0, 8),
        from: 90,
        to: 20,
        why: "road works beside the inlet (anna)",
        now: "no longer counts",
      },
    ]);
  });

  it("finds episodes only in their law's own days", () => {
    const hours = held(2026, hour, (i) => (Math.floor(i / 24) >= 343 ? 210 : 50));
    const found = finished(episodesIn({ region: "eu" }, "no2", { hour: hours, day: [], offset: 0 }));
    expect(found.map((e) => [e.threshold.law, e.threshold.kind, new Date(e.from).toISOString().slice(0, 10)])).toEqual([
      ["eu-2024-2881", "alert", "2026-12-12"],
      ["eu-2024-2881", "information", "2026-12-12"],
    ]);
  });
});

describe("percentiles and seasons", () => {
  it("takes the 99th of 365 days as the fourth highest, and China's between neighbours", () => {
    const days = Array.from({ length: 365 }, (_, i) => i + 1);
    expect(percentileByRank(days, 99)).toBe(362);
    expect(
      percentileByRank(
        new Array(300).fill(0).map((_, i) => i + 1),
        99,
      ),
    ).toBe(297);
    expect(percentileBetween(days, 95)).toBeCloseTo(346.8, 10);
    expect(percentileBetween([], 95)).toBeUndefined();
  });

  it("takes the six months in a row that are worst, when they have their days", () => {
    const mean = (i: number, value: number | undefined) =>
      value === undefined
        ? ({ kind: "none", at: Date.UTC(2025, 0, 1) + i * day, why: asWritten("") } as const)
        : ({ kind: "value", at: Date.UTC(2025, 0, 1) + i * day, value, valid: 24, of: 24 } as const);
    const summer = Array.from({ length: 365 }, (_, i) => mean(i, i >= 90 && i < 273 ? 80 : 40));
    expect(peakSeason(summer, 2025)).toMatchObject({ kind: "value", from: Date.UTC(2025, 3, 1), value: 80, of: 183 });
    expect(peakSeason(summer.slice(0, 120), 2025).kind).toBe("none");
  });
});
