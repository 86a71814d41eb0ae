import type { Candidate } from "../nms.ts";
import { type Decoder, place } from "./decoder.ts";
import { aroundCentre, cellCount } from "./grid.ts";

const strides = [8, 16, 32];

/**
 * YOLOv8, v9 and v11: [1, 4 + classes, cells] with centre and size in input pixels and class scores (sigmoid done);
 * there is no objectness.
 */
export const yolov8: Decoder = {
  expects: "[1, 4 + classes, cells], one column for each cell of strides 8, 16 and 32",
  suppress: true,

  match: (shapes, { input, classes }) => place(shapes, [[1, 4 + classes, cellCount(input, strides)]]),

  read([output], { classes, threshold }) {
    const { data, dims } = output!;
    const cells = dims[2]!;
    const found: Candidate[] = [];
    for (let kind = 0; kind < classes; kind++) {
      const row = (4 + kind) * cells;
      for (let cell = 0; cell < cells; cell++) {
        const score = data[row + cell]!;
        if (score < threshold) continue;
        const [x, y, width, height] = [0, 1, 2, 3].map((at) => data[at * cells + cell]!) as [
          number,
          number,
          number,
          number,
        ];
        found.push({ kind, score, ...aroundCentre(x, y, width, height) });
      }
    }
    return found;
  },
};
