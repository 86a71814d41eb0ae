import type { Candidate } from "../nms.ts";
import { type Decoder, fits, type Output, place, type Reading } from "./decoder.ts";
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
    const patterns = batch
      ? [
          [1, -1, 4],
          [1, -1],
          [1, -1],
        ]
      : [[-1, 4], [-1], [-1]];
    const lists = place(shapes, patterns);
    const count = shapes.findIndex((dims, at) => batch && fits(dims, [1]) && !lists?.includes(at));
    return lists && (count < 0 ? lists : [...lists, count]);
  },

  read([boxes, a, b, count], { input, classes, threshold }: Reading) {
    const { labels, scores } = tellLabels(a!, b!);
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
