/** Where 5 % and 95 % of the errors lie, by the size of the forecast: bad days are hard to tell. */
export type Spread = {
  readonly upTo: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
};

export function spreadOf(said: ArrayLike<number>, came: ArrayLike<number>): Spread {
  const order = Array.from({ length: came.length }, (_, i) => i).sort((a, b) => said[a]! - said[b]!);
  const groups = Math.max(1, Math.min(12, Math.floor(order.length / 200)));
  const parts = Array.from({ length: groups }, (_, g) => {
    const part = order.slice(Math.floor((g * order.length) / groups), Math.floor(((g + 1) * order.length) / groups));
    const errors = part.map((i) => came[i]! - said[i]!).sort((a, b) => a - b);
    const at = (share: number) => errors[Math.round(share * (errors.length - 1))] ?? 0;
    return { upTo: said[part.at(-1) ?? 0] ?? Number.POSITIVE_INFINITY, low: at(0.05), high: at(0.95) };
  });
  return { upTo: parts.map((p) => p.upTo), low: parts.map((p) => p.low), high: parts.map((p) => p.high) };
}

/** How fast an interval that held too seldom grows. */
const step = 0.01;

/**
 * The interval around a value, made wider or narrower by how often the last ones held (after Gibbs and Candès 2021), so
 * that it holds nine of ten also when the air has become harder to tell. Calls in order of time; what came of one is used
 * only `horizon` hours later.
 */
export function intervals(
  { upTo, low, high }: Spread,
  horizon: number,
): (at: number, value: number, came: number) => readonly [low: number, high: number] {
  let width = 1;
  const open: { readonly due: number; readonly held: boolean }[] = [];
  return (at, value, came) => {
    while (open[0] !== undefined && open[0].due <= at)
      width = Math.min(4, Math.max(0.25, width * Math.exp(step * (open.shift()!.held ? -0.1 : 0.9))));
    const found = upTo.findIndex((end) => value <= end);
    const g = found === -1 ? upTo.length - 1 : found;
    const range = [value + width * low[g]!, value + width * high[g]!] as const;
    if (!Number.isNaN(came)) open.push({ due: at + horizon, held: came >= range[0] && came <= range[1] });
    return range;
  };
}
