import { asWritten } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import {
  dailyMaxima1h,
  dailyMaxima8h,
  dailyMaxima8hChina,
  dayLongMeans,
  dayMeans,
  type Mean,
  yearMean,
  yearRules,
} from "./averages.ts";
import { type HeldMean, ledgerOf } from "./exceedance.ts";
import { heldMeans } from "./held-means.ts";
import { episodesIn, figuresFor, rowsOf } from "./ledger-year.ts";
import { type Limit, limitsInForce } from "./limits.ts";
import { peakSeason } from "./peak-season.ts";
import { statisticsOf } from "./statistics.ts";
import { day, hour } from "./timestamp.ts";
import type { YearOfPollutant } from "./year-account.ts";

const value = (at: number, v: number): Mean => ({ kind: "value", at, value: v, valid: 1, of: 1 });
const none = (at: number): Mean => ({ kind: "none", at, why: asWritten("missing") });
const held = (at: number, v: number | undefined): HeldMean => ({ at, value: v, status: "validated" });
const finished = <T>(work: Generator<void, T>): T => {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
};
const days = (from: number, n: number, of: (i: number) => number | undefined) =>
  Array.from({ length: n }, (_, i) => held(from + i * day, of(i)));
const account = (year: number, offset: number, of: Partial<YearOfPollutant>, wanted: Partial<Limit>) => {
  const start = Date.UTC(year, 0, 1) - offset * hour;
  const whole: YearOfPollutant = {
    ...{ year, offset, until: start + 366 * day, region: "eu", hour: [], day: [], mda8: [], earlier: [] },
    ...of,
  };
  const fits = (l: Limit) => Object.entries(wanted).every(([key, v]) => l[key as keyof Limit] === v);
  const figures = figuresFor({ region: whole.region }, year).filter((f) => f.pollutant === wanted.pollutant);
  return finished(rowsOf(figures, whole, false)).filter(({ limit }) => fits(limit));
};

