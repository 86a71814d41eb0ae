import type { Detection } from "../detection.ts";
import { boxInPicture, placeIn, type Size, type View } from "../fit.ts";
import { roadClassOf } from "../labels.ts";
import type { Manifest } from "../manifest.ts";
import { byScore, suppress } from "../nms.ts";
import type { Output } from "./decoder.ts";
import { decoders } from "./decoders.ts";

/** The most detections that one picture gives. */
export const mostDetections = 300;

/**
 * From raw outputs, in the order that the family's `match` gave, to detections in pixels of the picture, best first.
 * `picture` was fitted into `input` as that says.
 */
export function detectionsIn(
  outputs: readonly Output[],
  manifest: Pick<Manifest, "decoder" | "classes" | "overlap">,
  sizes: { readonly input: View; readonly picture: Size },
  threshold: number,
): Detection[] {
  const decoder = decoders[manifest.decoder];
  const labels = manifest.classes.map(roadClassOf);
  const candidates = decoder
    .read(outputs, { input: sizes.input, classes: labels.length, threshold })
    .filter((one) => labels[one.kind] !== undefined);
  const kept = decoder.suppress
    ? suppress(candidates, manifest.overlap, mostDetections)
    : candidates.sort(byScore).slice(0, mostDetections);
  const placed = placeIn(sizes.picture, sizes.input);
  return kept.flatMap(({ kind, score, left, top, right, bottom }) => {
    const box = boxInPicture([left, top, right, bottom], placed, sizes.picture);
    return box ? [{ label: labels[kind]!, score, box }] : [];
  });
}
