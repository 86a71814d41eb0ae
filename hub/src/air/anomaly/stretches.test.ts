import { describe, expect, it } from "vitest";
import { narrowed, type ScoredHour, stretchesOf } from "./stretches.ts";
import { stretchWords } from "./words.ts";

const hour = 3_600_000;
const start = Date.UTC(2026, 0, 5);
/** Ten weeks of hours: 20 by day, 5 by night, 2 on Sundays. */
const usual = (i: number) => (Math.floor(i / 24) % 7 === 6 ? 2 : i % 24 >= 6 && i % 24 < 20 ? 20 : 5) + (i % 5) / 10;
const hours = (change: Readonly<Record<number, Partial<ScoredHour>>>): ScoredHour[] =>
  Array.from({ length: 70 * 24 }, (_, i) => ({ at: start + i * hour, value: usual(i), score: 0, ...change[i] }));
const words = { metric: "pm25", unit: "ug/m3", place: "Mill Road", offset: 0 } as const;
const told = (all: ScoredHour[]) =>
  stretchesOf(all).map((s) => {
    const { stretch, usual: range } = narrowed(s, new Map(all.map(({ at, value }) => [at, value])));
    return {
      from: (stretch.from - start) / hour,
      to: (stretch.to - start) / hour,
      words: stretchWords(stretch, range, words),
    };
  });

describe("unusual hours in words", () => {
  it("are one stretch while they are near to one another, told by the worst", () => {
    const at = 63 * 24 + 3;
    const all = hours({
      [at]: { value: 60, score: 0.6 },
      [at + 1]: { value: 84, score: 0.8 },
      [at + 2]: { value: 50, score: 0.7 },
      [at + 30]: { value: 70, score: 0.6 },
    });
    expect(told(all)).toEqual([
      {
        from: at,
        to: at + 2,
        words:
          "PM2.5 at Mill Road was 84 µg/m³ at 04:00, the most unusual hour from 03:00 to 06:00; at this hour of a Monday it is usually 5 to 5.4.",
      },
      { from: at + 30, to: at + 30, words: expect.stringContaining("at 09:00; at this hour of a Tuesday") },
    ]);
  });

  it("leave out usual hours that only follow an unusual one", () => {
    const at = 60 * 24 + 12;
    const all = hours({ [at]: { value: 90, score: 0.9 }, [at + 1]: { score: 0.6 }, [at + 2]: { score: 0.5 } });
    expect(told(all)).toMatchObject([{ from: at, to: at }]);
  });

  it("compare a Sunday with Sundays, on the place's own clock", () => {
    const sunday = 62 * 24 + 12;
    const all = hours({ [sunday]: { value: 20, score: 0.6 } });
    expect(told(all)[0]?.words).toMatch(/at 12:00; at this hour of a Sunday it is usually 2.1 to 2.4\.$/);
    const [stretch] = stretchesOf(all);
    expect(stretchWords(stretch!, undefined, { ...words, offset: 8 * hour })).toMatch(
      /^PM2.5 at Mill Road was 20 µg\/m³ at 20:00; too little is known/,
    );
  });

  it("say so when no single value was unusual but the course", () => {
    const at = 65 * 24 + 10;
    const all = hours({ [at]: { score: 0.7 }, [at + 1]: { score: 0.6 } });
    expect(told(all)).toEqual([
      {
        from: at,
        to: at + 1,
        words: expect.stringMatching(/That is no unusual value .* but its course over the hours before was\.$/),
      },
    ]);
  });

  it("take all days together where a weekday has been seen too seldom", () => {
    const all = hours({ [30 * 24]: { value: 99, score: 0.9 } }).slice(0, 31 * 24);
    expect(told(all)[0]?.words).toMatch(/at this hour it is usually 2\.\d to 5\.\d\.$/);
  });
});
