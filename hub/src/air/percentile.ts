/** The value at a share of the sorted values by the nearest rank: the 99th of 365 days is the fourth highest. */
export function percentileByRank(values: readonly number[], percent: number): number | undefined {
  const sorted = Float64Array.from(values).sort();
  // A share of a whole number of values may come out a hair above it in floats: 0.99 · 300 must stay 297.
  const rank = Math.ceil(Number(((percent / 100) * sorted.length).toPrecision(12)));
  return sorted[Math.max(0, rank - 1)];
}

/** HJ 663-2013, Appendix A: between neighbours at 1 + (n − 1) · p. */
export function percentileBetween(values: readonly number[], percent: number): number | undefined {
  const sorted = Float64Array.from(values).sort();
  const at = Number(((sorted.length - 1) * (percent / 100)).toPrecision(12));
  const below = Math.floor(at);
  const low = sorted[below];
  if (low === undefined) return undefined;
  const high = sorted[below + 1] ?? low;
  return low + (at - below) * (high - low);
}
