/**
 * The slope through points by Theil and Sen: the median of the slopes between pairs. A garbage collection that comes
 * late moves a few points far, which would tilt a line of least squares.
 */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  // Pairs half the run apart say most about the trend, and there are as many as points, not as many as their square.
  const half = Math.floor(points.length / 2);
  const slopes = points.slice(0, points.length - half).flatMap(([x, y], i) => {
    const [x2, y2] = points[i + half] ?? [x, y];
    return x2 === x ? [] : [(y2 - y) / (x2 - x)];
  });
  slopes.sort((a, b) => a - b);
  return slopes[Math.floor(slopes.length / 2)] ?? 0;
}
