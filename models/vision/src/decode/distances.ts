/**
 * The expected value of one side's distance from its `bins` logits at `at`: softmax, then the mean of the bin numbers
 * (the integral of Generalized Focal Loss). In cells.
 */
function expectedDistance(data: Float32Array, at: number, bins: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let bin = 0; bin < bins; bin++) highest = Math.max(highest, data[at + bin]!);
  let sum = 0;
  let mean = 0;
  for (let bin = 0; bin < bins; bin++) {
    const share = Math.exp(data[at + bin]! - highest);
    sum += share;
    mean += share * bin;
  }
  return mean / sum;
}

/** Corners from a point and the distributions of its four distances: left, top, right, bottom. Pixels. */
export function boxFromDistances(
  point: readonly [x: number, y: number],
  stride: number,
  data: Float32Array,
  at: number,
  bins: number,
): { left: number; top: number; right: number; bottom: number } {
  const distance = (side: number): number => expectedDistance(data, at + side * bins, bins) * stride;
  return {
    left: point[0] - distance(0),
    top: point[1] - distance(1),
    right: point[0] + distance(2),
    bottom: point[1] + distance(3),
  };
}