describe("days and years are those of the place", () => {
  const pm10 = limitsInForce("eu", "2026-06-01").find((l) => l.pollutant === "pm10" && l.statistic === "day")!;

  it("counts an exceedance in the year of the place", () => {
    // In China 2026 begins at 16:00 UTC on 31 December.
    const around = [Date.UTC(2025, 11, 31, 15), Date.UTC(2025, 11, 31, 16), Date.UTC(2026, 11, 31, 15)];
    const after = Date.UTC(2026, 11, 31, 16);
    const ledger = ledgerOf(
      pm10,
      2026,
      [...around, after].map((at) => held(at, 60)),
      8,
    );
    expect(ledger.exceedances.map(({ at }) => at)).toEqual(around.slice(1));
    expect(ledger).toMatchObject({ used: 2, valid: 2, provisional: 0 });
  });

  it("gives a day to the law in force on it at the place, an hour east and five hours west", () => {
    for (const offset of [1, -5]) {
      const first = Date.UTC(2026, 0, 1) - offset * hour;
      // The 345th day is 11 December, the last one of 2008/50/EC.
      const of = { day: days(first, 365, (i) => (i === 344 || i === 345 ? 60 : 20)) };
      const rows = account(2026, offset, of, { pollutant: "pm10", statistic: "day" }).filter((r) =>
        r.limit.law.startsWith("eu-"),
      );
      expect(rows.map((r) => [r.limit.law, r.used, r.valid, r.of])).toEqual([
        ["eu-2008-50", 1, 345, 345],
        ["eu-2024-2881", 1, 20, 20],
      ]);
      expect(rows[0]!.exceedances[0]!.at).toBe(Date.UTC(2026, 11, 11) - offset * hour);
    }
  });

  it("finds episodes from the place's own first midnight of a law to its last", () => {
    const from = Date.UTC(2026, 11, 11) - hour;
    const hours = Array.from({ length: 48 }, (_, i) => held(from + i * hour, 210));
    const all = finished(episodesIn({ region: "eu" }, "no2", { hour: hours, day: [], offset: 1 }));
    // 210 is above 200 (2024/2881), not above 400 (2008/50): only the second day counts, and all of it.
    expect(all.map((e) => [e.threshold.kind, e.from, e.length])).toEqual([
      ["alert", from + 24 * hour, 24],
      ["information", from + 24 * hour, 24],
    ]);
    const old = Array.from({ length: 48 }, (_, i) => held(from + i * hour, 410));
    const before = finished(episodesIn({ region: "eu" }, "no2", { hour: old, day: [], offset: 1 }));
    const alerts = before.filter((e) => e.threshold.kind === "alert");
    expect(alerts.map((e) => [e.threshold.law, e.length]).sort()).toEqual([
      ["eu-2008-50", 24],
      ["eu-2024-2881", 24],
    ]);
    // Replayed under one law, all hours are its own, and no other law's threshold is asked.
    const replayed = finished(episodesIn({ law: "eu-2008-50" }, "no2", { hour: old, day: [], offset: 1 }));
    expect(replayed.map((e) => [e.threshold.law, e.threshold.kind, e.length])).toEqual([["eu-2008-50", "alert", 48]]);
  });

  it("takes the mean of a year from the place's first hour to its last", () => {
    const start = Date.UTC(2025, 0, 1) - 8 * hour;
    const hours = [value(start - hour, 900), value(start, 10), value(start + 8759 * hour, 20)];
    const mean = yearMean([...hours, value(start + 8760 * hour, 900)], 2025, { kind: "share", share: 0 }, 2, 8);
    expect(mean).toEqual({ kind: "value", at: start, value: 15, valid: 2, of: 2 });
    // China's months too: 27 days of May by the place's calendar are enough, 26 are not.
    const china = (missing: number) =>
      Array.from({ length: 365 }, (_, i) => {
        const date = new Date(Date.UTC(2025, 0, 1) + i * day);
        const gap = date.getUTCMonth() === 4 && date.getUTCDate() <= missing;
        return gap ? none(start + i * day) : value(start + i * day, 10);
      });
    expect(yearMean(china(4), 2025, yearRules["gb-3095"], 365, 8).kind).toBe("value");
    expect(yearMean(china(5), 2025, yearRules["gb-3095"], 365, 8)).toMatchObject({
      why: "26 valid days in month 5, too few",
    });
    // 25 of February, which has 28.
    const february = (missing: number) =>
      china(0).map((mean, i) => (i >= 31 && i < 31 + missing ? none(mean.at) : mean));
    expect(yearMean(february(3), 2025, yearRules["gb-3095"], 365, 8).kind).toBe("value");
    expect(yearMean(february(4), 2025, yearRules["gb-3095"], 365, 8).kind).toBe("none");
  });

  // GB 3095-2026, table 4: 324 days of the year, 27 of every month.
  it("needs 324 of a Chinese year's days, no more", () => {
    const of = (missing: number) => {
      let left = missing;
      const days = Array.from({ length: 365 }, (_, i) => {
        const at = Date.UTC(2025, 0, 1) + i * day;
        const date = new Date(at);
        const month = date.getUTCMonth();
        const length = new Date(Date.UTC(2025, month + 1, 0)).getUTCDate();
        const may = date.getUTCDate() <= length - (month === 1 ? 25 : 27);
        return may && left-- > 0 ? none(at) : value(at, 10);
      });
      return yearMean(days, 2025, yearRules["gb-3095"], 365);
    };
    expect(of(41)).toMatchObject({ kind: "value", valid: 324 });
    expect(of(42)).toMatchObject({ kind: "none", why: "323 valid days, 324 are needed" });
  });

  it("keeps a short Chinese day of ozone only when it is above 160, not when it is 160", () => {
    const afternoon = (v: number) =>
      Array.from({ length: 12 }, (_, i) => value(Date.UTC(2026, 5, 1, 12) + i * hour, v));
    expect(dailyMaxima8hChina(afternoon(160))).toMatchObject([{ why: "7 of 17 8-hour means, 14 are needed" }]);
    expect(dailyMaxima8hChina(afternoon(160.1))).toMatchObject([{ value: 160.1, valid: 7 }]);
  });

  it("takes highest hours, running days and days by the hours each region needs", () => {
    const at = Date.UTC(2026, 5, 1);
    const first = (n: number) =>
      Array.from({ length: 24 }, (_, i) => (i < n ? value(at + i * hour, i) : none(at + i * hour)));
    expect(dailyMaxima1h(first(18), "eu")).toMatchObject([{ value: 17, valid: 18, of: 24 }]);
    expect(dailyMaxima1h(first(17), "eu")).toMatchObject([{ why: "17 of 24 hours are valid, 18 are needed" }]);
    expect(dailyMaxima1h(first(20), "cn")).toMatchObject([{ value: 19 }]);
    expect(dailyMaxima1h(first(19), "cn")).toMatchObject([{ why: "19 of 24 hours are valid, 20 are needed" }]);
    expect(dayMeans(first(18), "us")).toMatchObject([{ value: 8.5, valid: 18, of: 24 }]);
    expect(dayLongMeans(first(24), "cn").at(-1)).toMatchObject({ at: at + 23 * hour, value: 11.5, valid: 24, of: 24 });
    expect(dayLongMeans(first(24), "cn")[18]).toMatchObject({ why: "19 of 24 hours are valid, 20 are needed" });
    // 18 of the 24 8-hour means that end on a day: with hours from 00:00 on the first with six hours ends with hour 5.
    const ozone = (n: number) => dailyMaxima8h(Array.from({ length: n }, (_, i) => value(at + i * hour, 50)));
    expect(ozone(23)).toMatchObject([{ value: 50, valid: 18, of: 24 }]);
    expect(ozone(22)).toMatchObject([{ why: "17 of 24 8-hour means, 18 are needed" }]);
  });
});

