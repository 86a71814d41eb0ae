import { describe, expect, it } from "vitest";
import { type Limit, lawDates, limits, limitsInForce, thresholds } from "./limits.ts";

/** Figures of a region on a day, as a law prints them: `no2 hour 200 (18)` may be exceeded 18 times. */
const printed = (region: "eu" | "cn" | "who", day: string, of: (limit: Limit) => boolean = () => true): string[] =>
  limitsInForce(region, day)
    .filter(of)
    .map(
      ({ pollutant, statistic, value, permitted, level }) =>
        `${pollutant} ${statistic} ${value}${permitted === undefined ? "" : ` (${permitted})`}${level === "limit" ? "" : ` ${level}`}`,
    )
    .sort();
const lines = (text: string): string[] =>
  text
    .trim()
    .split(/\s*\n\s*/)
    .sort();

describe("the figures of every law, on its first and its last day", () => {
  // 2008/50/EC Annex XI B, XIV D and VII B, C.
  const annexesOf2008 = `
    pm10 day 50 (35)
    pm10 year 40
    no2 hour 200 (18)
    no2 year 40
    so2 hour 350 (24)
    so2 day 125 (3)
    co mda8 10
    benzene year 5
    o3 mda8 120 (25) target
    o3 mda8 120 objective`;
  it("2008/50/EC, until the day before its repeal on 12 December 2026", () => {
    expect(printed("eu", "2010-01-01")).toEqual(lines(`${annexesOf2008}\npm25 year 25 target`));
    expect(printed("eu", "2014-12-31")).toEqual(lines(`${annexesOf2008}\npm25 year 25 target`));
    expect(printed("eu", "2015-01-01")).toEqual(lines(`${annexesOf2008}\npm25 year 25`));
    expect(printed("eu", "2026-12-11")).toEqual(lines(`${annexesOf2008}\npm25 year 25`));
    expect(printed("eu", "2009-12-31")).toEqual([]);
  });

  // Annex I, Section 1, Table 2: to be attained by 11 December 2026.
  it("Directive (EU) 2024/2881 until the end of 2029", () => {
    const table2 = lines(`
      pm25 year 25
      pm10 day 50 (35)
      pm10 year 40
      no2 hour 200 (18)
      no2 year 40
      so2 hour 350 (24)
      so2 day 125 (3)
      co mda8 10
      benzene year 5
      o3 mda8 120 (25) target`);
    expect([printed("eu", "2026-12-12"), printed("eu", "2029-12-31")]).toEqual([table2, table2]);
    const marked = limitsInForce("eu", "2027-06-01").filter(({ unconfirmed }) => unconfirmed !== undefined);
    expect(marked.map(({ pollutant, permitted }) => [pollutant, permitted])).toEqual([["o3", 25]]);
  });

  // Annex I, Section 1, Table 1, and Section 2, Point B: to be attained by 1 January 2030. Point C: by 1 January 2050.
  it("Directive (EU) 2024/2881 from 2030 on", () => {
    const table1 = `
      pm25 day 25 (18)
      pm25 year 10
      pm10 day 45 (18)
      pm10 year 20
      no2 hour 200 (3)
      no2 day 50 (18)
      no2 year 20
      so2 hour 350 (3)
      so2 day 50 (18)
      so2 year 20
      co mda8 10
      co day 4 (18)
      benzene year 3.4
      o3 mda8 120 (18) target`;
    expect(printed("eu", "2030-01-01")).toEqual(lines(table1));
    expect(printed("eu", "2049-12-31")).toEqual(lines(table1));
    expect(printed("eu", "2050-01-01")).toEqual(lines(`${table1}\no3 mda8 100 (3) objective`));
    expect(limitsInForce("eu", "2030-01-01").some(({ unconfirmed }) => unconfirmed !== undefined)).toBe(false);
  });

  const grade = (level: "grade-1" | "grade-2", day: string) =>
    printed("cn", day, (l) => l.level === level).map((line) => line.replace(` ${level}`, ""));
  const gases = (so2: string, no2: string, o3: string) => `${so2}\n${no2}\nco day 4\nco hour 10\n${o3}`;

  it("GB 3095-2012, from the amendment of its reference state to the last day before the 2026 edition", () => {
    const first = lines(`
      ${gases("so2 year 20\nso2 day 50\nso2 hour 150", "no2 year 40\nno2 day 80\nno2 hour 200", "o3 mda8 100\no3 hour 160")}
      pm10 year 40\npm10 day 50\npm25 year 15\npm25 day 35`);
    const second = lines(`
      ${gases("so2 year 60\nso2 day 150\nso2 hour 500", "no2 year 40\nno2 day 80\nno2 hour 200", "o3 mda8 160\no3 hour 200")}
      pm10 year 70\npm10 day 150\npm25 year 35\npm25 day 75`);
    for (const day of ["2018-09-01", "2026-02-28"]) {
      expect(grade("grade-1", day)).toEqual(first);
      expect(grade("grade-2", day)).toEqual(second);
    }
    expect(printed("cn", "2018-08-31")).toEqual([]);
  });

  it("GB 3095-2026, its transition to the end of 2030 and its final figures", () => {
    const transition = lines(`
      ${gases("so2 year 60\nso2 day 150\nso2 hour 500", "no2 year 40\nno2 day 80\nno2 hour 200", "o3 mda8 160\no3 hour 200")}
      pm10 year 60\npm10 day 120\npm25 year 30\npm25 day 60`);
    const final = lines(`
      ${gases("so2 year 20\nso2 day 50\nso2 hour 150", "no2 year 30\nno2 day 50\nno2 hour 200", "o3 mda8 160\no3 hour 200")}
      pm10 year 50\npm10 day 100\npm25 year 25\npm25 day 50`);
    expect([grade("grade-2", "2026-03-01"), grade("grade-2", "2030-12-31")]).toEqual([transition, transition]);
    expect(grade("grade-2", "2031-01-01")).toEqual(final);
    expect(grade("grade-1", "2026-03-01")).toEqual(
      lines(`
        ${gases("so2 year 20\nso2 day 50\nso2 hour 150", "no2 year 40\nno2 day 80\nno2 hour 200", "o3 mda8 100\no3 hour 160")}
        pm10 year 40\npm10 day 50\npm25 year 15\npm25 day 35`),
    );
    expect(grade("grade-1", "2031-01-01")).toEqual(
      lines(`
        ${gases("so2 year 20\nso2 day 50\nso2 hour 150", "no2 year 30\nno2 day 50\nno2 hour 200", "o3 mda8 100\no3 hour 160")}
        pm10 year 20\npm10 day 50\npm25 year 10\npm25 day 25`),
    );
  });

  // WHO 2021, tables 0.1 and 0.2: guideline, then interim targets 1 to 4. Days are 99th percentiles: three may be above.
  it("WHO 2021, with every interim target", () => {
    expect(printed("who", "2021-09-21")).toEqual([]);
    expect(printed("who", "2021-09-22")).toEqual(
      lines(`
        pm25 year 5 aqg\npm25 year 35 it-1\npm25 year 25 it-2\npm25 year 15 it-3\npm25 year 10 it-4
        pm25 day 15 (3) aqg\npm25 day 75 (3) it-1\npm25 day 50 (3) it-2\npm25 day 37.5 (3) it-3\npm25 day 25 (3) it-4
        pm10 year 15 aqg\npm10 year 70 it-1\npm10 year 50 it-2\npm10 year 30 it-3\npm10 year 20 it-4
        pm10 day 45 (3) aqg\npm10 day 150 (3) it-1\npm10 day 100 (3) it-2\npm10 day 75 (3) it-3\npm10 day 50 (3) it-4
        o3 season 60 aqg\no3 season 100 it-1\no3 season 70 it-2
        o3 mda8 100 (3) aqg\no3 mda8 160 (3) it-1\no3 mda8 120 (3) it-2
        no2 year 10 aqg\nno2 year 40 it-1\nno2 year 30 it-2\nno2 year 20 it-3
        no2 day 25 (3) aqg\nno2 day 120 (3) it-1\nno2 day 50 (3) it-2
        no2 hour 200 aqg
        so2 day 40 (3) aqg\nso2 day 125 (3) it-1\nso2 day 50 (3) it-2
        so2 10min 500 aqg
        co day 4 (3) aqg\nco day 7 (3) it-1
        co 8h 10 aqg\nco hour 35 aqg\nco 15min 100 aqg`),
    );
  });

  // Annex I, Section 4, Points A and B of 2024/2881; Annex XII of 2008/50/EC.
  it("thresholds of warning", () => {
    const of = (law: Limit["law"]) =>
      thresholds
        .filter((t) => t.law === law)
        .map((t) => `${t.kind} ${t.pollutant} ${t.value} ${t.consecutive} ${t.statistic}`)
        .sort();
    expect(of("eu-2024-2881")).toEqual(
      lines(`
        alert so2 350 3 hour\nalert no2 200 3 hour\nalert o3 240 3 hour
        alert pm25 50 1 day\nalert pm10 90 1 day
        information so2 275 1 hour\ninformation no2 150 1 hour\ninformation o3 180 1 hour
        information pm25 50 1 day\ninformation pm10 90 1 day`),
    );
    expect(of("eu-2008-50")).toEqual(
      lines("alert so2 500 3 hour\nalert no2 400 3 hour\nalert o3 240 3 hour\ninformation o3 180 1 hour"),
    );
  });

  it("days a law holds, whatever its stages", () => {
    expect(lawDates("eu-2008-50")).toEqual({ from: "2010-01-01", to: "2026-12-11" });
    expect(lawDates("eu-2024-2881")).toEqual({ from: "2026-12-12" });
    expect(lawDates("gb-3095-2012")).toEqual({ from: "2018-09-01", to: "2026-02-28" });
    expect(lawDates("gb-3095-2026")).toEqual({ from: "2026-03-01" });
    expect(new Set(limits.map(({ law, source }) => `${law} ${source}`)).size).toBe(5);
  });
});
