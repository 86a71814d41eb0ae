import type { Candidate } from "../nms.ts";
import { type Decoder, type Output, place } from "./decoder.ts";
import { boxFromDistances } from "./distances.ts";
import { cellAt, cellCount } from "./grid.ts";

const strides = [8, 16, 32];
/** Bins of a distance: 8 in the m models, 11 in the g model. */
const binCounts = [8, 11];

/**
 * The first NanoDet: class scores [cells, classes] (sigmoid done in the export) and distributions of the four distances
 * [cells, 4 × bins], as two outputs for each of strides 8, 16 and 32 (exports of 0.x), or side by side in one (1.x).
 * Distances start at the cell's middle (gfl_head.py, `get_single_level_center_point`).
 */
export const nanodet: Decoder = {
  expects:
    "for strides 8, 16 and 32: scores [1, cells, classes] and distances [1, cells, 32 or 44], or one [1, all cells, classes + 32 or 44]",
  suppress: true,

  match(shapes, { input, classes }) {
    const counts = strides.map((stride) => cellCount(input, [stride]));
    const all = cellCount(input, strides);
    for (const bins of binCounts) {
      const apart = counts.flatMap((cells) => [
        [1, cells, classes],
        [1, cells, 4 * bins],
      ]);
      const found = place(shapes, apart) ?? place(shapes, [[1, all, classes + 4 * bins]]);
      if (found) return found;
    }
    return undefined;
  },

  read(outputs, { input, classes, threshold }) {
    const [joined] = outputs as readonly [Output];
    const found: Candidate[] = [];
    let first = 0;
    for (const [level, stride] of strides.entries()) {
      const count = cellCount(input, [stride]);
      const one = outputs.length === 1;
      const scores = one ? rows(joined, first, 0) : rows(outputs[level * 2]!, 0, 0);
      const distances = one ? rows(joined, first, classes) : rows(outputs[level * 2 + 1]!, 0, 0);
      const bins = (distances.width - (one ? classes : 0)) / 4;
      for (let cell = 0; cell < count; cell++)
        for (let kind = 0; kind < classes; kind++) {
          const score = scores.data[scores.at(cell) + kind]!;
          if (score < threshold) continue;
          const { x, y } = cellAt(cell, input, [stride]);
          const middle = [(x + 0.5) * stride, (y + 0.5) * stride] as const;
          found.push({ kind, score, ...boxFromDistances(middle, stride, distances.data, distances.at(cell), bins) });
        }
      first += count;
    }
    return found;
  },
};

/** A table of rows within an output: where the values of a cell begin, from a first row and a first column. */
const rows = ({ data, dims }: Output, row: number, column: number) => {
  const width = dims[2]!;
  return { data, width, at: (cell: number): number => (row + cell) * width + column };
};
