import { describe, expect, it } from "vitest";
import { dailyMaxima8h, dayMeans, eightHourMeans, hourMeans, type Mean, yearMean, yearRules } from "./averages.ts";
import { day, hour } from "./timestamp.ts";

const value = (at: number, v: number | undefined): Mean =>
  v === undefined ? { kind: "none", at, why: "missing" } : { kind: "value", at, value: v, valid: 60, of: 60 };
/** Hourly means of which the first ENDS at `ends`. */
const ending = (ends: string, values: readonly (number | undefined)[]) =>
  values.map((v, i) => value(Date.parse(`${ends}:00Z`) + (i - 1) * hour, v));
const shown = (means: readonly Mean[]) => means.map((m) => (m.kind === "value" ? m.value : null));
const count = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const gap = [undefined, undefined, undefined];

describe("averages with their completeness rules", () => {
  // metno/pyaerocom tests/stats/mda8/test_mda8.py, which quotes 2008/50/EC Annex XI.
  it.each([
    ["2024-01-01T01:00", count(1, 49), [20.5, 44.5, null]],
    ["2024-01-01T13:00", [...count(1, 7), ...gap, ...count(11, 24), ...gap, ...count(28, 49)], [null, null, null]],
    ["2024-01-01T06:00", count(0, 29), [null, null]],
  ] as [string, (number | undefined)[], (number | null)[]][])(
    "takes the daily maximum of 8-hour means from %s",
    (start, values, mda8) => {
      expect(shown(dailyMaxima8h(ending(start, values)))).toEqual(mda8);
    },
  );

  it("needs six of eight hours", () => {
    const repeated = Array.from({ length: 48 }, (_, i) => i % 8);
    expect(shown(eightHourMeans(ending("2024-01-01T01:00", repeated))).slice(0, 8)).toEqual([
      null,
      null,
      null,
      null,
      null,
      2.5,
      3,
      3.5,
    ]);
  });

  it("counts a left-out hour as missing", () => {
    const hours = ending("2024-01-01T01:00", count(1, 8)).filter((_, i) => i < 2 || i > 4);
    expect(shown(eightHourMeans(hours)).at(-1)).toBeNull();
  });

  it("needs 45 minutes of an hour, whatever the interval", () => {
    const minutes = (n: number, span = 60_000) =>
      Array.from({ length: n }, (_, i) => ({ at: i * span, span, value: i < n ? 10 : undefined }));
    expect(shown(hourMeans(minutes(45)))).toEqual([10]);
    expect(shown(hourMeans(minutes(44)))).toEqual([null]);
    expect(shown(hourMeans(minutes(3, 15 * 60_000)))).toEqual([10]);
    expect(shown(hourMeans(minutes(2, 15 * 60_000)))).toEqual([null]);
  });

  it("needs 18 hours of a day in Europe and 20 in China", () => {
    const hours = (n: number) => ending("2024-01-01T01:00", count(1, n));
    expect([shown(dayMeans(hours(18), "eu")), shown(dayMeans(hours(17), "eu"))]).toEqual([[9.5], [null]]);
    expect([shown(dayMeans(hours(20), "cn")), shown(dayMeans(hours(19), "cn"))]).toEqual([[10.5], [null]]);
  });

  it("splits days at the midnight of the place", () => {
    const hours = ending("2024-01-01T01:00", new Array(24).fill(5));
    expect(dayMeans(hours, "eu", 8).map((m) => m.kind)).toEqual(["none", "none"]);
    expect(shown(dayMeans(hours, "eu", 0))).toEqual([5]);
  });

  it("has no float error: 0.1 and 0.2 make 0.15", () => {
    const hours = ending("2024-01-01T01:00", [...new Array(12).fill(0.1), ...new Array(12).fill(0.2)]);
    expect(shown(dayMeans(hours, "us"))).toEqual([0.15]);
  });

  it("needs the year's own share of days", () => {
    const days = (n: number) => Array.from({ length: n }, (_, i) => value(Date.UTC(2025, 0, 1) + i * day, 10));
    const kind = (n: number, rule: keyof typeof yearRules) => yearMean(days(n), 2025, yearRules[rule], 365).kind;
    expect([kind(311, "eu-2024-2881"), kind(310, "eu-2024-2881")]).toEqual(["value", "none"]);
    expect([kind(329, "eu-2008-50"), kind(328, "eu-2008-50")]).toEqual(["value", "none"]);
    expect([kind(365, "gb-3095"), kind(330, "gb-3095")]).toEqual(["value", "none"]);
    expect(yearMean(days(330), 2025, yearRules["gb-3095"], 365)).toMatchObject({
      why: expect.stringContaining("month 11"),
    });
  });
});
