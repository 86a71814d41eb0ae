import type { Candidate } from "../nms.ts";
import { type Decoder, fits, type Output, place, type Reading } from "./decoder.ts";
import { aroundCentre } from "./grid.ts";
import { readQueries } from "./rf-detr.ts";

/**
 * RT-DETR and D-FINE in the three shapes they are exported in: with their own post-processing (labels [1, n], boxes
 * [1, n, 4] as corners in pixels of the size given as second input, scores [1, n]); raw (logits [1, n, classes], boxes
 * [1, n, 4]); or as one output [1, n, 4 + classes] with scores. The last two have boxes as centre and size in shares.
 */
export const rtDetr: Decoder = {
  expects:
    "labels [1, n], boxes [1, n, 4] and scores [1, n]; or boxes [1, n, 4] and logits [1, n, classes]; or [1, n, 4 + classes]",
  suppress: false,

  match: (shapes, { classes }) => {
    if (shapes.length >= 3 && !shapes.some((dims) => fits(dims, [1, -1, classes]) && dims[2] !== 4))
      return place(shapes, [
        [1, -1, 4],
        [1, -1],
        [1, -1],
      ]);
    return (
      place(shapes, [
        [1, -1, 4],
        [1, -1, classes],
      ]) ?? place(shapes, [[1, -1, 4 + classes]])
    );
  },

  read(outputs, reading) {
    const [first, second, third] = outputs as [Output, Output, Output];
    if (outputs.length === 3) return readFinished(first, second, third, reading);
    if (outputs.length === 2) return readQueries(first, second, reading);
    return readJoined(first, reading);
  },
};

/** Labels and scores look alike from outside; labels are the ones that are all whole numbers and reach beyond 1. */
export function tellLabels(a: Output, b: Output): { labels: Output; scores: Output } {
  const score = (output: Output): boolean => output.data.some((value) => !Number.isInteger(value));
  const aIsScores = score(a) || (!score(b) && Math.max(...b.data) > 1);
  return aIsScores ? { labels: b, scores: a } : { labels: a, scores: b };
}

function readFinished(boxes: Output, a: Output, b: Output, { classes, threshold }: Reading): Candidate[] {
  const { labels, scores } = tellLabels(a, b);
  const found: Candidate[] = [];
  for (const [i, score] of scores.data.entries()) {
    const kind = labels.data[i]!;
    if (score < threshold || kind < 0 || kind >= classes) continue;
    const [left, top, right, bottom] = boxes.data.subarray(i * 4, i * 4 + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    found.push({ kind, score, left, top, right, bottom });
  }
  return found;
}

function readJoined({ data }: Output, { input, classes, threshold }: Reading): Candidate[] {
  const width = 4 + classes;
  const found: Candidate[] = [];
  for (let row = 0; row + width <= data.length; row += width)
    for (let kind = 0; kind < classes; kind++) {
      const score = data[row + 4 + kind]!;
      if (score < threshold) continue;
      const box = aroundCentre(
        data[row]! * input.width,
        data[row + 1]! * input.height,
        data[row + 2]! * input.width,
        data[row + 3]! * input.height,
      );
      found.push({ kind, score, ...box });
    }
  return found;
}
