import type { Box } from "./detection.ts";

export type Size = { readonly width: number; readonly height: number };

/** Where a picture lies in a network's input after scaling: whole pixels, the rest is black. */
export type Letterbox = {
  /** Pixels of the input per pixel of the picture, before rounding to whole pixels. */
  readonly scale: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};

/** Fits a picture into the input, whole, its aspect kept, centred. */
export function letterbox(picture: Size, input: Size): Letterbox {
  const scale = Math.min(input.width / picture.width, input.height / picture.height);
  const width = Math.max(1, Math.min(input.width, Math.round(picture.width * scale)));
  const height = Math.max(1, Math.min(input.height, Math.round(picture.height * scale)));
  return {
    scale,
    left: Math.floor((input.width - width) / 2),
    top: Math.floor((input.height - height) / 2),
    width,
    height,
  };
}

/**
 * From a box in pixels of the input to one in pixels of the picture, cut off at the picture's edges. Undoes exactly
 * what `letterbox` did, the rounding to whole pixels included. Nothing when no pixel of the picture is left.
 */
export function boxInPicture(
  [left, top, right, bottom]: readonly [left: number, top: number, right: number, bottom: number],
  placed: Letterbox,
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
