import { describe, expect, it } from "vitest";
import { addLevels, exceededLevel, noLevels } from "./level-counts.ts";
import { againstGb3096, againstWho, gb3096, lden } from "./noise-assessment.ts";
import { noiseOfDay, noiseOfPeriod, noiseSpan } from "./noise-period.ts";
import { day, hour } from "./timestamp.ts";

describe("noise", () => {
  const midnight = Date.UTC(2026, 5, 1) - hour;
  const eu = { day: 7, evening: 19, night: 23 };
  const rules = { hours: eu, source: "road", place: "2", offset: 1 } as const;
  /** Day 60, evening 55, night 50 from 07:00 to the next 07:00; the night before was louder and is another day's. */
  const level = (h: number) => (h < 6 ? 90 : h < 19 ? 60 : h < 23 ? 55 : 50);
  const heard = {
    laeq: new Map(Array.from({ length: 31 }, (_, h) => [midnight + h * hour, level(h)])),
    lafmax: new Map([
      [midnight + 2 * hour, 120],
      [midnight + 12 * hour, 88],
      [midnight + 27 * hour, 95],
    ]),
  };
  it("makes a day from its morning to the next: 12 h of 60, 4 h of 55 + 5, 8 h of 50 + 10 are Lden 60", () => {
    const judged = noiseOfDay(heard, midnight, rules);
    expect(judged).toMatchObject({ lday: 60, hours: 24, lafmax: 95 });
    expect(judged.lden).toBeCloseTo(60, 9);
    expect(judged.levening).toBeCloseTo(55, 9);
    expect(judged.lnight).toBeCloseTo(50, 9);
    // GB 3096: 06–22 13 h of 60 and 3 h of 55, 22–06 1 h of 55 and 7 h of 50; class 2 is 60 and 50, an event 65.
    const found = judged.findings.map((f) => [f.law, f.figure, Number(f.level.toFixed(2)), f.limit, f.exceeded]);
    expect(found).toEqual([
      ["who-2018", "Lden", 60, 53, true],
      ["who-2018", "Lnight", 50, 45, true],
      ["gb-3096", "day", 59.4, 60, false],
      ["gb-3096", "night", 51.04, 50, true],
      ["gb-3096", "night event", 95, 65, true],
    ]);
  });
  it("has no loudest level where none was measured", () => {
    const judged = noiseOfDay({ ...heard, lafmax: new Map() }, midnight, rules);
    expect(judged.lafmax).toBeUndefined();
    expect(judged.findings.map((f) => f.figure)).toEqual(["Lden", "Lnight", "day", "night"]);
  });
  it("spans the hours that it needs, also where the clock is half an hour off", () => {
    expect(noiseSpan(midnight, rules)).toEqual({ from: midnight + 7 * hour, to: midnight + 31 * hour });
    const india = Date.UTC(2026, 5, 1) - 5.5 * hour;
    expect(noiseSpan(india, rules)).toEqual({ from: india + 6.5 * hour, to: india + 30.5 * hour });
  });
  it("takes several days by their energy: 60 and 63 dB are 61.75", () => {
    const louder = new Map([...heard.laeq].map(([at, l]) => [at + day, l + 3]));
    const both = { ...heard, laeq: new Map([...heard.laeq, ...louder]) };
    const midnights = [midnight, midnight + day];
    const days = midnights.map((at) => noiseOfDay(both, at, rules));
    // The first day's last hours are the second's own night now; its mean is of what is left alike.
    expect(days[1]!.lden).toBeCloseTo(63, 9);
    const of = [noiseOfDay(heard, midnight, rules), days[1]!];
    const whole = noiseOfPeriod(both, midnights, of, rules);
    expect(whole.lden).toBeCloseTo(61.754, 3);
    expect(whole).toMatchObject({ hours: 48, days: 2, lafmax: 95 });
    expect(noiseOfPeriod(both, [], [], rules)).toMatchObject({ hours: 0, days: 0, lden: undefined, lafmax: undefined });
  });
  it("holds every class of GB 3096-2008 and every source of WHO 2018", () => {
    const classes = Object.keys(gb3096) as (keyof typeof gb3096)[];
    const gb = classes.map((c) => againstGb3096({ lday: 0, lnight: 0 }, c, 0).map(({ limit }) => limit));
    expect(gb).toEqual([
      [50, 40, 55],
      [55, 45, 60],
      [60, 50, 65],
      [65, 55, 70],
      [70, 55, 70],
      [70, 60, 75],
    ]);
    expect(classes).toEqual(["0", "1", "2", "3", "4a", "4b"]);
    const who = (["road", "rail", "aircraft"] as const).map((s) =>
      againstWho({ lden: 0, lnight: 0 }, s).map((f) => f.limit),
    );
    expect(who).toEqual([
      [53, 45],
      [54, 44],
      [45, 40],
    ]);
  });
  it("shortens the evening where a state does: 14 h of 60, 2 h of 55 + 5, 8 h of 50 + 10", () => {
    expect(lden({ day: 60, evening: 55, night: 50 }, { day: 6, evening: 20, night: 22 })).toBeCloseTo(60, 9);
    // 16 h of 60 and 8 h of 50 without an evening: (16 + 8) · 10⁶ / 24.
    expect(lden({ day: 60, evening: 0, night: 50 }, { day: 6, evening: 22, night: 22 })).toBeCloseTo(60, 9);
  });
  it("takes LA10 as what a tenth of the time reaches", () => {
    const counted = addLevels(
      noLevels(),
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
    expect([10, 50, 90, 100].map((n) => exceededLevel(counted, n))).toEqual([91, 51, 11, 1]);
    expect(exceededLevel(addLevels(noLevels(), [45.126]), 50)).toBe(45.13);
    expect(exceededLevel(addLevels(noLevels(), [-20]), 50)).toBe(-20);
    expect(exceededLevel(addLevels(addLevels(noLevels(), [40]), [50, 60]), 50)).toBe(50);
    expect(exceededLevel(noLevels(), 50)).toBeUndefined();
  });
});
