/**
 * Puts the scores of a file that nobody explained on a scale where 0.5 separates the weak from the sure, as the tracker
 * wants them. A detector keeps what is above some floor of its own and its best scores crowd at its ceiling, so the
 * middle between the two is the border, wherever they are: 0.75 for one that gives 0.5 to 1, 0.5 for one that gives
 * all. Margins and log-odds, that is scores beyond 0 and 1, have long tails; there no more than a third can be weak.
 */
export function belief(scores: readonly number[]): (score: number) => number {
  const sorted = [...scores].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const probable = at(0) >= 0 && at(1) <= 1;
  const floor = probable ? Math.min(at(0), 0.5) : at(0.05);
  const ceiling = at(0.95);
  // All alike: whoever gives one score for everything means all of it.
  if (ceiling <= floor) return () => 1;
  const middle = (floor + ceiling) / 2;
  const border = probable ? middle : Math.min(middle, at(1 / 3));
  return (score) =>
    score < border
      ? Math.max(0, (0.5 * (score - floor)) / Math.max(border - floor, Number.EPSILON))
      : Math.min(1, 0.5 + (0.5 * (score - border)) / Math.max(ceiling - border, Number.EPSILON));
}