describe("a year's account", () => {
  const hours = (n: number) => {
    const start = Date.UTC(2027, 0, 1);
    return { hour: Array.from({ length: 8760 }, (_, i) => held(start + i * hour, i < n ? 20 : undefined)) };
  };
  const no2 = (n: number) =>
    account(
      2027,
      0,
      { until: Date.UTC(2028, 0, 1), ...hours(n) },
      { pollutant: "no2", statistic: "hour", law: "eu-2024-2881" },
    )[0];

  // Annex V of 2024/2881: 85 % of 8760 hours are 7446.
  it("needs 85 % of the hours to say that a limit of hours was kept", () => {
    expect(no2(7446)).toMatchObject({ verdict: "within", valid: 7446, of: 8760, left: 18 });
    expect(no2(7445)).toMatchObject({
      verdict: "not-available",
      why: "7445 of 8760 hours are valid, 85 % are needed to say that the limit was kept",
    });
  });

  // HJ 663-2013: 98th percentile of SO2 and NO2, 95th of particles and CO, 90th of ozone; rank 1 + 364 · p.
  it.each([
    ["so2", "day", 98, 357.72],
    ["no2", "day", 98, 357.72],
    ["pm10", "day", 95, 346.8],
    ["pm25", "day", 95, 346.8],
    ["co", "day", 95, 346.8],
    ["o3", "mda8", 90, 328.6],
  ] as const)("shows China's percentile of %s over a %s: the %dth", (pollutant, statistic, percent, expected) => {
    const year = days(Date.UTC(2027, 0, 1) - 8 * hour, 365, (i) => i + 1);
    const of = { region: "cn", day: year, mda8: year } as const;
    const [row] = account(2027, 8, of, { pollutant, statistic, level: "grade-2" });
    expect(row!.percentile!.percent).toBe(percent);
    expect(row!.percentile!.value).toBeCloseTo(expected, 9);
  });

  // 18 hours of a year are permitted: the 8742nd of 8760 hours in order may just be the limit.
  it("shows the percentile of Europe's hours and of a leap year's days", () => {
    const rising = Array.from({ length: 8760 }, (_, i) => held(Date.UTC(2027, 0, 1) + i * hour, i + 1));
    const [row] = account(2027, 0, { hour: rising }, { pollutant: "no2", statistic: "hour", law: "eu-2024-2881" });
    expect(row!.percentile).toEqual({ percent: 99.79, value: 8742 });
    // 366 days, 35 may be above: the 331st.
    const leap = days(Date.UTC(2028, 0, 1), 366, (i) => i + 1);
    const [pm10] = account(2028, 0, { day: leap }, { pollutant: "pm10", statistic: "day", law: "eu-2024-2881" });
    expect([pm10!.of, pm10!.percentile!.value]).toEqual([366, 331]);
  });

  it("says of means shorter than an hour whether there are any", () => {
    const who = { pollutant: "so2", statistic: "10min", law: "who-2021" } as const;
    const [without] = account(2027, 0, {}, who);
    expect([without!.verdict, without!.why]).toEqual([
      "not-available",
      expect.stringContaining("there are no readings as short as 10 minutes"),
    ]);
    const at = Date.UTC(2027, 3, 1);
    const short = { "10min": [{ at, value: 600, status: "provisional" as const }] };
    const hour24 = { hour: Array.from({ length: 8760 }, (_, i) => held(Date.UTC(2027, 0, 1) + i * hour, 20)) };
    const [with_] = account(2027, 0, { short, ...hour24 }, who);
    expect(with_).toMatchObject({ verdict: "exceeded", used: 1, provisional: 1, permitted: 0, left: 0 });
  });

  it("takes WHO's 8-hour figure of CO from daily maxima, not from hours", () => {
    const of = {
      mda8: days(Date.UTC(2027, 0, 1), 365, (i) => (i === 5 ? 11 : 2)),
      hour: [held(Date.UTC(2027, 0, 1), 30)],
    };
    const [row] = account(2027, 0, of, { pollutant: "co", statistic: "8h", law: "who-2021" });
    expect(row).toMatchObject({ used: 1, valid: 365, of: 365, verdict: "exceeded" });
  });
});

