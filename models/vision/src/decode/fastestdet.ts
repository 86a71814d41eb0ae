import type { Candidate } from "../nms.ts";
import { type Decoder, place, sigmoid } from "./decoder.ts";
import { aroundCentre } from "./grid.ts";

const stride = 16;

/**
 * FastestDet: one map [1, 5 + classes, H/16, W/16] of objectness, centre offset (tanh, in cells), size (sigmoid, in
 * shares of the input) and class scores. Score = objectness^0.6 × class^0.4, of the best class of a cell.
 */
export const fastestdet: Decoder = {
  expects: "[1, 5 + classes, H/16, W/16]",
  suppress: true,

  match: (shapes, { input, classes }) =>
    place(shapes, [[1, 5 + classes, Math.ceil(input.height / stride), Math.ceil(input.width / stride)]]),

  read([output], { input, classes, threshold }) {
    const { data, dims } = output!;
    const [rows, columns] = [dims[2]!, dims[3]!];
    const cells = rows * columns;
    const found: Candidate[] = [];
    for (let cell = 0; cell < cells; cell++) {
      let kind = 0;
      for (let other = 1; other < classes; other++)
        if (data[(5 + other) * cells + cell]! > data[(5 + kind) * cells + cell]!) kind = other;
      const score = data[cell]! ** 0.6 * data[(5 + kind) * cells + cell]! ** 0.4;
      if (!(score >= threshold)) continue;
      const box = aroundCentre(
        (((cell % columns) + Math.tanh(data[cells + cell]!)) / columns) * input.width,
        ((Math.floor(cell / columns) + Math.tanh(data[2 * cells + cell]!)) / rows) * input.height,
        sigmoid(data[3 * cells + cell]!) * input.width,
        sigmoid(data[4 * cells + cell]!) * input.height,
      );
      found.push({ kind, score, ...box });
    }
    return found;
  },
};
