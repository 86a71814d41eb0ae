import type { RoadClass } from "@openkerb/contract";

/** A rectangle in pixels of the original picture: left, top, width, height. May be fractional. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** One object seen in one picture. */
export type Detection = { readonly label: RoadClass; readonly score: number; readonly box: Box };

/** Overlap of two boxes: intersection over union, 0 to 1. */
export function iou(a: Box, b: Box): number {
  const w = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const h = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (w <= 0 || h <= 0) return 0;
  return (w * h) / (a[2] * a[3] + b[2] * b[3] - w * h);
}
