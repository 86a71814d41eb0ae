import type { Candidate } from "../nms.ts";
import { type Decoder, place } from "./decoder.ts";
import { boxFromDistances } from "./distances.ts";
import { cellCount } from "./grid.ts";

const strides = [8, 16, 32];

/**
 * The first NanoDet: for each of strides 8, 16 and 32 class scores [1, cells, classes] (sigmoid done) and
 * distributions of the four distances [1, cells, 4 × bins], 8 bins in the m models and 11 in the g model. Distances
 * start at the cell's middle.
 */
export const nanodet: Decoder = {
  expects: "for strides 8, 16 and 32: scores [1, cells, classes] and distances [1, cells, 32 or 44]",
  suppress: true,

  match(shapes, { input, classes }) {
    const counts = strides.map((stride) => cellCount(input, [stride]));
    for (const bins of [8, 11]) {
      const patterns = counts.flatMap((cells) => [
        [1, cells, classes],
        [1, cells, 4 * bins],
      ]);
      const found = place(shapes, patterns);
      if (found) return found;
    }
    return undefined;
  },

  read(outputs, { input, classes, threshold }) {
    const found: Candidate[] = [];
    for (const [level, stride] of strides.entries()) {
      const scores = outputs[level * 2]!;
      const distances = outputs[level * 2 + 1]!;
      const width = distances.dims[2]!;
      const columns = Math.ceil(input.width / stride);
      for (let cell = 0; cell < scores.dims[1]!; cell++)
        for (let kind = 0; kind < classes; kind++) {
          const score = scores.data[cell * classes + kind]!;
          if (score < threshold) continue;
          const x = ((cell % columns) + 0.5) * stride;
          const y = (Math.floor(cell / columns) + 0.5) * stride;
          found.push({ kind, score, ...boxFromDistances([x, y], stride, distances.data, cell * width, width / 4) });
        }
    }
    return found;
  },
};
