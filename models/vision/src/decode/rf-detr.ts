import type { Candidate } from "../nms.ts";
import { type Decoder, type Output, place, type Reading, sigmoid } from "./decoder.ts";
import { aroundCentre } from "./grid.ts";

/**
 * Queries of a DETR: boxes as centre and size in shares of the input, and a logit for each class. Where there are four
 * classes both have one shape; boxes are then what stays within the shares, as logits of things unseen never do.
 */
export function readQueries(one: Output, other: Output, { input, classes, threshold }: Reading): Candidate[] {
  const swapped = classes === 4 && !areShares(one) && areShares(other);
  const [boxes, logits] = swapped ? [other, one] : [one, other];
  const found: Candidate[] = [];
  for (let query = 0; query < boxes.dims[1]!; query++)
    for (let kind = 0; kind < classes; kind++) {
      const score = sigmoid(logits.data[query * classes + kind]!);
      if (score < threshold) continue;
      const at = query * 4;
      const box = aroundCentre(
        boxes.data[at]! * input.width,
        boxes.data[at + 1]! * input.height,
        boxes.data[at + 2]! * input.width,
        boxes.data[at + 3]! * input.height,
      );
      found.push({ kind, score, ...box });
    }
  return found;
}

const areShares = ({ data }: Output): boolean => data.every((value) => value >= 0 && value <= 1);

/**
 * RF-DETR: boxes [1, queries, 4] as centre and size in shares of the input, and logits [1, queries, classes]. Its
 * classes are COCO's own numbers, 91 of them (docs of roboflow/rf-detr, "ONNX inference"); one trained anew has an empty
 * class at the end. Queries do not repeat an object, so nothing has to be suppressed.
 */
export const rfDetr: Decoder = {
  expects: "boxes [1, queries, 4] and logits [1, queries, classes]",
  suppress: false,
  match: (shapes, { classes }) =>
    place(shapes, [
      [1, -1, 4],
      [1, -1, classes],
    ]),
  read: ([boxes, logits], reading) => readQueries(boxes!, logits!, reading),
};
