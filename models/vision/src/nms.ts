/** One candidate of a network: corners in pixels of the network's input, class by its place in the network's list. */
export type Candidate = {
  readonly kind: number;
  readonly score: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
};

export const byScore = (a: Candidate, b: Candidate): number => b.score - a.score;

/** Intersection over union of two candidates, 0 to 1. */
export function overlap(a: Candidate, b: Candidate): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / ((a.right - a.left) * (a.bottom - a.top) + (b.right - b.left) * (b.bottom - b.top) - shared);
}

/**
 * Greedy non-maximum suppression within each class: best first, and of two that overlap more than `limit` the weaker
 * goes. At most `most` are kept. Gives them best first.
 */
export function suppress(candidates: readonly Candidate[], limit: number, most: number): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of [...candidates].sort(byScore)) {
    if (kept.length >= most) break;
    if (!kept.some((one) => one.kind === candidate.kind && overlap(one, candidate) > limit)) kept.push(candidate);
  }
  return kept;
}
