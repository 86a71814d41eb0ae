import { describe, expect, it } from "vitest";
import { floats, fromHalf, keepLast, transpose, type Weights } from "./weights.ts";

describe("halves", () => {
  it.each([
    [0x0000, 0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ])("reads %i as %d", (bits, value) => expect(fromHalf(bits)).toBe(value));
});

const counted = (...shape: number[]): Weights => ({
  shape,
  type: "float32",
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
});

describe("reordering", () => {
  it("moves every number to where its turned index is", () => {
    const turned = transpose(counted(2, 3, 4), [2, 0, 1]);
    expect(turned.shape).toEqual([4, 2, 3]);
    for (let a = 0; a < 2; a++)
      for (let b = 0; b < 3; b++)
        for (let c = 0; c < 4; c++) expect(turned.data[c * 6 + a * 3 + b]).toBe(a * 12 + b * 4 + c);
  });

  it("comes back when turned back", () => {
    const there = transpose(counted(3, 3, 5, 2), [3, 2, 0, 1]);
    expect(floats(transpose(there, [2, 3, 1, 0]))).toEqual(floats(counted(3, 3, 5, 2)));
  });

  it("keeps the chosen channels of every row, in the order asked for", () => {
    const kept = keepLast(counted(2, 4), [3, 0]);
    expect(kept.shape).toEqual([2, 2]);
    expect([...kept.data]).toEqual([3, 0, 7, 4]);
  });
});
