import { setImmediate } from "node:timers/promises";
import { type Instant, type Metric, minutes, seconds } from "@openkerb/contract";
import type { Journal } from "../journal.ts";
import type { TestedHour } from "../store/quality-queries.ts";
import type { Channel } from "../store/reading-queries.ts";
import type { SqliteStore } from "../store/sqlite-store.ts";
import { hourSpan } from "../store/store.ts";
import type { CorrectionDesk } from "./correction-desk.ts";
import { lookBack } from "./doubts.ts";
import { type Peers, type Position, peersOf } from "./peers.ts";
import type { ReviewDesk } from "./review-desk.ts";
import { type MetricTests, scaleOf } from "./settings.ts";

export type SweepParts = {
  readonly store: Pick<SqliteStore, "ask" | "channels" | "care">;
  readonly desk: ReviewDesk;
  readonly now: () => Instant;
  readonly positionOf: (site: string) => Position | undefined;
  readonly tests: Readonly<Record<Metric, MetricTests>>;
};

/** An hour is tested when it has been over for so long: what a box held back for a moment is then in. */
export const settle = minutes(10);
/** Older than this, an hour came late. */
const lateAfter = 3 * hourSpan;
/** Hours, and about how many readings, that are tested at once beside the flow. */
const mostHours = 24;
const mostReadings = 5000;
/** About how many readings and doubts are written at once: a few milliseconds of the flow's thread. */
const writtenReadings = 1000;
const writtenDoubts = 50;

/** Hours in pieces that are quickly written, each an hour at least. */
function slices(tested: readonly TestedHour[]): TestedHour[][] {
  const out: TestedHour[][] = [];
  let [readings, doubts] = [0, 0];
  for (const one of tested) {
    readings += one.count;
    doubts += one.doubts.length;
    const last = out.at(-1);
    if (last && readings <= writtenReadings && doubts <= writtenDoubts) last.push(one);
    else {
      out.push([one]);
      [readings, doubts] = [one.count, one.doubts.length];
    }
  }
  return out;
}

/** Tests some hours of one channel; false when none waits. What waits is in the store, so that a stop loses nothing. */
export function tester({ store, desk, now, positionOf, tests }: SweepParts): () => Promise<boolean> {
  let known: { channels: readonly Channel[]; peers: Map<number, Peers> } | undefined;
  const channelOf = async (id: number): Promise<Channel | undefined> => {
    if (!known?.channels.some((c) => c.id === id)) {
      const channels = await store.channels();
      known = { channels, peers: new Map() };
    }
    return known?.channels.find((c) => c.id === id);
  };
  const peers = (channel: Channel): Peers => {
    let found = known?.peers.get(channel.id);
    if (!found) {
      found = peersOf(channel, known?.channels ?? [], positionOf);
      known?.peers.set(channel.id, found);
    }
    return found;
  };

  return async () => {
    const at = now();
    const before = at - settle - ((at - settle) % hourSpan);
    const next = store.care.waiting.next(before, mostHours);
    if (!next) {
      // Whoever is new is compared from the next hour on.
      known = undefined;
      return false;
    }
    const waiting = next.hours.map((h) => h.at);
    const channel = await channelOf(next.channel);
    // Corrected values are as good as the raw ones they are made from.
    if (!channel || channel.correction !== undefined) {
      desk.pass(next.channel, waiting);
      return true;
    }
    const { neighbours, pair } = peers(channel);
    const fresh = new Set(next.hours.filter((h) => h.own).map((h) => h.at));
    // The first reading of an hour tells whether the last one of the hour before was a spike.
    const hours = [...new Set(waiting.flatMap((h) => (fresh.has(h) ? [h - hourSpan, h] : [h])))]
      .filter((h) => h >= 0)
      .sort((a, b) => a - b);
    const tested = await store.ask("testHours", {
      channel: channel.id,
      hours,
      tests: tests[channel.metric],
      scale: scaleOf(channel.unit),
      neighbours,
      pair,
      cuts: desk.cuts(channel.id, (hours[0] ?? 0) - hourSpan, (hours.at(-1) ?? 0) + 2 * hourSpan),
      most: mostReadings,
      first: waiting[0] ?? 0,
    });
    const late = new Set([...fresh].filter((h) => h < at - lateAfter));
    const reach = lookBack(tests[channel.metric]);
    for (const some of slices(tested)) {
      desk.take({ channel, hours: some, fresh, reach, late, beside: [...neighbours, ...pair] });
      await setImmediate();
    }
    return true;
  };
}

/** So many hours beginning to wait in a second is a box that catches up: its readings come first. */
const flood = 50;
const patience = minutes(10);
const pause = seconds(5);

/**
 * Tests whatever waits and makes what new corrections lack, a little at a time and resting twice as long, until it is
 * closed.
 */
export function openSweep(
  parts: SweepParts & { readonly corrections: Pick<CorrectionDesk, "catchUp"> },
  journal: Pick<Journal, "qualityFailed">,
): AsyncDisposable {
  const test = tester(parts);
  const step = async (): Promise<boolean> => parts.corrections.catchUp(parts.now()) || (await test());
  const { waiting } = parts.store.care;
  let closed = false;
  let wake: (() => void) | undefined;
  const rest = (time: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, time);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (): Promise<void> => {
    let seen = waiting.added;
    let looked = performance.now();
    let quiet = looked;
    let failing = false;
    while (!closed) {
      const began = performance.now();
      if (began - looked >= 1000) {
        const rate = ((waiting.added - seen) / (began - looked)) * 1000;
        seen = waiting.added;
        looked = began;
        if (rate <= flood) quiet = began;
      }
      if (quiet < looked && began - quiet < patience) {
        await rest(1000);
        continue;
      }
      let more = false;
      try {
        more = await step();
        failing = false;
      } catch (error) {
        // The disk may be full, or the hub is closing. What waits goes on waiting; the next channel may do better.
        if (!closed && !failing) journal.qualityFailed(error);
        failing = true;
      }
      if (!closed) await rest(more ? Math.max(5, 2 * (performance.now() - began)) : pause);
    }
  };
  const done = run();
  return {
    async [Symbol.asyncDispose]() {
      closed = true;
      wake?.();
      await done;
    },
  };
}
