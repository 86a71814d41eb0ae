import { describe, expect, it } from "vitest";
import { addLevels, exceededLevel, noLevels } from "./level-counts.ts";
import {
  againstGb3096,
  againstWho,
  equivalentLevel,
  euNoiseHours,
  gb3096Hours,
  lden,
  lengths,
  noiseDay,
  periodOf,
} from "./noise-assessment.ts";

describe("levels of a day", () => {
  // Computed from the formula of 2002/49/EC Annex I.
  it.each([
    [60, 60, 60, 66.3952],
    [65, 60, 55, 65],
    [70, 65, 60, 70],
    [53, 53, 45, 54.9183],
    [55, 50, 45, 55],
    [68.2, 64.1, 59.7, 68.9037],
  ])("day %d, evening %d, night %d make Lden %d", (day, evening, night, expected) => {
    expect(lden({ day, evening, night })).toBeCloseTo(expected, 4);
  });

  it("adds energy, not levels", () => {
    expect(equivalentLevel([60, 70])).toBeCloseTo(67.4036, 4);
    expect(equivalentLevel([])).toBeUndefined();
  });

  it("gives every hour to one period, also where there is no evening", () => {
    const periods = (hours: typeof euNoiseHours) => Array.from({ length: 24 }, (_, h) => periodOf(h, hours));
    const count = (hours: typeof euNoiseHours, p: string) => periods(hours).filter((q) => q === p).length;
    for (const hours of [euNoiseHours, gb3096Hours, { day: 6, evening: 20, night: 22 }])
      expect([count(hours, "day"), count(hours, "evening"), count(hours, "night")]).toEqual(
        Object.values(lengths(hours)),
      );
    expect([
      periodOf(6, euNoiseHours),
      periodOf(7, euNoiseHours),
      periodOf(19, euNoiseHours),
      periodOf(23, euNoiseHours),
    ]).toEqual(["night", "day", "evening", "night"]);
  });

  it("has no Lden without three quarters of the night", () => {
    const full = new Array(24).fill(60);
    expect(noiseDay(full)).toMatchObject({ lday: 60, lnight: 60, hours: 24 });
    expect(noiseDay(full).lden).toBeCloseTo(66.3952, 4);
    expect(noiseDay(full.map((v, h) => (h < 3 ? undefined : v)))).toMatchObject({ lnight: undefined, lden: undefined });
    expect(noiseDay(full.map((v, h) => (h < 2 ? undefined : v))).lden).toBeCloseTo(66.3952, 4);
  });

  it("finds the level exceeded a part of the time", () => {
    const levels = Array.from({ length: 101 }, (_, i) => i);
    const counted = addLevels(noLevels(), levels);
    expect([10, 50, 90].map((percent) => exceededLevel(counted, percent))).toEqual([90, 50, 10]);
    const two = addLevels(addLevels(noLevels(), [40]), [60.37]);
    expect([10, 50, 90].map((percent) => exceededLevel(two, percent))).toEqual([60.37, 60.37, 40]);
    expect(exceededLevel(noLevels(), 10)).toBeUndefined();
  });

  it("calls no level exceeded that is printed as the limit itself", () => {
    const of = (lden: number) => againstWho({ lden, lnight: undefined }, "road").map((f) => f.exceeded);
    expect([of(52.9), of(53), of(53.04), of(53.05), of(53.1)]).toEqual([[false], [false], [false], [true], [true]]);
  });

  it("holds a day against WHO and GB 3096, and leaves out what was not measured", () => {
    const day = { lday: 60, levening: 55, lnight: 45, lden: 58 };
    expect(againstWho(day, "road").map((f) => [f.figure, f.exceeded])).toEqual([
      ["Lden", true],
      ["Lnight", false],
    ]);
    expect(againstWho({ lden: undefined, lnight: 46 }, "road")).toEqual([
      { figure: "Lnight", level: 46, limit: 45, exceeded: true },
    ]);
    expect(againstGb3096(day, "1", 61).map((f) => [f.figure, f.exceeded])).toEqual([
      ["day", true],
      ["night", false],
      ["night event", true],
    ]);
  });
});
