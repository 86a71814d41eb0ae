import type { Candidate } from "../nms.ts";
import { type Decoder, place, type Reading } from "./decoder.ts";

/** Pixels of input per cell of the heat map. */
const stride = 4;

/**
 * CenterNet with a heat map per class [1, classes, H/4, W/4], sigmoid done, and distances from the cell to the box's
 * sides [1, 4, H/4, W/4] in input pixels: left, top, right, bottom (mobilenetv3_centernet's own). An object is a cell
 * that no neighbour in its 3×3 exceeds; its box is 4x − left … 4x + right, 4y − top … 4y + bottom.
 */
export const centernet: Decoder = {
  expects: "a heat map [1, classes, H/4, W/4] and distances to the box's sides [1, 4, H/4, W/4]",
  suppress: true,

  match(shapes, { input, classes }) {
    const grid = [Math.ceil(input.height / stride), Math.ceil(input.width / stride)];
    return place(shapes, [
      [1, classes, ...grid],
      [1, 4, ...grid],
    ]);
  },

  read([heat, sides], { threshold }: Reading) {
    const [, classes = 0, rows = 0, columns = 0] = heat!.dims;
    const { data } = heat!;
    const distance = sides!.data;
    const cells = rows * columns;
    const found: Candidate[] = [];
    for (let kind = 0; kind < classes; kind++) {
      const base = kind * cells;
      for (let cell = 0; cell < cells; cell++) {
        const score = data[base + cell]!;
        // Nearly every cell ends here; only the few above the threshold look at their neighbours.
        if (score < threshold) continue;
        const y = Math.floor(cell / columns);
        const x = cell - y * columns;
        if (!isPeak(data, base, x, y, rows, columns, score)) continue;
        found.push({
          kind,
          score,
          left: x * stride - distance[cell]!,
          top: y * stride - distance[cells + cell]!,
          right: x * stride + distance[2 * cells + cell]!,
          bottom: y * stride + distance[3 * cells + cell]!,
        });
      }
    }
    return found;
  },
};

function isPeak(
  heat: Float32Array,
  base: number,
  x: number,
  y: number,
  rows: number,
  columns: number,
  score: number,
): boolean {
  for (let ny = Math.max(0, y - 1); ny <= Math.min(rows - 1, y + 1); ny++)
    for (let nx = Math.max(0, x - 1); nx <= Math.min(columns - 1, x + 1); nx++)
      if (heat[base + ny * columns + nx]! > score) return false;
  return true;
}
