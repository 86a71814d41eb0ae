import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boxInPicture, letterbox } from "./letterbox.ts";

describe("the letterbox", () => {
  it.each([
    [
      { width: 1920, height: 1080 },
      { width: 640, height: 352 },
      { left: 7, top: 0, width: 626, height: 352 },
    ],
    [
      { width: 768, height: 576 },
      { width: 512, height: 384 },
      { left: 0, top: 0, width: 512, height: 384 },
    ],
    [
      { width: 100, height: 200 },
      { width: 64, height: 64 },
      { left: 16, top: 0, width: 32, height: 64 },
    ],
    [
      { width: 10_000, height: 10 },
      { width: 64, height: 64 },
      { left: 0, top: 31, width: 64, height: 1 },
    ],
  ])("places %o in %o", (picture, input, expected) => expect(letterbox(picture, input)).toMatchObject(expected));

  const side = fc.integer({ min: 32, max: 2000 });
  const size = fc.record({ width: side, height: side });
  const share = fc.double({ min: 0, max: 1, noNaN: true });

  it("brings every box of the picture back to where it was", () =>
    fc.assert(
      fc.property(size, size, share, share, share, share, (picture, input, a, b, c, d) => {
        const x = Math.min(a, b) * (picture.width - 1);
        const y = Math.min(c, d) * (picture.height - 1);
        const width = Math.abs(a - b) * (picture.width - x - 1) + 1;
        const height = Math.abs(c - d) * (picture.height - y - 1) + 1;
        const placed = letterbox(picture, input);
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

  it("never leaves the input", () =>
    fc.assert(
      fc.property(size, size, (picture, input) => {
        const { left, top, width, height } = letterbox(picture, input);
        expect(left >= 0 && top >= 0 && left + width <= input.width && top + height <= input.height).toBe(true);
      }),
    ));

  it("cuts boxes at the picture's edge and drops those in the black", () => {
    const picture = { width: 100, height: 50 };
    const placed = letterbox(picture, { width: 100, height: 100 });
    expect(boxInPicture([-10, 20, 50, 50], placed, picture)).toEqual([0, 0, 50, 25]);
    expect(boxInPicture([10, 0, 20, 20], placed, picture)).toBeUndefined();
  });
});
