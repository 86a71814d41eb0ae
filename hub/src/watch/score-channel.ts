import { type AnomalyDetector, anomalyDetector } from "../air/anomaly/detector.ts";
import type { Channel } from "../store/reading-queries.ts";
import type { hourReader } from "../store/score-hours.ts";
import type { HourScore, scoreReader } from "../store/score-table.ts";
import { hourSpan } from "../store/store.ts";

/** A score is made by a detector that began this long before the score's own block of hours, wherever that lies. */
const blockLength = 30 * 24 * hourSpan;
const warmUp = 150 * 24 * hourSpan;
/** Detectors kept for the next hour; others are made again by reading their window. */
const mostKept = 200;

type Live = { readonly block: number; readonly detector: AnomalyDetector; upTo: number };

/**
 * Scores hours. What a score is follows from the hours of the window before it alone, so that a hub that was restarted,
 * or is told late, comes to the same scores as one that was not.
 */
export function channelScorer(read: ReturnType<typeof hourReader>, scored: ReturnType<typeof scoreReader>) {
  const live = new Map<number, Live>();
  return (channel: Channel, end: number, tell: (scores: HourScore[]) => void): void => {
    const { id, metric } = channel;
    // What is told here is written elsewhere and later, so that each look begins behind the last.
    for (let looked = 0; ; ) {
      const first = scored.outOfDate(id, looked, end);
      if (first === undefined) return;
      // An hour is part of the windows of all blocks that begin within the warm-up after it.
      const last = Math.min(end, first + warmUp + blockLength);
      for (let block = first - (first % blockLength); block < last; block += blockLength) {
        looked = Math.min(block + blockLength, end);
        const from = Math.max(first, block);
        const kept = live.get(id);
        const goesOn = kept !== undefined && kept.block === block && kept.upTo <= from;
        const now: Live = goesOn ? kept : { block, detector: anomalyDetector({ rest: 0 }), upTo: block - warmUp };
        const scores: HourScore[] = [];
        for (const { at, covered, total, mean } of read(id, metric, now.upTo, looked)) {
          const score = mean === undefined ? undefined : now.detector(at, mean);
          if (at >= from) scores.push({ at, covered, total, score });
        }
        now.upTo = looked;
        live.delete(id);
        live.set(id, now);
        if (live.size > mostKept) live.delete(live.keys().next().value!);
        tell(scores);
      }
    }
  };
}
