/** A labelled series with the scores a detector gave it; windows are [first, last] row numbers, both included. */
export type Scored = {
  readonly name: string;
  readonly scores: readonly number[];
  readonly windows: readonly (readonly [number, number])[];
};

export type NabResult = {
  readonly score: number;
  readonly threshold: number;
  readonly found: number;
  readonly windows: number;
  readonly alarms: number;
};

const weight = { hit: 1, falseAlarm: 0.11, miss: 1 };
const sigmoid = (x: number): number => (x > 3 ? -1 : 2 / (1 + Math.exp(5 * x)) - 1);

/** 15 % of the rows, at most 750, are the detector's time to learn and are not judged. */
export const probation = (rows: number): number => Math.floor(Math.min(0.15 * rows, 0.15 * 5000));

type Event = { readonly score: number; readonly file: number; readonly window: number; readonly value: number };

/** What an alarm at each judged row would be worth: in a window by its place in it, outside by the distance from the last. */
function eventsOf(file: number, { scores, windows }: Scored): Event[] {
  const events: Event[] = [];
  let last: readonly [number, number] | undefined;
  let next = 0;
  for (let i = 0; i < scores.length; i++) {
    while (next < windows.length && windows[next]![1] < i) last = windows[next++];
    if (i < probation(scores.length)) continue;
    const inside = windows[next] && windows[next]![0] <= i ? windows[next] : undefined;
    if (inside) {
      const width = inside[1] - inside[0] + 1;
      const value = (sigmoid(-(inside[1] - i + 1) / width) / sigmoid(-1)) * weight.hit;
      events.push({ score: scores[i]!, file, window: next, value });
    } else {
      const value = last ? sigmoid((i - last[1]) / Math.max(1, last[1] - last[0])) : -1;
      events.push({ score: scores[i]!, file, window: -1, value: value * weight.falseAlarm });
    }
  }
  return events;
}

/**
 * The score of the Numenta Anomaly Benchmark, standard profile, with the one threshold over all series that serves the
 * detector best: 0 is what silence earns, 100 a perfect detector (Lavin and Ahmad 2015; own code after the paper).
 */
export function nabScore(series: readonly Scored[]): NabResult {
  const events = series.flatMap((one, file) => eventsOf(file, one)).sort((a, b) => b.score - a.score);
  const windows = series.reduce((n, one) => n + one.windows.length, 0);
  const best = new Map<string, number>();
  let [raw, top, at] = [-windows * weight.miss, -windows * weight.miss, 1.1];
  let [alarms, foundAtTop, alarmsAtTop] = [0, 0, 0];
  for (let i = 0; i < events.length; i++) {
    const { score, file, window, value } = events[i]!;
    if (window === -1) {
      raw += value;
      alarms++;
    } else {
      // Only the earliest alarm of a window counts, which is the one worth most.
      const key = `${file} ${window}`;
      const before = best.get(key);
      if (before === undefined) raw += weight.miss + value;
      else if (value > before) raw += value - before;
      best.set(key, Math.max(before ?? value, value));
    }
    if (raw > top && events[i + 1]?.score !== score)
      [top, at, foundAtTop, alarmsAtTop] = [raw, score, best.size, alarms];
  }
  return {
    score: (100 * (top + windows * weight.miss)) / (2 * windows * weight.hit),
    threshold: at,
    found: foundAtTop,
    windows,
    alarms: alarmsAtTop,
  };
}
