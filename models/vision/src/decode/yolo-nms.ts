import type { Candidate } from "../nms.ts";
import { type Decoder, place } from "./decoder.ts";

/**
 * Networks that leave nothing to suppress (YOLOv10, YOLO26, or any YOLO exported with its suppression): [1, most, 6]
 * with left, top, right, bottom in input pixels, score and class. Rows that are not used have score 0.
 */
export const yoloNms: Decoder = {
  expects: "[1, most, 6]: left, top, right, bottom, score, class",
  suppress: false,

  match: (shapes) => place(shapes, [[1, -1, 6]]),

  read([output], { classes, threshold }) {
    const { data } = output!;
    const found: Candidate[] = [];
    for (let row = 0; row + 6 <= data.length; row += 6) {
      const score = data[row + 4]!;
      const kind = Math.round(data[row + 5]!);
      if (score < threshold || kind < 0 || kind >= classes) continue;
      found.push({
        kind,
        score,
        left: data[row]!,
        top: data[row + 1]!,
        right: data[row + 2]!,
        bottom: data[row + 3]!,
      });
    }
    return found;
  },
};
