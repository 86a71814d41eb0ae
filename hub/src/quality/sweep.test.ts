import { expect, it } from "vitest";
import type { TestedHour } from "../store/quality-queries.ts";
import { inPieces, longestWrite } from "./sweep.ts";
import { hour, start } from "./trial-readings.ts";

const tested = (count: number, n = 60): TestedHour[] =>
  Array.from({ length: count }, (_, i) => ({ hour: start + i * hour, count: n, raw: n, doubts: [] }));

it.each([
  ["a fast disk", 0.1, 0.3],
  ["a slow one", 1.2, 1],
])(
  "a backlog of tests holds readings up for no longer than a few milliseconds at a time on %s",
  async (_, each, once) => {
    let now = 0;
    const pieces: { hours: number[]; spent: number }[] = [];
    const write = inPieces(
      (some) => {
        const spent = once + each * some.length;
        now += spent;
        pieces.push({ hours: some.map((h) => h.hour), spent });
      },
      () => now,
    );
    for (let step = 0; step < 10; step++) await write(tested(24));
    const all = tested(24).map((h) => h.hour);
    expect(pieces.flatMap((p) => p.hours)).toEqual(Array.from({ length: 10 }, () => all).flat());
    for (const { spent } of pieces.slice(pieces.length / 2)) expect(spent).toBeLessThanOrEqual(longestWrite);
    // What it costs to write at all is shared by as many hours as fit.
    const last = pieces.slice(-4);
    expect(last.reduce((sum, p) => sum + p.hours.length, 0) / last.length).toBeGreaterThan(each < 1 ? 8 : 1);
  },
);

it("an hour of seconds is written alone, however long it takes", async () => {
  const pieces: number[] = [];
  await inPieces((some) => void pieces.push(some.length))(tested(3, 3600));
  expect(pieces).toEqual([1, 1, 1]);
});
