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

export function warningsOf(
  said: ArrayLike<number>,
  came: ArrayLike<number>,
  warnAbove: number,
  event: number,
): Warnings {
  let [hits, misses, falseAlarms] = [0, 0, 0];
  for (let i = 0; i < came.length; i++) {
    const [warned, happened] = [said[i]! > warnAbove, came[i]! > event];
    if (warned && happened) hits++;
    else if (happened) misses++;
    else if (warned) falseAlarms++;
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

/** 1 is perfect, 0 no better than the other, below 0 worse. */
export const skill = (mse: number, other: number): number => 1 - mse / other;

/** The level of the forecast at which warning of `event` would have had the best CSI. */
export function bestWarningLevel(said: ArrayLike<number>, came: ArrayLike<number>, event: number): number {
  let best = { level: event, csi: -1 };
  for (let level = 0.5 * event; level <= 1.3 * event; level += 0.02 * event) {
    const { csi } = warningsOf(said, came, level, event);
    if (csi > best.csi) best = { level, csi };
  }
  return best.level;
}
