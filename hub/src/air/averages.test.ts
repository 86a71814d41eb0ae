import { say } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import {
  dailyMaxima8h,
  dailyMaxima8hChina,
  dailyMaxima8hUs,
  dayMeans,
  eightHourMeans,
  hourMeans,
  type Mean,
  yearMean,
  yearRules,
} from "./averages.ts";
import { day, hour } from "./timestamp.ts";

const value = (at: number, v: number | undefined): Mean =>
  v === undefined
    ? { kind: "none", at, why: say("index.missing-value") }
    : { kind: "value", at, value: v, valid: 60, of: 60 };
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

  it("takes China's maximum from means within the day, 14 of them or one above the limit", () => {
    const from = "2026-06-01T01:00";
    // The night before was worst; only the European maximum looks back at it.
    const night = [...new Array(8).fill(150), ...new Array(16).fill(50)];
    const hours = [...ending("2026-05-31T17:00", new Array(8).fill(150)), ...ending(from, night)];
    expect(shown(dailyMaxima8h(hours)).at(-1)).toBe(150);
    expect(shown(dailyMaxima8hChina(ending(from, night)))).toEqual([150]);
    expect(
      shown(
        dailyMaxima8hChina([
          ...ending("2026-05-31T17:00", new Array(8).fill(300)),
          ...ending(from, new Array(24).fill(50)),
        ]),
      ).at(-1),
    ).toBe(50);
    const part = (value: number) => ending(from, [...new Array(12).fill(undefined), ...new Array(12).fill(value)]);
    expect(dailyMaxima8hChina(part(100))).toMatchObject([{ kind: "none", why: "7 of 17 8-hour means, 14 are needed" }]);
    expect(shown(dailyMaxima8hChina(part(161)))).toEqual([161]);
    expect(shown(dailyMaxima8hChina(part(82), 0, 81.6))).toEqual([82]);
  });

  it("takes the US maximum from means that begin from 7 to 23 and belong to the day they begin", () => {
    const two = ending("2026-06-01T01:00", [
      ...new Array(7).fill(90),
      ...new Array(24).fill(50),
      ...new Array(17).fill(70),
    ]);
    const ofDay = (hours: readonly Mean[]) => dailyMaxima8hUs(hours).find(({ at }) => at === Date.UTC(2026, 5, 1));
    // Hours 0–6 of the first day belong to the day before; its own last means reach into the next morning.
    expect(ofDay(two)).toMatchObject({ kind: "value", value: 50, valid: 17 });
    expect(ofDay(ending("2026-06-01T01:00", new Array(24).fill(50)))).toMatchObject({
      kind: "none",
      why: "10 of 17 8-hour means, 13 are needed",
    });
  });

  // EPA's own computation of design values (B. Wells, OAQPS, Ozone Watch, 2022), which carries out Appendix U.
  it("keeps a US day of too few means when its highest is above 0.070 ppm all the same", () => {
    const of = (values: readonly (number | undefined)[], exceeding?: number) => {
      const days = dailyMaxima8hUs(ending("2026-06-01T01:00", values), 0, exceeding);
      const found = days.find(({ at }) => at === Date.UTC(2026, 5, 1));
      return found?.kind === "value" ? found.value : null;
    };
    expect(of(new Array(24).fill(71))).toBe(71);
    expect(of(new Array(24).fill(70.9))).toBeNull();
    expect(of(new Array(24).fill(0.071), 0.071)).toBe(0.071);
    // Five hours of eight: the missing three count as nothing, 5 · 113.6 / 8 = 71 and 5 · 113 / 8 = 70.625.
    const five = (value: number) => [...new Array(10).fill(undefined), ...new Array(5).fill(value)];
    expect(of(five(113.6))).toBe(71);
    expect(of(five(113))).toBeNull();
    // 19 hours from 07:00 on hold 12 means of eight hours, 20 hold 13.
    const until = (n: number) => [...new Array(7).fill(undefined), ...new Array(n).fill(50)];
    expect(of(until(19))).toBeNull();
    expect(of(until(20))).toBe(50);
  });

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
