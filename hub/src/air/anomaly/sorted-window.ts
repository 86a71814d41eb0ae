/** The newest values of a stream, always in order, so that a quantile costs nothing and memory is bounded. */
export type SortedWindow = {
  readonly size: () => number;
  add(value: number): void;
  /** The value below which the given share lies, 0 to 1. */
  quantile(share: number): number;
  /** How far away the given number of nearest values reach from a value. */
  reach(value: number, neighbours: number): number;
  /** Mean and variance of what lies above a value's rank, less that value. */
  excess(share: number): {
    readonly from: number;
    readonly mean: number;
    readonly variance: number;
    readonly count: number;
  };
};

export function sortedWindow(capacity: number): SortedWindow {
  const sorted = new Float64Array(capacity + 1);
  const ring = new Float64Array(capacity);
  let count = 0;
  let next = 0;
  const rank = (value: number): number => {
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    size: () => count,
    add(value) {
      if (count === capacity) {
        const gone = rank(ring[next]!);
        sorted.copyWithin(gone, gone + 1, count);
        count--;
      }
      const at = rank(value);
      sorted.copyWithin(at + 1, at, count);
      sorted[at] = value;
      count++;
      ring[next] = value;
      next = (next + 1) % capacity;
    },
    quantile: (share) => sorted[Math.min(count - 1, Math.max(0, Math.floor(share * count)))]!,
    reach(value, neighbours) {
      let right = rank(value);
      let left = right - 1;
      let far = 0;
      for (let k = 0; k < neighbours; k++) {
        const below = left >= 0 ? value - sorted[left]! : Number.POSITIVE_INFINITY;
        const above = right < count ? sorted[right]! - value : Number.POSITIVE_INFINITY;
        far = Math.min(below, above);
        if (below <= above) left--;
        else right++;
      }
      return far;
    },
    excess(share) {
      const at = Math.min(count - 1, Math.floor(share * count));
      const from = sorted[at]!;
      let sum = 0;
      let squares = 0;
      for (let i = at + 1; i < count; i++) {
        const over = sorted[i]! - from;
        sum += over;
        squares += over * over;
      }
      const above = Math.max(1, count - at - 1);
      const mean = sum / above;
      return { from, mean, variance: Math.max(0, squares / above - mean * mean), count: count - at - 1 };
    },
  };
}
