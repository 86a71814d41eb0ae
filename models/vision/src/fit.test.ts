import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boxInPicture, Fit, placeIn } from "./fit.ts";

const wide = { width: 1920, height: 1080 };

describe("fitting a picture into a network's input", () => {
  it.each([
    [wide, { width: 640, height: 352 }, { left: 7, top: 0, width: 626, height: 352, grey: 0 }],
    [
      { width: 768, height: 576 },
      { width: 512, height: 384 },
      { left: 0, top: 0, width: 512, height: 384, grey: 0 },
    ],
    [
      { width: 10_000, height: 10 },
      { width: 64, height: 64 },
      { left: 0, top: 31, width: 64, height: 1, grey: 0 },
    ],
    [wide, { width: 640, height: 640, fit: "centre-black" }, { left: 0, top: 140, width: 640, height: 360, grey: 0 }],
    [wide, { width: 640, height: 640, fit: "centre-grey" }, { left: 0, top: 140, width: 640, height: 360, grey: 114 }],
    [wide, { width: 640, height: 640, fit: "corner-grey" }, { left: 0, top: 0, width: 640, height: 360, grey: 114 }],
    [wide, { width: 640, height: 640, fit: "stretch" }, { left: 0, top: 0, width: 640, height: 640, grey: 0 }],
    // Ultralytics' own rounding: 250.5 rows are left over on each side, 250 of them above.
    [
      { width: 1000, height: 217 },
      { width: 640, height: 640, fit: "centre-grey" },
      { left: 0, top: 250, width: 640, height: 139, grey: 114 },
    ],
  ] as const)("places %o in %o", (picture, view, expected) => expect(placeIn(picture, view)).toEqual(expected));

  const side = fc.integer({ min: 32, max: 2000 });
  const size = fc.record({ width: side, height: side });
  const view = fc.record({ width: side, height: side, fit: fc.constantFrom(...Fit.options) });
  const share = fc.double({ min: 0, max: 1, noNaN: true });

  it("brings every box of the picture back to where it was, however the picture was fitted", () =>
    fc.assert(
      fc.property(size, view, share, share, share, share, (picture, input, a, b, c, d) => {
        const x = Math.min(a, b) * (picture.width - 1);
        const y = Math.min(c, d) * (picture.height - 1);
        const width = Math.abs(a - b) * (picture.width - x - 1) + 1;
        const height = Math.abs(c - d) * (picture.height - y - 1) + 1;
        const placed = placeIn(picture, input);
        const [sx, sy] = [placed.width / picture.width, placed.height / picture.height];
        const there = [
          x * sx + placed.left,
          y * sy + placed.top,
          (x + width) * sx + placed.left,
          (y + height) * sy + placed.top,
        ] as const;
        const back = boxInPicture(there, placed, picture)!;
        for (const [i, value] of [x, y, width, height].entries()) expect(back[i]).toBeCloseTo(value, 6);
      }),
    ));

  it("never leaves the input, and fills one side of it at least", () =>
    fc.assert(
      fc.property(size, view, (picture, input) => {
        const { left, top, width, height } = placeIn(picture, input);
        expect(left >= 0 && top >= 0 && left + width <= input.width && top + height <= input.height).toBe(true);
        expect(width === input.width || height === input.height).toBe(true);
      }),
    ));

  it("cuts boxes at the picture's edge and drops those beside it", () => {
    const picture = { width: 100, height: 50 };
    const placed = placeIn(picture, { width: 100, height: 100 });
    expect(boxInPicture([-10, 20, 50, 50], placed, picture)).toEqual([0, 0, 50, 25]);
    expect(boxInPicture([10, 0, 20, 20], placed, picture)).toBeUndefined();
  });
});
