/** Whole numbers from `from` to `to`, both meant. */
export type Span = { readonly from: number; readonly to: number };

/**
 * What of one sequence has arrived. `upTo` is the watermark: everything up to it is taken. `ahead` is taken beyond a
 * gap. `missing` is taken without having arrived, because it is lost; should it come after all, it is still welcome.
 * Spans are in order and never overlap. The object is changed in place; `copy` it to be able to go back.
 */
export type Progress = { upTo: number; ahead: Span[]; missing: Span[] };

/** More separate spans than this are not remembered; what comes beyond is not taken, so the device keeps it. */
export const spanLimit = 1000;

export const noProgress = (): Progress => ({ upTo: 0, ahead: [], missing: [] });
export const copy = (p: Progress): Progress => ({ upTo: p.upTo, ahead: [...p.ahead], missing: [...p.missing] });

/** Index of the first span that ends at or after `n`. */
function indexAt(spans: readonly Span[], n: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle] as Span).to < n) low = middle + 1;
    else high = middle;
  }
  return low;
}

const holds = (spans: readonly Span[], n: number): boolean => {
  const span = spans[indexAt(spans, n)];
  return span !== undefined && span.from <= n;
};

/** Adds a span and joins it with what it overlaps or touches. */
function add(spans: Span[], span: Span): void {
  const first = indexAt(spans, span.from - 1);
  let { from, to } = span;
  let after = first;
  for (let next = spans[after]; next !== undefined && next.from <= to + 1; next = spans[++after]) {
    from = Math.min(from, next.from);
    to = Math.max(to, next.to);
  }
  spans.splice(first, after - first, { from, to });
}

/** Takes one number out of the span that holds it. */
function punch(spans: Span[], n: number): void {
  const at = indexAt(spans, n);
  const { from, to } = spans[at] as Span;
  const rest: Span[] = [];
  if (from < n) rest.push({ from, to: n - 1 });
  if (n < to) rest.push({ from: n + 1, to });
  spans.splice(at, 1, ...rest);
}

/** The watermark moves over everything that touches it. */
function advance(p: Progress): void {
  while (p.ahead.length > 0 && (p.ahead[0] as Span).from <= p.upTo + 1)
    p.upTo = Math.max(p.upTo, (p.ahead.shift() as Span).to);
}

/**
 * Offers one number. `new`: it is taken now and must be stored. `known`: it was stored before. `full`: it lies beyond
 * more gaps than are remembered and is not taken.
 */
export function take(p: Progress, n: number): "new" | "known" | "full" {
  if (n === p.upTo + 1 && p.ahead.length === 0 && p.missing.length === 0) {
    p.upTo = n;
    return "new";
  }
  if (n <= p.upTo || holds(p.ahead, n)) {
    if (!holds(p.missing, n)) return "known";
    punch(p.missing, n);
    return "new";
  }
  if (p.ahead.length >= spanLimit && n !== p.upTo + 1 && !holds(p.ahead, n - 1) && !holds(p.ahead, n + 1))
    return "full";
  add(p.ahead, { from: n, to: n });
  advance(p);
  return "new";
}

/** Says that a range is lost. Returns the parts that had not arrived, which are missing from now on. */
export function lose(p: Progress, range: Span): Span[] {
  const lost: Span[] = [];
  let from = Math.max(range.from, p.upTo + 1);
  for (const span of p.ahead) {
    if (span.to < from) continue;
    if (span.from > range.to) break;
    if (span.from > from) lost.push({ from, to: span.from - 1 });
    from = Math.max(from, span.to + 1);
  }
  if (from <= range.to) lost.push({ from, to: range.to });
  for (const span of lost) {
    add(p.ahead, span);
    add(p.missing, span);
  }
  advance(p);
  return lost;
}

/** The first range that has not arrived, up to `known`, the highest number said to exist. */
export function gap(p: Progress, known: number): Span | undefined {
  const to = (p.ahead[0]?.from ?? known + 1) - 1;
  return p.upTo < to ? { from: p.upTo + 1, to } : undefined;
}

/** The highest number that is taken. */
export const highest = (p: Progress): number => p.ahead.at(-1)?.to ?? p.upTo;
