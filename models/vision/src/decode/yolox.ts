import type { Candidate } from "../nms.ts";
import { type Decoder, place } from "./decoder.ts";
import { aroundCentre, cellAt, cellCount } from "./grid.ts";

const strides = [8, 16, 32];

/**
 * YOLOX as Megvii exports it, boxes not yet decoded: [1, cells, 5 + classes] with the centre's offset in cells, the
 * logarithm of the size in cells, objectness and class scores (sigmoid done). Score = objectness × class.
 */
export const yolox: Decoder = {
  expects: "[1, cells, 5 + classes], one row for each cell of strides 8, 16 and 32",
  suppress: true,

  match: (shapes, { input, classes }) => place(shapes, [[1, cellCount(input, strides), 5 + classes]]),

  read([output], { input, classes, threshold }) {
    const { data, dims } = output!;
    const width = 5 + classes;
    const found: Candidate[] = [];
    for (let cell = 0; cell < dims[1]!; cell++) {
      const row = cell * width;
      const object = data[row + 4]!;
      // A class score is at most 1, so that the product cannot exceed the objectness.
      if (object < threshold) continue;
      for (let kind = 0; kind < classes; kind++) {
        const score = object * data[row + 5 + kind]!;
        if (score < threshold) continue;
        const { x, y, stride } = cellAt(cell, input, strides);
        const box = aroundCentre(
          (x + data[row]!) * stride,
          (y + data[row + 1]!) * stride,
          Math.exp(data[row + 2]!) * stride,
          Math.exp(data[row + 3]!) * stride,
        );
        found.push({ kind, score, ...box });
      }
    }
    return found;
  },
};
