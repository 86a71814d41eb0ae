import { type DeviceId, type Epoch, type Instant, type Millis, millis, seconds } from "@openkerb/contract";
import type { StreamProgress } from "./store.ts";

/** A gap this old is asked for. Messages overtake one another for moments only. */
export const firstAsk = seconds(1);
/** The longest pause between two questions. */
export const longestPause = seconds(30);
/** Questions without an answer, from a device that is there, until a range counts as gone. */
export const asksUntilGone = 5;
/** The most that one question asks for. */
export const askSize = 2000;

export type Range = { readonly device: DeviceId; readonly epoch: Epoch; readonly from: number; readonly to: number };
type Gap = {
  progress: StreamProgress & { gap: NonNullable<StreamProgress["gap"]> };
  /** Since when its first missing number is the same. */
  since: Instant;
  asks: number;
  asked: Range | undefined;
  next: Instant;
  /** Whether the device said anything after the last question. */
  heard: boolean;
};

/**
 * Decides what to ask for again, and when to stop asking. A range is given up only when a device that is there and
 * has sent newer things (or has begun another outbox) left five questions unanswered: then it does not have it any
 * more, for instance because this hub's database is an old copy. A device that is away keeps what it has; its gaps
 * wait. What was given up and comes after all is still stored.
 */
export type GapWatch = {
  /** How a stream stands after a commit. */
  see(progress: StreamProgress, now: Instant): void;
  /** The device said something, whatever it was. */
  hear(device: DeviceId): void;
  due(now: Instant): { readonly ask: readonly Range[]; readonly gone: readonly Range[] };
};

export function gapWatch(): GapWatch {
  const gaps = new Map<string, Gap>();
  const byDevice = new Map<DeviceId, Set<Gap>>();

  const drop = (key: string): void => {
    const gap = gaps.get(key);
    if (!gap) return;
    gaps.delete(key);
    const own = byDevice.get(gap.progress.device);
    own?.delete(gap);
    if (own?.size === 0) byDevice.delete(gap.progress.device);
  };

  return {
    see(progress, now) {
      const key = `${progress.device} ${progress.epoch}`;
      if (progress.gap === undefined) {
        drop(key);
        return;
      }
      const seen = { ...progress, gap: progress.gap };
      const gap = gaps.get(key);
      if (gap === undefined) {
        const fresh: Gap = {
          progress: seen,
          since: now,
          asks: 0,
          asked: undefined,
          next: (now + firstAsk) as Instant,
          heard: true,
        };
        gaps.set(key, fresh);
        const own = byDevice.get(progress.device) ?? new Set();
        byDevice.set(progress.device, own.add(fresh));
        return;
      }
      if (seen.gap.from !== gap.progress.gap.from) {
        // It moves. Where a question was answered in full the next may follow at once.
        const answered = gap.asked !== undefined && seen.gap.from > gap.asked.to;
        Object.assign(gap, { since: now, asks: 0, asked: undefined, heard: true });
        gap.next = (answered ? now : now + firstAsk) as Instant;
      }
      gap.progress = seen;
    },
    hear(device) {
      for (const gap of byDevice.get(device) ?? []) gap.heard = true;
    },
    due(now) {
      const ask: Range[] = [];
      const gone: Range[] = [];
      for (const [key, gap] of gaps) {
        // Further away than any pause: the hub's clock was set back meanwhile.
        if (gap.next > now + longestPause) gap.next = now;
        if (now < gap.next || !gap.heard) continue;
        const { device, epoch, ahead, current } = gap.progress;
        const { from, to } = gap.progress.gap;
        if (gap.asks >= asksUntilGone && (ahead || !current)) {
          gone.push({ device, epoch, from, to });
          drop(key);
          continue;
        }
        gap.asked = { device, epoch, from, to: Math.min(to, from + askSize - 1) };
        gap.heard = false;
        gap.asks++;
        gap.next = (now + pause(gap.asks)) as Instant;
        ask.push(gap.asked);
      }
      return { ask, gone };
    },
  };
}

/** 1, 2, 4 … seconds, at most the longest pause. */
const pause = (asks: number): Millis => millis(Math.min(longestPause, firstAsk * 2 ** (asks - 1)));
