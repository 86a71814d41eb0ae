import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contains, crossing, distanceTo, isRight, type Point, type Segment } from "./geometry.ts";

const line = { from: [0.5, 1], to: [0.5, 0] } as const;
const share = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.integer({ min: 0, max: 8 }).map((n) => n / 8),
);
const point = fc.tuple(share, share);

describe("a line across the picture", () => {
  it.each([
    ["up the picture: east is right", [0.5, 1], [0.5, 0], [0.9, 0.5], true],
    ["up the picture: west is left", [0.5, 1], [0.5, 0], [0.1, 0.5], false],
    ["down the picture: west is right", [0.5, 0], [0.5, 1], [0.1, 0.5], true],
    ["to the right of the picture: below is right", [0, 0.5], [1, 0.5], [0.5, 0.9], true],
    ["to the right of the picture: above is left", [0, 0.5], [1, 0.5], [0.5, 0.1], false],
    ["a point exactly on it is right", [0, 0.5], [1, 0.5], [0.3, 0.5], true],
  ] as [string, Point, Point, Point, boolean][])("%s", (_name, from, to, p, right) => {
    expect(isRight({ from, to }, p)).toBe(right);
  });

  it.each([
    ["in: from its left to its right", [0.4, 0.5], [0.6, 0.5], 1],
    ["out: from its right to its left", [0.6, 0.5], [0.4, 0.5], -1],
    ["onto it from the left", [0.4, 0.5], [0.5, 0.5], 1],
    ["from resting on it to the right: it was there already", [0.5, 0.5], [0.6, 0.5], 0],
    ["from resting on it to the left", [0.5, 0.5], [0.4, 0.5], -1],
    ["not at all when it stays on its side", [0.1, 0.1], [0.4, 0.9], 0],
    ["in one leap over the whole picture", [0, 0.4], [1, 0.6], 1],
    ["past the far end is no crossing", [0.4, -0.1], [0.6, -0.1], 0],
    ["past the near end is no crossing", [0.4, 1.1], [0.6, 1.1], 0],
    ["through its beginning counts", [0.4, 1], [0.6, 1], 1],
    ["through its end does not, so that lines end to end count once", [0.4, 0], [0.6, 0], 0],
  ] as [string, Point, Point, number][])("is crossed %s", (_name, a, b, way) => {
    expect(crossing(line, a, b)).toBe(way);
  });

  it("undoes itself: there and back is nothing", () => {
    fc.assert(
      fc.property(point, point, point, point, (from, to, a, b) => {
        expect(crossing({ from, to }, a, b) + crossing({ from, to }, b, a)).toBe(0);
      }),
      { numRuns: 5000 },
    );
  });

  it("is crossed the other way when it is drawn the other way, but for points exactly on it", () => {
    fc.assert(
      fc.property(point, point, point, point, (from, to, a, b) => {
        const [one, other] = [
          { from, to },
          { from: to, to: from },
        ];
        fc.pre([a, b].every((p) => isRight(one, p) !== isRight(other, p)));
        fc.pre([from, to].every((p) => isRight({ from: a, to: b }, p) !== isRight({ from: b, to: a }, p)));
        expect(crossing(one, a, b) + crossing(other, a, b)).toBe(0);
      }),
    );
  });

  it("is crossed as often by a way as by the straight step from its first to its last point, when the line has no ends near", () => {
    const long = { from: [-100, 0.47] as Point, to: [100, 0.53] as Point };
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 12 }), (way) => {
        const steps = way.slice(1).reduce<number>((sum, p, i) => sum + crossing(long, way[i]!, p), 0);
        expect(steps).toBe(crossing(long, way[0]!, way.at(-1)!));
      }),
    );
  });
});

it.each([
  [[0.5, 0.5], 0],
  [[0.8, 0.5], 0.3],
  [[0.5, -0.25], 0.25],
  [[0.8, 1.4], 0.5],
] as [Point, number][])("%j is %d away from the line", (p, far) => {
  expect(distanceTo(line, p)).toBeCloseTo(far, 12);
});

it("the distance to a slanting line is that to its nearest point, which may be an end, and a line may be a point", () => {
  const slope: Segment = { from: [1, 2], to: [4, 6] };
  expect(distanceTo(slope, [1 + 1.5 - 4, 2 + 2 + 3])).toBeCloseTo(5, 12);
  expect(distanceTo(slope, [0, 0])).toBeCloseTo(Math.hypot(1, 2), 12);
  expect(distanceTo(slope, [7, 10])).toBeCloseTo(5, 12);
  expect(distanceTo({ from: [3, 4], to: [3, 4] }, [0, 0])).toBe(5);
});

describe("a zone", () => {
  const hook: Point[] = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0.6, 1],
    [0.6, 0.4],
    [0, 0.4],
  ];
  it.each([
    [[0.2, 0.2], true],
    [[0.8, 0.9], true],
    [[0.3, 0.7], false],
    [[1.2, 0.2], false],
  ] as [Point, boolean][])("with a corner inwards holds %j: %s", (p, inside) => {
    expect(contains(hook, p)).toBe(inside);
  });

  it("with slanting sides holds what lies between them", () => {
    const kite: Point[] = [
      [3, 1],
      [5, 4],
      [3, 9],
      [2, 4],
    ];
    const held = ([x, y]: Point) => contains(kite, [x, y]);
    expect(
      [
        [3, 4],
        [4.2, 3.2],
        [2.45, 6.1],
        [4.1, 6],
      ].map((p) => held(p as [number, number])),
    ).toEqual(Array(4).fill(true));
    expect(
      [
        [4.5, 2.9],
        [2.3, 2.3],
        [2.2, 5.5],
        [4.5, 6],
        [1.9, 4],
        [3, 0.9],
        [3, 9.1],
      ].map((p) => held(p as [number, number])),
    ).toEqual(Array(7).fill(false));
  });

  it("and its neighbour share no point and leave none out", () => {
    const left: Point[] = [
      [0, 0],
      [0.5, 0],
      [0.5, 1],
      [0, 1],
    ];
    const right: Point[] = [
      [0.5, 0],
      [1, 0],
      [1, 1],
      [0.5, 1],
    ];
    const inner = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
    fc.assert(
      fc.property(inner, inner, (x, y) => {
        expect(Number(contains(left, [x, y])) + Number(contains(right, [x, y]))).toBe(1);
      }),
    );
  });
});
