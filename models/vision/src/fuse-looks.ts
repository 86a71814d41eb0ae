import { type Box, type Detection, iou } from "./detection.ts";

/** Boxes of one label that overlap at least so much in two looks are taken for the same object. */
const sameObject = 0.65;

type Cluster = { box: Box; readonly seen: Detection[] };

/** The mean of boxes, each weighing as much as its score. */
function meanBox(seen: readonly Detection[]): Box {
  const weight = seen.reduce((sum, one) => sum + one.score, 0);
  const mean = (side: 0 | 1 | 2 | 3): number => seen.reduce((sum, one) => sum + one.score * one.box[side], 0) / weight;
  return [mean(0), mean(1), mean(2), mean(3)];
}

/**
 * What several looks at one picture (other sizes, mirrored) found, as one list, best first. An object's box is the
 * mean of its sightings, as in Weighted Boxes Fusion; its score lies halfway between the best sighting and the mean
 * over all looks, so that what one look alone is sure of still counts, and what all saw counts more.
 */
export function fuseLooks(looks: readonly (readonly Detection[])[], limit: number): Detection[] {
  const clusters = new Map<string, Cluster[]>();
  for (const found of looks.flat().sort((a, b) => b.score - a.score)) {
    const ofLabel = clusters.get(found.label) ?? [];
    clusters.set(found.label, ofLabel);
    let best: Cluster | undefined;
    let most = sameObject;
    for (const cluster of ofLabel) {
      const shared = iou(cluster.box, found.box);
      if (shared >= most) [best, most] = [cluster, shared];
    }
    if (best) {
      best.seen.push(found);
      best.box = meanBox(best.seen);
    } else ofLabel.push({ box: found.box, seen: [found] });
  }
  return [...clusters.values()]
    .flat()
    .map(({ box, seen }) => {
      const total = seen.reduce((sum, one) => sum + one.score, 0);
      const score = (seen[0]!.score + total / Math.max(looks.length, seen.length)) / 2;
      return { label: seen[0]!.label, score, box };
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, limit);
}
