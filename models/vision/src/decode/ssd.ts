import type { Candidate } from "../nms.ts";
import { type Decoder, place } from "./decoder.ts";

/**
 * SSD before its non-maximum suppression: scores [1, anchors, classes], sigmoid done and without a background class,
 * and boxes [1, anchors, 1, 4] as top, left, bottom, right in shares of the input (TensorFlow's detection API).
 */
export const ssd: Decoder = {
  expects: "scores [1, anchors, classes] and boxes [1, anchors, 1, 4]",
  suppress: true,

  match: (shapes, { classes }) =>
    place(shapes, [
      [1, -1, classes],
      [1, -1, 1, 4],
    ]),

  read([scores, boxes], { input, threshold }) {
    const [, anchors = 0, classes = 0] = scores!.dims;
    const found: Candidate[] = [];
    for (let anchor = 0; anchor < anchors; anchor++)
      for (let kind = 0; kind < classes; kind++) {
        const score = scores!.data[anchor * classes + kind]!;
        if (score < threshold) continue;
        found.push({
          kind,
          score,
          top: boxes!.data[anchor * 4]! * input.height,
          left: boxes!.data[anchor * 4 + 1]! * input.width,
          bottom: boxes!.data[anchor * 4 + 2]! * input.height,
          right: boxes!.data[anchor * 4 + 3]! * input.width,
        });
      }
    return found;
  },
};
