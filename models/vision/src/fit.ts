import { z } from "zod";
import type { Box } from "./detection.ts";

export type Size = { readonly width: number; readonly height: number };

/**
 * How a picture is fitted into a network's input. The network was trained on pictures fitted one way and sees worst
 * when they come another way, so this is a property of the network:
 * `centre-black` whole, its aspect kept, centred, the rest black;
 * `centre-grey` the same, the rest grey 114 (`letterbox` of Ultralytics' YOLOv5 and YOLOv8);
 * `corner-grey` the same in the upper left corner (`preproc` of YOLOX);
 * `stretch` over the whole input, its aspect lost (DETR, SSD, NanoDet, FastestDet).
 */
export const Fit = z.enum(["centre-black", "centre-grey", "corner-grey", "stretch"]);
export type Fit = z.infer<typeof Fit>;

/** What a network is shown: the size of its input, and how a picture is fitted into it; centred on black when absent. */
export type View = Size & { readonly fit?: Fit | undefined };

/** Where a picture lies in a network's input after scaling, whole pixels, and the grey value of the rest, 0 to 255. */
export type Placement = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly grey: number;
};

/** Where a picture lies in a view. An odd pixel that is left over goes below and to the right. */
export function placeIn(picture: Size, { width, height, fit = "centre-black" }: View): Placement {
  const grey = fit === "centre-grey" || fit === "corner-grey" ? 114 : 0;
  if (fit === "stretch") return { left: 0, top: 0, width, height, grey };
  const scale = Math.min(width / picture.width, height / picture.height);
  const across = Math.max(1, Math.min(width, Math.round(picture.width * scale)));
  const down = Math.max(1, Math.min(height, Math.round(picture.height * scale)));
  const share = fit === "corner-grey" ? 0 : 0.5;
  return {
    left: Math.floor((width - across) * share),
    top: Math.floor((height - down) * share),
    width: across,
    height: down,
    grey,
  };
}

/**
 * From a box in pixels of the input to one in pixels of the picture, cut off at the picture's edges. Undoes exactly
 * what `placeIn` did, the rounding to whole pixels included. Nothing when no pixel of the picture is left.
 */
export function boxInPicture(
  [left, top, right, bottom]: readonly [left: number, top: number, right: number, bottom: number],
  placed: Placement,
  picture: Size,
): Box | undefined {
  const across = picture.width / placed.width;
  const down = picture.height / placed.height;
  const within = (value: number, limit: number): number => Math.min(Math.max(value, 0), limit);
  const x = within((left - placed.left) * across, picture.width);
  const y = within((top - placed.top) * down, picture.height);
  const width = within((right - placed.left) * across, picture.width) - x;
  const height = within((bottom - placed.top) * down, picture.height) - y;
  return width > 0 && height > 0 ? [x, y, width, height] : undefined;
}