describe("WHO's peak season of ozone", () => {
  const of = (from: string, to: string, missing: number, offset = 0, rise = 0) => {
    const [start, end] = [Date.parse(from) - offset * hour, Date.parse(to) - offset * hour];
    const n = Math.round((end - start) / day);
    return peakSeason(
      Array.from({ length: n }, (_, i) =>
        i < missing ? none(start + i * day) : value(start + i * day, 70 + rise * i),
      ),
      2025,
      offset,
    );
  };

  it("needs 75 % of the six months' days: 138 of the 184 from March to August", () => {
    expect(of("2025-03-01", "2025-09-01", 46)).toMatchObject({
      kind: "value",
      from: Date.UTC(2025, 2, 1),
      valid: 138,
      of: 184,
    });
    expect(of("2025-03-01", "2025-09-01", 47).kind).toBe("none");
  });

  it("may be the first or the last six months of the year, but lies within it", () => {
    expect(of("2025-01-01", "2025-07-01", 0, 0, -0.1)).toMatchObject({
      from: Date.UTC(2025, 0, 1),
      valid: 181,
      of: 181,
    });
    expect(of("2025-07-01", "2026-01-01", 0, 0, 0.1)).toMatchObject({
      from: Date.UTC(2025, 6, 1),
      valid: 184,
      of: 184,
    });
    expect(of("2025-10-01", "2026-04-01", 0).kind).toBe("none");
    expect(of("2024-10-01", "2025-04-01", 0).kind).toBe("none");
  });

  it("begins at the midnight of the place", () => {
    expect(of("2025-07-01", "2026-01-01", 0, 8, 0.1)).toMatchObject({ from: Date.UTC(2025, 5, 30, 16), valid: 184 });
  });

  it("takes the earlier of two seasons that are alike", () => {
    expect(of("2025-01-01", "2026-01-01", 0)).toMatchObject({ from: Date.UTC(2025, 0, 1), value: 70 });
  });
});

describe("what laws compare, worked out in small pieces", () => {
  const from = Date.UTC(2026, 0, 1) - hour;
  const all = Array.from({ length: 50 * 24 }, (_, i) => {
    const at = from - 24 * hour + i * hour;
    return i % 17 === 0 ? none(at) : value(at, (i * 37) % 101);
  });
  it.each(["eu", "us", "cn"] as const)("is the same as in one piece in %s", (region) => {
    const got = finished(statisticsOf(all, { from, region, offset: 1, eightHours: true }));
    const own = all.filter(({ at }) => at >= from);
    expect(got.hour).toEqual(own);
    expect(got.day).toEqual(dayMeans(own, region, 1));
    if (region !== "cn") expect(got.mda8).toEqual(dailyMaxima8h(all, 1).filter(({ at }) => at >= from));
    expect(got.mda8).toHaveLength(49);
    expect(finished(statisticsOf(all, { from, region, offset: 1, eightHours: false })).mda8).toEqual([]);
  });

  it("is nothing where nothing was measured in time", () => {
    const late = { from: from + 100 * day, region: "eu", offset: 1, eightHours: true } as const;
    expect(finished(statisticsOf(all, late))).toEqual({ hour: [], day: [], mda8: [] });
  });
});

it("a mean is validated when all of it is, and remembers what it was before a decision", () => {
  const at = Date.UTC(2026, 0, 1);
  const why = asWritten("span drift");
  const asked: [number, number][] = [];
  const before = { means: [value(at, 5), value(at + hour, 7), none(at + 2 * hour)], why: () => why };
  const review = {
    validated: (from: number, to: number) => {
      asked.push([from, to]);
      return from === at;
    },
    before,
  };
  expect(heldMeans([value(at, 5), value(at + hour, 6), value(at + 2 * hour, 8)], hour, review)).toEqual([
    { at, value: 5, status: "validated" },
    { at: at + hour, value: 6, status: "provisional", before: { value: 7, why } },
    { at: at + 2 * hour, value: 8, status: "provisional", before: { value: undefined, why } },
  ]);
  expect(asked[1]).toEqual([at + hour, at + 2 * hour]);
  expect(heldMeans([none(at)], hour, { validated: () => true })).toEqual([
    { at, value: undefined, status: "validated" },
  ]);
});
