/** A point or a way, in any unit; x to the right and y down, as pictures are. */
export type Point = readonly [x: number, y: number];
export type Segment = { readonly from: Point; readonly to: Point };

/** Twice the area of the triangle a, b, p: positive when p lies to the right of a → b, as a viewer of the picture sees it. */
const turn = (a: Point, b: Point, p: Point): number => (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);

/** Where a point is, looking along the line. A point exactly on the line is right, so that one resting there is somewhere. */
export const isRight = ({ from, to }: Segment, p: Point): boolean => turn(from, to, p) >= 0;

/**
 * What a step from `a` to `b` does to the line: 1 from its left to its right, -1 back, 0 when it stays on its side or
 * passes beyond an end. There and back is nothing, exactly; two lines that share an end are not crossed both at once.
 */
export function crossing(line: Segment, a: Point, b: Point): -1 | 0 | 1 {
  const [wasRight, right] = [isRight(line, a), isRight(line, b)];
  if (wasRight === right) return 0;
  // Always measured from left to right, so that rounding treats both ways alike.
  const [left, other] = right ? [a, b] : [b, a];
  const [before, beyond] = [turn(left, other, line.from), turn(left, other, line.to)];
  // Looking from the line's left to its right, its beginning is to the right and its end to the left.
  if (before < 0 || beyond >= 0) return 0;
  return right ? 1 : -1;
}

/** Distance from a point to a segment. */
export function distanceTo({ from, to }: Segment, p: Point): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const long = dx * dx + dy * dy;
  const along = long === 0 ? 0 : Math.min(1, Math.max(0, ((p[0] - from[0]) * dx + (p[1] - from[1]) * dy) / long));
  return Math.hypot(p[0] - from[0] - along * dx, p[1] - from[1] - along * dy);
}

/** The closed way around a polygon, side by side. */
export const sidesOf = (polygon: readonly Point[]): readonly Segment[] =>
  polygon.map((from, i) => ({ from, to: polygon[(i + 1) % polygon.length]! }));

/** Whether a polygon holds a point, by the even-odd rule; its sides may cross each other. */
export function contains(polygon: readonly Point[], [x, y]: Point): boolean {
  let inside = false;
  for (const { from, to } of sidesOf(polygon))
    if (from[1] > y !== to[1] > y && x < from[0] + ((y - from[1]) / (to[1] - from[1])) * (to[0] - from[0]))
      inside = !inside;
  return inside;
}
