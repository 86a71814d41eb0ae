import { sortedWindow } from "./sorted-window.ts";

/** How unlikely a value is, judged by the tail of the values before it: decades of probability, without an upper end. */
export type Tail = (value: number) => number;

/**
 * Peaks over threshold: what exceeds the 98th percentile of the last values is fitted with a generalised Pareto tail (by
 * moments), which also answers for values beyond everything seen, so that a score never saturates.
 */
export function tailOf({
  capacity = 3000,
  share = 0.98,
  floor = 0,
}: {
  capacity?: number;
  share?: number;
  floor?: number;
} = {}): Tail {
  const window = sortedWindow(capacity);
  let fit: { from: number; scale: number; shape: number } | undefined;
  let since = 0;
  return (value) => {
    let decades = 0;
    if (window.size() >= 100) {
      // The fit moves slowly; making it anew for every tenth value keeps a stream of millions cheap.
      if (!fit || ++since >= 10) {
        since = 0;
        const { from, mean, variance } = window.excess(share);
        const width = Math.max(window.quantile(0.9) - window.quantile(0.1), floor);
        const smallest = Math.max(1e-12, 0.03 * width, 1e-6 * Math.abs(from));
        const ratio = variance > 0 ? (mean * mean) / variance : 1;
        const shape = Math.min(0.35, Math.max(0, 0.5 * (1 - ratio)));
        fit = { from, scale: Math.max(smallest, mean * (1 - shape)), shape };
      }
      const over = (value - fit.from) / fit.scale;
      if (over > 0) {
        const decay = fit.shape < 0.01 ? over : Math.log1p(fit.shape * over) / fit.shape;
        decades = (decay - Math.log(1 - share)) / Math.LN10;
      }
    }
    window.add(value);
    return decades;
  };
}
