import { describe, expect, it } from "vitest";
import { axisMarks, axisWords, dayText, fieldTime, midnight, readTime, startOfDay, zoneName } from "./times.ts";

const hour = 3_600_000;
const at = (text: string): number => Date.parse(text);

describe("the clock of the place", () => {
  it("tells its own day and hour, whatever the clock of this machine says", () => {
    const late = at("2026-11-23T20:15Z");
    expect([8, 0, -5, 5.75].map((offset) => fieldTime(late, offset))).toEqual([
      "2026-11-24T04:15",
      "2026-11-23T20:15",
      "2026-11-23T15:15",
      "2026-11-24T02:00",
    ]);
    expect(dayText(late, 8)).toBe("2026-11-24");
    expect(midnight(late, 8)).toBe(at("2026-11-23T16:00Z"));
    expect(startOfDay("2026-11-24", 5.5)).toBe(at("2026-11-23T18:30Z"));
  });

  it("reads back what it wrote, and nothing of an empty field", () => {
    for (const offset of [-9.5, 0, 13])
      expect(readTime(fieldTime(at("2026-03-29T01:30Z"), offset), offset)).toBe(at("2026-03-29T01:30Z"));
    expect(readTime("", 8)).toBeUndefined();
    expect(startOfDay("the day before", 8)).toBeNaN();
  });

  it("is named as people elsewhere know it", () => {
    expect([0, 8, 5.75, -3.5, -12].map(zoneName)).toEqual(["UTC", "UTC+08:00", "UTC+05:45", "UTC−03:30", "UTC−12:00"]);
  });
});

describe("the marks of an axis", () => {
  const told = (from: string, to: string, most: number, offset: number): string[] =>
    axisMarks(at(from), at(to), most, offset).map((mark) => fieldTime(mark, offset));

  it("are whole hours of the place, also where its clock is half an hour off", () => {
    expect(told("2026-11-23T00:10Z", "2026-11-23T06:00Z", 6, 5.5)).toEqual([
      "2026-11-23T06:00",
      "2026-11-23T07:00",
      "2026-11-23T08:00",
      "2026-11-23T09:00",
      "2026-11-23T10:00",
      "2026-11-23T11:00",
    ]);
  });

  it("are midnights of the place over weeks in which clocks elsewhere are changed", () => {
    const marks = told("2026-10-20T03:00Z", "2026-11-02T03:00Z", 14, 8);
    expect(marks).toHaveLength(13);
    expect(new Set(marks.map((mark) => mark.slice(11)))).toEqual(new Set(["00:00"]));
  });

  it("are Mondays over months, first days over a year, and years over decades", () => {
    const weeks = axisMarks(at("2026-09-01T00:00Z"), at("2026-11-20T00:00Z"), 14, 8);
    expect(new Set(weeks.map((mark) => new Date(mark + 8 * hour).getUTCDay()))).toEqual(new Set([1]));
    expect(told("2025-11-20T00:00Z", "2026-11-20T00:00Z", 6, 8).map((mark) => mark.slice(0, 10))).toEqual([
      "2026-01-01",
      "2026-04-01",
      "2026-07-01",
      "2026-10-01",
    ]);
    expect(told("1990-01-01T00:00Z", "2026-01-01T00:00Z", 8, -5).length).toBeLessThanOrEqual(8);
  });

  it("say the clock, the day where one begins, and the month where only months are marked", () => {
    const say = { clock: () => "clock", dayAndMonth: () => "day", monthAndYear: () => "month" };
    expect(axisWords(axisMarks(at("2026-11-23T00:00Z"), at("2026-11-24T00:00Z"), 8, 8), 8, say)).toContain("day");
    expect(axisWords([at("2026-11-22T16:00Z"), at("2026-11-22T19:00Z")], 8, say)).toEqual(["day", "clock"]);
    expect(axisWords(axisMarks(at("2025-11-20T00:00Z"), at("2026-11-20T00:00Z"), 6, 8), 8, say)).toEqual(
      Array(4).fill("month"),
    );
  });
});
