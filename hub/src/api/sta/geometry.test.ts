import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distance, fits, fromGeoJson, lengthOf, lies, parseWkt, relation } from "./geometry.ts";

const square = parseWkt("POLYGON((0 0, 10 0, 10 10, 0 10, 0 0),(4 4, 6 4, 6 6, 4 6, 4 4))");
const at = (x: number, y: number) => parseWkt(`POINT(${x} ${y})`);

describe("places in filters", () => {
  it("tells inside, boundary and outside, with holes", () => {
    const where = (x: number, y: number) => lies([x, y], square);
    expect([where(2, 2), where(5, 5), where(0, 5), where(4, 5), where(11, 5), where(10, 10)]).toEqual([
      "inside",
      "outside",
      "boundary",
      "boundary",
      "outside",
      "boundary",
    ]);
  });

  it.each([
    ["POINT(2 2)", "0FFFFF212"],
    ["POINT(0 5)", "F0FFFF212"],
    ["POINT(20 5)", "FF0FFF212"],
  ])("relates %s to an area as %s, and the other way round", (point, matrix) => {
    expect(relation(parseWkt(point), square)).toBe(matrix);
    const turned = [0, 1, 2].flatMap((j) => [0, 1, 2].map((i) => matrix[3 * i + j]));
    expect(relation(square, parseWkt(point))).toBe(turned.join(""));
  });

  it("relates points to points and lines", () => {
    const line = parseWkt("LINESTRING(0 0, 10 0)");
    expect(relation(at(1, 1), at(1, 1))).toBe("0FFFFFFF2");
    expect(relation(at(1, 1), at(2, 1))).toBe("FF0FFF0F2");
    expect([relation(at(5, 0), line), relation(at(0, 0), line)]).toEqual(["0FFFFF102", "F0FFFF102"]);
    expect(lengthOf(line)).toBe(10);
    expect(distance(at(5, 3), line)).toBe(3);
    expect([distance(at(5, 5), square), distance(at(2, 2), square), distance(at(13, 14), square)]).toEqual([1, 0, 5]);
  });

  it("reads what others write, and says what it cannot read", () => {
    expect(parseWkt("POINT (-122, 43)")).toEqual({ geo: "point", at: [-122, 43] });
    expect(parseWkt("point z(1 2 3)")).toEqual({ geo: "point", at: [1, 2] });
    expect(fromGeoJson({ type: "Feature", geometry: { type: "Point", coordinates: [8, 49] } })).toEqual({
      geo: "point",
      at: [8, 49],
    });
    for (const wrong of ["POINT(a b)", "POINT(1)", "CIRCLE(1 2)", "POLYGON((0 0, 1 1))", "LINESTRING(1 1)", ""])
      expect(() => parseWkt(wrong), wrong).toThrow("can be read");
    expect(() => relation(square, square)).toThrow("points");
    expect(() => fits("0FFFFFFF2", "T*")).toThrow("pattern");
  });

  it("calls a point inside of its own square, whichever way the ring runs", () =>
    fc.assert(
      fc.property(
        fc.integer({ min: -80, max: 80 }),
        fc.integer({ min: -80, max: 80 }),
        fc.boolean(),
        (x, y, turned) => {
          const ring = [
            `${x - 1} ${y - 1}`,
            `${x + 1} ${y - 1}`,
            `${x + 1} ${y + 1}`,
            `${x - 1} ${y + 1}`,
            `${x - 1} ${y - 1}`,
          ];
          const polygon = parseWkt(`POLYGON((${(turned ? ring.toReversed() : ring).join(",")}))`);
          expect(relation(at(x, y), polygon)).toBe("0FFFFF212");
          expect(distance(at(x + 3, y), polygon)).toBeCloseTo(2, 9);
        },
      ),
    ));
});
