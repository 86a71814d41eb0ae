import { CountBin } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { classesOf, cutAt, series, stretch, sumOf, tally, watchedShare } from "./counts.ts";
import { crossed } from "./crossed-fixture.ts";
import { makeStreet } from "./street.ts";

const minute = 60_000;
const hour = 60 * minute;
/** Ten past the hour. */
const now = 472_222 * hour + 10 * minute + 30_000;
const top = now - (now % hour);
const bin = (from: number, span: number, ins: number, watched = 1, cls = "person"): CountBin =>
  CountBin.parse({
    from,
    span,
    watched,
    lines: ins > 0 ? [{ line: "kerb", class: cls, in: ins, out: 1 }] : [],
    zones: [],
  });
const kerb = "kerb" as never;

describe("what is counted", () => {
  it("adds hours before the cut to minutes after it, and neither twice", () => {
    const cut = cutAt(now);
    expect(cut).toBe(top);
    const all = tally({
      since: top - 3 * hour,
      cut,
      hours: [bin(top - 4 * hour, hour, 1000), bin(top - hour, hour, 50), bin(top, hour, 7)],
      minutes: [bin(top - minute, minute, 9), bin(top, minute, 3), bin(top + minute, minute, 4)],
      street: makeStreet(),
    });
    expect(classesOf(all.get(kerb))).toEqual([{ class: "person", in: 57, out: 3 }]);
  });

  it("reads an hour in minutes until its last minute has had time to arrive", () => {
    expect(cutAt(top + 9 * minute)).toBe(top - hour);
    expect(cutAt(top + 10 * minute)).toBe(top);
  });

  it("never counts a step on top of the minute that already holds it", () => {
    const street = makeStreet();
    const at = top + 5 * minute;
    for (let id = 1; id <= 4; id++) street.take(crossed(id, at + id));
    const given = { since: top, cut: top as never, hours: [], street };
    expect(sumOf(tally({ ...given, minutes: [] }).get(kerb))).toEqual({ in: 4, out: 0 });
    expect(sumOf(tally({ ...given, minutes: [bin(at, minute, 4)] }).get(kerb))).toEqual({ in: 4, out: 1 });
    expect(sumOf(tally({ ...given, minutes: [bin(at, minute, 6)] }).get(kerb))).toEqual({ in: 6, out: 1 });
    expect(sumOf(tally({ ...given, minutes: [bin(at, minute, 2)] }).get(kerb))).toEqual({ in: 4, out: 1 });
  });

  it("counts a class the minute does not know beside those it does", () => {
    const street = makeStreet();
    street.take(crossed(1, top, { class: "bus" }));
    const all = tally({ since: top, cut: top as never, hours: [], minutes: [bin(top, minute, 3)], street });
    expect(classesOf(all.get(kerb))).toEqual([
      { class: "person", in: 3, out: 1 },
      { class: "bus", in: 1, out: 0 },
    ]);
  });
});

describe("a series", () => {
  const street = makeStreet();
  const of = (bins: CountBin[]) =>
    series({ bins, street, line: kerb, from: top, to: top + 11 * minute, span: minute, now });

  it("tells nobody came from nobody watched", () => {
    const s = of([bin(top, minute, 0, 1), bin(top + minute, minute, 0, 0), bin(top + 2 * minute, minute, 5, 0.5)]);
    expect(s.in.slice(0, 4)).toEqual([0, null, 5, null]);
    expect(s.watched.slice(0, 4)).toEqual([1, 0, 0.5, 0]);
  });

  it("does not call a minute unwatched while it may still arrive", () => {
    const s = of([]);
    expect(s.watched.slice(-3)).toEqual([0, null, null]);
    expect(s.in.slice(-3)).toEqual([null, 0, 0]);
  });

  it("shows live steps in minutes that have not arrived", () => {
    const live = makeStreet();
    live.take(crossed(1, top + 10 * minute));
    const s = series({ bins: [], street: live, line: kerb, from: top, to: top + 11 * minute, span: minute, now });
    expect(s.in.at(-1)).toBe(1);
  });

  it("can be of one class only", () => {
    const bins = [bin(top, minute, 5), bin(top + minute, minute, 7, 1, "car")];
    const s = series({ bins, street, line: kerb, only: "car", from: top, to: top + 2 * minute, span: minute, now });
    expect(s.in).toEqual([0, 7]);
  });
});

describe("the stretch a chart shows", () => {
  const given = { from: top, to: top + 60 * minute, span: minute, narrowest: 15 * minute };

  it("is all of the time when the place was watched before it", () => {
    const bins = [bin(top - minute, minute, 1), bin(top, minute, 1)];
    expect(stretch({ ...given, bins })).toEqual({ from: top, to: given.to });
  });

  it("begins where a new place began, and leaves it room to grow", () => {
    const at = top + 55 * minute;
    expect(stretch({ ...given, bins: [bin(top, minute, 0, 0), bin(at, minute, 1)] })).toEqual({
      from: at - minute,
      to: at + 14 * minute,
    });
  });

  it("is ready to grow before anything was watched", () => {
    expect(stretch({ ...given, bins: [] })).toEqual({ from: top + 58 * minute, to: top + 73 * minute });
  });
});

describe("the watched share", () => {
  it("weighs each bin by its length and counts a missing bin as unwatched", () => {
    const bins = [bin(top, minute, 1, 1), bin(top + minute, minute, 1, 0.5)];
    expect(watchedShare(bins, top, top + 4 * minute)).toBeCloseTo(1.5 / 4);
    expect(watchedShare([], top, top + minute)).toBeUndefined();
  });
});
