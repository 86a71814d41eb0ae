import type { Box } from "@openkerb/vision";
import type { Scene } from "../tracks/scene.ts";
import type { Point } from "./geometry.ts";

/** How far a foot must be from a border to be clear of it, as a share of the box: more than boxes tremble. */
export const slack = 0.12;

/** Shares of the picture in its pixels, where lengths mean the same in both directions. */
export const toPixels = ({ width, height }: Pick<Scene, "width" | "height">, [x, y]: Point): Point => [
  x * width,
  y * height,
];

/** One length for the size of a box, pixels. */
export const scaleOf = ([, , width, height]: Box): number => Math.sqrt(width * height);
