import type { Candidate } from "../nms.ts";
import { type Decoder, place } from "./decoder.ts";
import { aroundCentre, cellCount } from "./grid.ts";

const strides = [8, 16, 32];
const anchorsPerCell = 3;

/**
 * YOLOv5 (and v7) with boxes decoded in the network: [1, 3 × cells, 5 + classes] with centre and size in input pixels,
 * objectness and class scores. Score = objectness × class.
 */
export const yolov5: Decoder = {
  expects: "[1, 3 × cells, 5 + classes], three rows for each cell of strides 8, 16 and 32",
  suppress: true,

  match: (shapes, { input, classes }) => place(shapes, [[1, anchorsPerCell * cellCount(input, strides), 5 + classes]]),

  read([output], { classes, threshold }) {
    const { data, dims } = output!;
    const width = 5 + classes;
    const found: Candidate[] = [];
    for (let row = 0; row < dims[1]! * width; row += width) {
      const object = data[row + 4]!;
      if (object < threshold) continue;
      for (let kind = 0; kind < classes; kind++) {
        const score = object * data[row + 5 + kind]!;
        if (score < threshold) continue;
        found.push({ kind, score, ...aroundCentre(data[row]!, data[row + 1]!, data[row + 2]!, data[row + 3]!) });
      }
    }
    return found;
  },
};
