import { type Instant, instant, type LineId, type ZoneId } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { type Minute, minuteCounter } from "./minute-counted.ts";
import type { Finding } from "./rule.ts";

const crossed = (direction: "in" | "out" = "in"): Finding => ({
  kind: "line-crossed",
  line: "kerb" as LineId,
  direction,
  class: "car",
});
const zone = "square" as ZoneId;
const occupied = (count: number): Finding => ({ kind: "zone-occupied", zone, class: "person", count });

/** Reaches every `step` milliseconds from `from` to `to`, and adds what is written down for a moment. */
function run(from: number, to: number, step: number, said: Record<number, readonly Finding[]> = {}): Minute[] {
  const counter = minuteCounter();
  const all: Minute[] = [];
  for (let at = from; at <= to; at += step) {
    all.push(...counter.reach(instant(at)));
    for (const finding of said[at] ?? []) counter.add(finding);
  }
  return [...all, ...counter.end()];
}
const watched = (all: readonly Minute[]): [number, number][] => all.map((m) => [m.at / 60_000, m.watched]);

describe("minutes", () => {
  it("are those of the UTC clock, each told once, with how much of it was watched", () => {
    expect(watched(run(45_000, 195_000, 500))).toEqual([
      [0, 15_000],
      [1, 60_000],
      [2, 60_000],
      [3, 15_000],
    ]);
  });

  it("are told when the first picture after them has come, not before", () => {
    const counter = minuteCounter();
    expect([...counter.reach(instant(59_000))]).toEqual([]);
    expect([...counter.reach(instant(59_999))]).toEqual([]);
    expect([...counter.reach(instant(60_000))].map(({ at }) => at)).toEqual([0]);
    expect([...counter.end()].map(({ at }) => at)).toEqual([60_000]);
    expect([...counter.end()]).toEqual([]);
  });

  it("do not count as watched what lies between pictures more than two seconds apart", () => {
    expect(watched(run(0, 60_000, 2000))[0]).toEqual([0, 60_000]);
    expect(watched(run(0, 60_000, 2500))[0]).toEqual([0, 0]);
  });

  it("are told too when the camera was away for all of them, as not watched and with nothing in them", () => {
    const counter = minuteCounter();
    const all = [30_000, 31_000, 241_000, 242_000].flatMap((at) => [...counter.reach(instant(at))]);
    expect(watched([...all, ...counter.end()])).toEqual([
      [0, 1000],
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 1000],
    ]);
    expect(all.every(({ lines, zones }) => lines.length + zones.length === 0)).toBe(true);
  });

  it("count what crossed a line by class and direction, each in its own minute", () => {
    const all = run(0, 90_000, 1000, {
      1000: [crossed(), crossed(), crossed("out")],
      59000: [crossed()],
      60000: [crossed("out")],
    });
    expect(all.map(({ lines }) => lines)).toEqual([
      [{ line: "kerb", class: "car", in: 3, out: 1 }],
      [{ line: "kerb", class: "car", in: 0, out: 1 }],
    ]);
  });

  it("weigh how many are in a zone by how long they are, over the minute's end", () => {
    const all = run(0, 120_000, 1000, {
      30000: [{ kind: "zone-entered", zone, class: "person" }, occupied(1)],
      45000: [occupied(3)],
      60000: [occupied(3)],
      90000: [occupied(0)],
    });
    expect(all.slice(0, 2).map(({ zones }) => zones)).toEqual([
      [{ zone: "square", class: "person", entered: 1, mean: 1, max: 3 }],
      [{ zone: "square", class: "person", entered: 0, mean: 1.5, max: 3 }],
    ]);
  });

  it("do not weigh the time in which nobody was watching", () => {
    const counter = minuteCounter();
    const all: Minute[] = [];
    for (const at of [0, 1000, 2000, 50_000, 51_000, 52_000]) {
      all.push(...counter.reach(instant(at)));
      if (at === 0) counter.add(occupied(2));
      if (at === 50_000) counter.add(occupied(4));
    }
    const [minute] = [...all, ...counter.end()];
    expect(minute).toMatchObject({ watched: 4000, zones: [{ mean: 3, max: 4 }] });
  });

  it("come in parts when the clock is set back, and lose nothing", () => {
    const counter = minuteCounter();
    const all: Minute[] = [];
    for (const at of [119_000, 120_000, 100_000, 101_000, 120_000] as Instant[]) {
      all.push(...counter.reach(at));
      counter.add(crossed());
    }
    const told = [...all, ...counter.end()];
    expect(told.map(({ at, lines }) => [at / 60_000, lines[0]?.in])).toEqual([
      [1, 1],
      [2, 1],
      [1, 2],
      [2, 1],
    ]);
  });

  it("are not made up by the year when the clock jumps ahead", () => {
    const counter = minuteCounter();
    const jumped = [0, 400 * 24 * 3_600_000].flatMap((at) => [...counter.reach(instant(at))]);
    expect(jumped).toHaveLength(1);
  });

  it("know who stayed over their beginning, and are sorted by name", () => {
    const at = (line: string, of: "car" | "bus"): Finding =>
      ({ ...crossed(), line: line as LineId, class: of }) as Finding;
    const [first, second] = run(0, 90_000, 500, {
      10000: [occupied(3), at("north", "car"), at("east", "car"), at("east", "bus"), at("west", "car")],
      30000: [occupied(2)],
      70000: [occupied(0)],
    });
    expect(first?.zones).toMatchObject([{ max: 3, mean: 2 }]);
    expect(second?.zones).toMatchObject([{ max: 2, mean: 0.667, entered: 0 }]);
    expect(first?.lines.map((l) => `${l.line} ${l.class}`)).toEqual(["east bus", "east car", "north car", "west car"]);
  });

  it("count who came and went between two pictures, of whom there was never more than nobody", () => {
    const [only] = run(0, 50_000, 500, { 1000: [{ kind: "zone-entered", zone, class: "person" }] });
    expect(only?.zones).toEqual([{ zone, class: "person", entered: 1, max: 0, mean: 0 }]);
  });

  it("are all told over a day without a picture, and not over more", () => {
    const over = (minutes: number) => {
      const counter = minuteCounter();
      return [...counter.reach(instant(0)), ...counter.reach(instant(minutes * 60_000))].length;
    };
    expect([over(24 * 60), over(24 * 60 + 1)]).toEqual([24 * 60, 1]);
  });
});
