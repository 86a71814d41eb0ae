import type { Candidate } from "../nms.ts";
import { type Decoder, fits, type Output, type Reading } from "./decoder.ts";
import { tellLabels } from "./rt-detr.ts";

/**
 * SSD and others with their suppression inside. TensorFlow's: boxes [1, n, 4] as top, left, bottom, right in shares,
 * classes [1, n], scores [1, n] and how many are valid [1]. Others (MLPerf, torchvision): the same without the count
 * and perhaps without the leading 1, boxes as left, top, right, bottom, in shares or in input pixels. Class numbers
 * are places in the manifest's list, so a network that counts from 1 is given a list with an empty name first.
 */
export const ssdNms: Decoder = {
  expects: "boxes [1, n, 4], classes [1, n], scores [1, n] and perhaps a count [1]",
  suppress: false,

  match: (shapes) => {
    const batch = shapes.some((dims) => dims.length === 3);
    const rowsOf = (dims: readonly number[]): number => dims[batch ? 1 : 0]!;
    for (const [at, boxes] of shapes.entries()) {
      if (!fits(boxes, batch ? [1, -1, 4] : [-1, 4])) continue;
      const lists = [...shapes.keys()].filter((other) => {
        const dims = shapes[other]!;
        return fits(dims, batch ? [1, rowsOf(boxes)] : [rowsOf(boxes)]);
      });
      if (lists.length < 2) continue;
      const count = batch ? shapes.findIndex((dims) => fits(dims, [1])) : -1;
      return [at, ...lists, ...(count < 0 ? [] : [count])];
    }
    return undefined;
  },

  read([boxes, ...others], { input, classes, threshold }: Reading) {
    const count = boxes!.dims.length === 3 ? others.find(({ dims }) => dims.length === 1) : undefined;
    const { labels, scores } = tellLists(others.filter((one) => one !== count));
    const valid = count ? Math.min(count.data[0]!, scores.data.length) : scores.data.length;
    const inShares = boxes!.data.every((value) => Math.abs(value) <= 2);
    const [across, down] = inShares ? [input.width, input.height] : [1, 1];
    const at = count ? { left: 1, top: 0, right: 3, bottom: 2 } : { left: 0, top: 1, right: 2, bottom: 3 };
    const found: Candidate[] = [];
    for (let i = 0; i < valid; i++) {
      const score = scores.data[i]!;
      const kind = Math.round(labels.data[i]!);
      if (score < threshold || kind < 0 || kind >= classes) continue;
      const side = (which: keyof typeof at): number => (boxes as Output).data[i * 4 + at[which]]!;
      found.push({
        kind,
        score,
        left: side("left") * across,
        top: side("top") * down,
        right: side("right") * across,
        bottom: side("bottom") * down,
      });
    }
    return found;
  },
};

/**
 * TensorFlow 2 adds a list of which anchor each box came from. Scores are the list that is not whole; of two whole
 * lists, anchors run into the thousands and classes do not.
 */
function tellLists(lists: readonly Output[]): { labels: Output; scores: Output } {
  if (lists.length === 2) return tellLabels(lists[0]!, lists[1]!);
  const highest = ({ data }: Output): number => data.reduce((most, value) => Math.max(most, value), 0);
  const scores = lists.find(({ data }) => data.some((value) => !Number.isInteger(value))) ?? lists[0]!;
  const [labels] = lists.filter((list) => list !== scores).sort((a, b) => highest(a) - highest(b));
  return { labels: labels!, scores };
}
