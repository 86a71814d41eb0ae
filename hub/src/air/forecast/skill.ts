/** How threshold warnings did: hits, misses, false alarms. */
export type Warnings = {
  readonly hits: number;
  readonly misses: number;
  readonly falseAlarms: number;
  /** Share of events that were warned of. */
  readonly pod: number;
  /** Share of warnings that were false. */
  readonly far: number;
  /** Critical success index: hits among all events and warnings. */
  readonly csi: number;
};

/** Holds warnings against what came: an event is a value above `event`. */
export function warningsOf(warned: ArrayLike<boolean>, came: ArrayLike<number>, event: number): Warnings {
  let [hits, misses, falseAlarms] = [0, 0, 0];
  for (let i = 0; i < came.length; i++) {
    const happened = came[i]! > event;
    if (warned[i] && happened) hits++;
    else if (happened) misses++;
    else if (warned[i]) falseAlarms++;
  }
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return {
    hits,
    misses,
    falseAlarms,
    pod: share(hits, hits + misses),
    far: share(falseAlarms, hits + falseAlarms),
    csi: share(hits, hits + misses + falseAlarms),
  };
}

export function meanSquare(said: ArrayLike<number>, came: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < came.length; i++) sum += (said[i]! - came[i]!) ** 2;
  return came.length === 0 ? Number.NaN : sum / came.length;
}

/** Below this a mean square is what floats leave behind. */
const nothing = 1e-18;
/** 1 is perfect, 0 no better than the other, below 0 worse. Nothing is better than no error at all. */
export const skill = (mse: number, other: number): number =>
  other > nothing ? 1 - mse / other : mse > nothing ? Number.NEGATIVE_INFINITY : 0;

/** Events, counted by their weight, that must have come before a level other than the event's own is believed. */
const fewestEvents = 20;

/**
 * The level of the forecast at which warning of `event` would have had the best CSI. Pairs are in order of time, and one
 * counts half as much as one that came `halfLife` pairs later. Levels that did nearly as well are averaged, because the
 * very best one owes something to chance.
 */
export function bestWarningLevel(
  said: ArrayLike<number>,
  came: ArrayLike<number>,
  event: number,
  halfLife = Number.POSITIVE_INFINITY,
): number {
  const order = Array.from({ length: came.length }, (_, i) => i).sort((a, b) => said[b]! - said[a]!);
  const weight = (i: number) => 2 ** ((i - came.length + 1) / halfLife);
  const events = order.reduce((sum, i) => sum + (came[i]! > event ? weight(i) : 0), 0);
  if (events < fewestEvents) return event;
  const levels: { level: number; csi: number }[] = [];
  let [hits, warned] = [0, 0];
  order.forEach((i, k) => {
    warned += weight(i);
    if (came[i]! > event) hits += weight(i);
    const next = order[k + 1];
    if (next === undefined || said[next]! === said[i]!) return;
    levels.push({ level: (said[i]! + said[next]!) / 2, csi: hits / (events + warned - hits) });
  });
  const best = levels.reduce((top, { csi }) => Math.max(top, csi), 0);
  const near = levels.filter(({ csi }) => csi >= best * 0.99);
  return near.length === 0 ? event : near.reduce((sum, { level }) => sum + level, 0) / near.length;
}
