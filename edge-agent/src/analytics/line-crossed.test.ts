import type { LineId, SiteLine } from "@openkerb/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineCrossed } from "./line-crossed.ts";
import { findings, type Made, madeScene } from "./made-scenes.ts";

/** Up the middle of the picture: in is to the east. */
const middle: SiteLine = { id: "middle" as LineId, name: "Middle", from: [0.5, 1], to: [0.5, 0] };
const ways = (line: SiteLine, scenes: readonly (readonly Made[])[]): string[] =>
  findings(lineCrossed(line), scenes).map((f) => (f.kind === "line-crossed" ? `${f.class} ${f.direction}` : f.kind));
const at = (x: number, more: Omit<Made, "foot"> = {}): readonly Made[] => [{ foot: [x, 0.5], ...more }];

describe("a line", () => {
  it.each([
    ["counts a car that drives over it", [0.3, 0.45, 0.55, 0.7], ["car in"]],
    ["counts it the other way", [0.7, 0.55, 0.45, 0.3], ["car out"]],
    ["counts who is too fast to be seen near it", [0.05, 0.95], ["car in"]],
    ["counts there and back as two", [0.3, 0.7, 0.3], ["car in", "car out"]],
    ["does not count who turns around on it", [0.3, 0.499, 0.502, 0.498, 0.3], []],
    ["counts who trembles on it and goes on once", [0.3, 0.501, 0.499, 0.503, 0.498, 0.501, 0.7], ["car in"]],
    ["does not count who stops before it", [0.3, 0.4, 0.49, 0.49], []],
  ] as [string, number[], string[]][])("%s", (_name, xs, expected) => {
    expect(
      ways(
        middle,
        xs.map((x) => at(x)),
      ),
    ).toEqual(expected);
  });

  it("counts a car that rests on it once at the most, however long it trembles", () => {
    const trembling = Array.from({ length: 500 }, (_, n) => at(0.5 + 0.002 * Math.sin(n * 7)));
    expect(ways(middle, [at(0.3), ...trembling])).toEqual([]);
    expect(ways(middle, [at(0.3), ...trembling, at(0.8), ...trembling])).toEqual(["car in"]);
  });

  it("counts who had crossed it before he was sure to be real", () => {
    expect(
      ways(middle, [
        at(0.7, {
          earlier: [
            [0.3, 0.5],
            [0.45, 0.5],
          ],
        }),
      ]),
    ).toEqual(["car in"]);
  });

  it("does not believe predicted places, and counts the step over them when he is seen again", () => {
    expect(ways(middle, [at(0.3), at(0.7, { seen: false })])).toEqual([]);
    expect(ways(middle, [at(0.3), at(0.7, { seen: false }), at(0.35)])).toEqual([]);
    expect(ways(middle, [at(0.3), at(0.6, { seen: false }), at(0.7)])).toEqual(["car in"]);
  });

  it("counts who is lost from sight just beyond it, but not who was on it all his life", () => {
    const rule = lineCrossed(middle);
    const seen = [...findings(rule, [at(0.3), at(0.502)]), ...rule(madeScene(5000, [], [1]))];
    expect(seen.map((f) => f.kind)).toEqual(["line-crossed"]);
    const other = lineCrossed(middle);
    expect([...findings(other, [at(0.498), at(0.502)]), ...other(madeScene(5000, [], [1]))]).toEqual([]);
  });

  it("counts only the classes it is drawn for, by the class at the crossing", () => {
    const cars = { ...middle, classes: ["car" as const] };
    expect(ways(cars, [at(0.3, { label: "person" }), at(0.7, { label: "person" })])).toEqual([]);
    expect(ways(cars, [at(0.3, { label: "truck" }), at(0.7, { label: "car" })])).toEqual(["car in"]);
  });

  it("keeps tracks apart", () => {
    const both = (a: number, b: number): readonly Made[] => [
      { id: 1, foot: [a, 0.4] },
      { id: 2, foot: [b, 0.6], label: "bus" },
    ];
    expect(ways(middle, [both(0.3, 0.7), both(0.7, 0.3)])).toEqual(["car in", "bus out"]);
  });

  it("counts in minus out as many as end on its right but began on its left, whatever the ways", () => {
    const x = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(x, { minLength: 1, maxLength: 30 }), (xs) => {
        const clear = (v: number): boolean => Math.abs(v - 0.5) > 0.01;
        fc.pre(clear(xs[0]!) && clear(xs.at(-1)!));
        const net = ways(
          middle,
          xs.map((v) => at(v)),
        ).reduce((sum, w) => sum + (w === "car in" ? 1 : -1), 0);
        expect(net).toBe(Number(xs.at(-1)! > 0.5) - Number(xs[0]! > 0.5));
      }),
    );
  });

  it("does not care in which order the tracks of a scene come", () => {
    const foot = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
    const scenes = fc.array(fc.array(foot, { minLength: 4, maxLength: 4 }), { minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(scenes, (feet) => {
        const made = feet.map((row) => row.map((f, id) => ({ id, foot: f, label: id % 2 ? "car" : "bus" }) as const));
        const turned = made.map((row) => [...row].reverse());
        expect(ways(middle, turned).sort()).toEqual(ways(middle, made).sort());
      }),
    );
  });
});
