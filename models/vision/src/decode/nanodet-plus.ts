import type { Candidate } from "../nms.ts";
import { type Decoder, place } from "./decoder.ts";
import { boxFromDistances } from "./distances.ts";
import { cellAt, cellCount } from "./grid.ts";

const strides = [8, 16, 32, 64];
const bins = 8;

/**
 * NanoDet-Plus: [1, cells, classes + 4 × 8] with class scores (sigmoid done) and a distribution for the distance to
 * each side. Distances start at the cell's upper left corner.
 */
export const nanodetPlus: Decoder = {
  expects: "[1, cells, classes + 32], one row for each cell of strides 8, 16, 32 and 64",
  suppress: true,

  match: (shapes, { input, classes }) => place(shapes, [[1, cellCount(input, strides), classes + 4 * bins]]),

  read([output], { input, classes, threshold }) {
    const { data, dims } = output!;
    const width = classes + 4 * bins;
    const found: Candidate[] = [];
    for (let cell = 0; cell < dims[1]!; cell++)
      for (let kind = 0; kind < classes; kind++) {
        const score = data[cell * width + kind]!;
        if (score < threshold) continue;
        const { x, y, stride } = cellAt(cell, input, strides);
        const box = boxFromDistances([x * stride, y * stride], stride, data, cell * width + classes, bins);
        found.push({ kind, score, ...box });
      }
    return found;
  },
};
