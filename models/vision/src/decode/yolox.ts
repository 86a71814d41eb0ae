import type { Candidate } from "../nms.ts";
import { type Decoder, type Output, place } from "./decoder.ts";
import { aroundCentre, cellAt, cellCount } from "./grid.ts";

const strides = [8, 16, 32];

/**
 * YOLOX as Megvii exports it: [1, cells, 5 + classes] with the centre's offset in cells, the logarithm of the size in
 * cells, objectness and class scores (sigmoid done). Score = objectness × class. Exports with `--decode_in_inference`
 * have the same shape with centre and size in input pixels; they are told apart by their numbers.
 */
export const yolox: Decoder = {
  expects: "[1, cells, 5 + classes], one row for each cell of strides 8, 16 and 32",
  suppress: true,

  match: (shapes, { input, classes }) => place(shapes, [[1, cellCount(input, strides), 5 + classes]]),

  read([output], { input, classes, threshold }) {
    const { data, dims } = output!;
    const width = 5 + classes;
    const decoded = inPixels(output!, input.width);
    const found: Candidate[] = [];
    for (let cell = 0; cell < dims[1]!; cell++) {
      const row = cell * width;
      const object = data[row + 4]!;
      // A class score is at most 1, so that the product cannot exceed the objectness.
      if (object < threshold) continue;
      for (let kind = 0; kind < classes; kind++) {
        const score = object * data[row + 5 + kind]!;
        if (score < threshold) continue;
        const [dx, dy, w, h] = data.subarray(row, row + 4) as unknown as [number, number, number, number];
        const { x, y, stride } = cellAt(cell, input, strides);
        const box = decoded
          ? aroundCentre(dx, dy, w, h)
          : aroundCentre((x + dx) * stride, (y + dy) * stride, Math.exp(w) * stride, Math.exp(h) * stride);
        found.push({ kind, score, ...box });
      }
    }
    return found;
  },
};

/**
 * Whether the boxes are decoded already. Centres in pixels lie all over the picture, so that some are in its right
 * half; an offset in cells never comes near that far.
 */
function inPixels({ data, dims }: Output, across: number): boolean {
  const width = dims[2]!;
  for (let row = 0; row < data.length; row += width) if (data[row]! > across / 2) return true;
  return false;
}
