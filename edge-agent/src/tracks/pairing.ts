import type { Box, Detection } from "@openkerb/vision";
import { assign } from "./assign.ts";
import { doubtOf, sizeOf } from "./motion.ts";
import { kin, middle, type Trail } from "./trail.ts";

/** What it costs to say that a detection is this trail's; `Infinity` when it cannot be. */
export type Cost = (trail: Trail, seen: Detection) => number;

/** Pairs trails and detections, each at most once, for the least sum of costs; staying alone costs `alone`. */
export function pair(
  trails: readonly Trail[],
  detections: readonly Detection[],
  alone: number,
  cost: Cost,
): [Trail, Detection][] {
  if (trails.length === 0 || detections.length === 0) return [];
  const costs = new Float64Array(trails.length * detections.length);
  let at = 0;
  for (const trail of trails)
    for (const seen of detections)
      costs[at++] = kin(seen.label) === trail.kin ? cost(trail, seen) : Number.POSITIVE_INFINITY;
  const pairs: [Trail, Detection][] = [];
  assign(costs, trails.length, detections.length, alone).forEach((column, row) => {
    if (column >= 0) pairs.push([trails[row]!, detections[column]!]);
  });
  return pairs;
}

/**
 * Speaks for a detection by its overlap with where the trail is expected, both widened by the doubt about that place:
 * who was not seen for a while may be a bit off, and so may who is small or fast. Another height or another heading
 * speaks against it.
 */
export const byOverlap =
  (least: number): Cost =>
  (trail, { box }) => {
    const doubt = Math.min(doubtOf(trail.motion), sizeOf(trail.expected[2], trail.expected[3]) / 2);
    const overlap = widenedOverlap(trail.expected, box, doubt);
    if (overlap < least) return Number.POSITIVE_INFINITY;
    return 1 - overlap + 0.5 * Math.abs(Math.log(box[3] / trail.expected[3])) + 0.1 * turned(trail, box);
  };

/** The overlap (intersection over union) of two boxes that are both widened to every side. */
function widenedOverlap(a: Box, b: Box, by: number): number {
  const w = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]) + 2 * by;
  if (w <= 0) return 0;
  const h = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]) + 2 * by;
  if (h <= 0) return 0;
  return (w * h) / ((a[2] + 2 * by) * (a[3] + 2 * by) + (b[2] + 2 * by) * (b[3] + 2 * by) - w * h);
}

/** How far the way to this box turns off the trail's heading, 0 to 1 for straight back; 0 for those who hardly move. */
function turned({ hits, last, heading }: Trail, box: Box): number {
  if (hits < 3) return 0;
  const size = sizeOf(box[2], box[3]);
  const [to, from] = [middle(box), middle(last)];
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const [way, pace] = [Math.hypot(dx, dy), Math.hypot(heading[0], heading[1])];
  if (way < 0.1 * size || pace < 0.2 * size) return 0;
  const cosine = (dx * heading[0] + dy * heading[1]) / way / pace;
  return Math.acos(Math.min(1, Math.max(-1, cosine))) / Math.PI;
}

/** The farthest step between two sightings of one thing, in its own sizes. */
export const farthest = 6;

/**
 * Speaks for a detection by its distance alone, for what is so small and fast that it leaves its own box behind from
 * one frame to the next. It must have kept its size.
 */
export const byLeap: Cost = ({ last }, { box }) => {
  const change = Math.max(box[2] / last[2], last[2] / box[2], box[3] / last[3], last[3] / box[3]);
  if (change > 1.5) return Number.POSITIVE_INFINITY;
  const [a, b] = [middle(last), middle(box)];
  const steps = Math.hypot(a[0] - b[0], a[1] - b[1]) / sizeOf(last[2], last[3]);
  return steps > farthest ? Number.POSITIVE_INFINITY : steps;
};
