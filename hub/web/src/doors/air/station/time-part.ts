const day = 86_400_000;
const minute = 60_000;
const spans = { "24h": day, "7d": 7 * day, "30d": 30 * day, "1y": 365 * day } as const;

export const rangeNames = ["24h", "7d", "30d", "1y", "all"] as const;
export type TimePart = {
  readonly from: number;
  readonly to: number;
  readonly range: (typeof rangeNames)[number];
  /** A stretch was chosen instead of a range. */
  readonly zoomed: boolean;
  /** It reaches until now and grows. */
  readonly live: boolean;
};

/** Which time is shown, as the address asks: a stretch from and to (milliseconds), else a range until now. */
export function shownPart(asked: Readonly<Record<string, string>>, now: number, first: number): TimePart {
  const range = rangeNames.find((r) => r === asked.range) ?? "7d";
  const [from, to] = [Number(asked.from), Number(asked.to)];
  if (
    Number.isSafeInteger(from) &&
    Number.isSafeInteger(to) &&
    from >= 0 &&
    to - from >= 10 * minute &&
    to - from <= 40_000 * day
  )
    return { from, to, range, zoomed: true, live: false };
  // Until the end of this minute, or of this hour for what is drawn in hours: the question stays the same meanwhile.
  const step = range === "24h" ? minute : 60 * minute;
  const end = Math.ceil(now / step) * step;
  const span = range === "all" ? Math.max(day, end - first) : spans[range];
  return { from: end - span, to: end, range, zoomed: false, live: true };
}
