/** Levels are told apart to a hundredth of a dB: finer than any sound level meter. */
const perDecibel = 100;
const lowest = -20;
const bins = 200 * perDecibel;

/** How often each level occurred; counts of days add up to those of a year without the year's levels in memory. */
export type LevelCounts = { total: number; readonly counts: Uint32Array };

export const noLevels = (): LevelCounts => ({ total: 0, counts: new Uint32Array(bins) });

/** Adds equally long pieces of time by their levels, dB. */
export function addLevels({ counts, ...to }: LevelCounts, levels: Iterable<number>): LevelCounts {
  let { total } = to;
  for (const level of levels) {
    counts[Math.min(bins - 1, Math.max(0, Math.round((level - lowest) * perDecibel)))]!++;
    total++;
  }
  return { total, counts };
}

/**
 * LAN: the level exceeded N % of the time, the highest that at least so many of the levels reach (ISO 1996-1, 3.1.3).
 * Nothing when there are no levels.
 */
export function exceededLevel({ total, counts }: LevelCounts, percent: number): number | undefined {
  if (total === 0) return undefined;
  const wanted = Math.max(1, Math.ceil((percent / 100) * total));
  let louder = 0;
  for (let bin = bins - 1; bin >= 0; bin--) {
    louder += counts[bin]!;
    if (louder >= wanted) return Number((lowest + bin / perDecibel).toFixed(2));
  }
  return undefined;
}
