import { type CameraId, instant, millis, Trouble } from "@openkerb/contract";
import {
  type Detection,
  fuseLooks,
  type Manifest,
  mostDetections,
  placeIn,
  type Size,
  type View,
  viewFor,
} from "@openkerb/vision";
import sharp from "sharp";
import type { Frame } from "../frames/frames.ts";
import type { Detector } from "./detector.ts";

/** A picture from a file, upright: rgb24. */
export type Still = Size & { readonly data: Uint8Array };

/** Reads a picture file of any usual kind, turned as its EXIF says. Throws Trouble when it is none. */
export async function openStill(path: string): Promise<Still> {
  try {
    const { data, info } = await sharp(path, { failOn: "error" })
      .autoOrient()
      .flatten({ background: "black" })
      .toColourspace("srgb")
      .removeAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  } catch (cause) {
    const why = (cause as Error).message.split("\n")[0]!.trim();
    throw new Trouble(`${path} is no picture that can be read: ${why}`, "Give JPEG, PNG, WebP, AVIF, GIF or TIFF.", {
      cause,
    });
  }
}

/** One way of showing a picture to the network. */
export type Look = { readonly input: View; readonly mirrored: boolean };

// Longer sides of the three sizes at which a still is looked at: large things are found best in small pictures and
// small things in large ones. Measured in the decision log.
const lookSides = [320, 512, 768];

/** A still is worth more than one look: three sizes, each also mirrored. With a size asked for, one look at that. */
export function looksAt(picture: Size, manifest: Pick<Manifest, "input">, asked?: Size): Look[] {
  const view = (size: Size): View => viewFor(picture, manifest, size);
  if (asked) return [{ input: view(asked), mirrored: false }];
  const { size } = manifest.input;
  const sizes = "width" in size ? [size] : lookSides.map((side) => sizeWithSide(picture, side, size.step));
  return sizes.map(view).flatMap((input) => [
    { input, mirrored: false },
    { input, mirrored: true },
  ]);
}

function sizeWithSide({ width, height }: Size, side: number, step: number): Size {
  const scale = side / Math.max(width, height);
  const stepped = (length: number): number => Math.max(step, Math.round((length * scale) / step) * step);
  return { width: stepped(width), height: stepped(height) };
}

/** How far below the wanted threshold the single looks are read: their fused score may be higher than the weakest. */
export const lookShare = 0.4;

/** Everything in a picture, best first, boxes in its pixels. The detector must have been opened `lookShare` lower. */
export async function detectStill(
  still: Still,
  looks: readonly Look[],
  detector: Detector,
  threshold: number,
): Promise<Detection[]> {
  const found = await Promise.all(
    looks.map(async ({ input, mirrored }) => {
      const detections = await detector.detect(await frameOf(still, input, mirrored));
      return mirrored ? detections.map((one) => mirrorBack(one, still.width)) : detections;
    }),
  );
  const fused = looks.length === 1 ? found[0]! : fuseLooks(found, mostDetections);
  return fused.filter((one) => one.score >= threshold);
}

const mirrorBack = ({ label, score, box: [x, y, w, h] }: Detection, width: number): Detection => ({
  label,
  score,
  box: [width - x - w, y, w, h],
});

async function frameOf({ data, width, height }: Still, input: View, mirrored: boolean): Promise<Frame> {
  const placed = placeIn({ width, height }, input);
  const { grey } = placed;
  const pixels = await sharp(data, { raw: { width, height, channels: 3 } })
    .flop(mirrored)
    .resize(placed.width, placed.height, { fit: "fill" })
    .extend({
      left: placed.left,
      top: placed.top,
      right: input.width - placed.width - placed.left,
      bottom: input.height - placed.height - placed.top,
      background: { r: grey, g: grey, b: grey },
    })
    .raw()
    .toBuffer();
  return {
    camera: "still" as CameraId,
    index: 0,
    pts: millis(0),
    at: instant(0),
    ...input,
    data: pixels,
    picture: { width, height },
  };
}
