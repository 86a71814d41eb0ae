import { setImmediate } from "node:timers/promises";
import { type Instant, minutes, seconds } from "@openkerb/contract";
import type { Journal } from "../journal.ts";
import type { TestedHour } from "../store/quality-queries.ts";
import type { Channel } from "../store/reading-queries.ts";
import type { SqliteStore } from "../store/sqlite-store.ts";
import { daySpan, hourSpan } from "../store/store.ts";
import type { CorrectionDesk } from "./correction-desk.ts";
import type { DatedSettings, DatedTests } from "./dated-settings.ts";
import { lookBack } from "./doubts.ts";
import { type Peers, type Position, peersOf } from "./peers.ts";
import type { ReviewDesk, Tested } from "./review-desk.ts";
import { type MetricTests, scaleOf } from "./settings.ts";

export type SweepParts = {
  readonly store: Pick<SqliteStore, "ask" | "channels" | "care">;
  readonly desk: ReviewDesk;
  readonly now: () => Instant;
  readonly positionOf: (site: string) => Position | undefined;
  /** How hours are tested, each as was set in its time. */
  readonly settings: DatedSettings;
};

/** An hour is tested when it has been over for so long: what a box held back for a moment is then in. */
export const settle = minutes(10);
/** Older than this, an hour came late. */
const lateAfter = 3 * hourSpan;
/** The last day of which an hour may have been tested. */
const judgedBy = (at: number): number => Math.floor((at - settle - hourSpan) / daySpan);
const daysAtOnce = 10;
/** Hours, and about how many readings, that are tested at once beside the flow. */
const mostHours = 24;
const mostReadings = 5000;
/** So long the flow's thread may write at once, milliseconds: readings and pages wait for nothing longer. */
export const longestWrite = 5;
/** Readings written at once: two hours of minutes even where the disk is slow, or a backlog would never end. */
const leastWritten = 120;
const mostWritten = 1000;

/**
 * Writes hours in pieces, each an hour at least. How much is written at once follows from how long the last pieces took on
 * this machine, with this disk. A doubt costs about as much as twenty readings.
 */
export function inPieces(
  write: (some: readonly TestedHour[]) => void,
  clock: () => number = () => performance.now(),
): (tested: readonly TestedHour[]) => Promise<void> {
  let size = 200;
  return async (tested) => {
    for (let next = 0; next < tested.length; ) {
      const some: TestedHour[] = [];
      let weight = 0;
      for (; next < tested.length; next++) {
        const one = tested[next]!;
        weight += one.count + 20 * one.doubts.length;
        if (some.length > 0 && weight > size) break;
        some.push(one);
      }
      const began = clock();
      write(some);
      const spent = clock() - began;
      if (spent > longestWrite) size = Math.max(leastWritten, size * Math.max(0.5, longestWrite / spent));
      else if (weight >= size && spent < longestWrite / 1.5) size = Math.min(mostWritten, size * 1.2);
      await setImmediate();
    }
  };
}

function bySettings(
  hours: readonly number[],
  settingsOf: (hour: number) => DatedTests,
): { readonly tests: MetricTests; readonly of: number[] }[] {
  const groups = new Map<DatedTests, number[]>();
  for (const hour of hours) {
    const settings = settingsOf(hour);
    groups.set(settings, [...(groups.get(settings) ?? []), hour]);
  }
  return [...groups].map(([{ tests }, of]) => ({ tests, of }));
}

/** Tests some hours of one channel; false when none waits. What waits is in the store, so that a stop loses nothing. */
export function tester({ store, desk, now, positionOf, settings }: SweepParts): () => Promise<boolean> {
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

  /** Judges some days anew in which drift may come out otherwise, because days before them came late. */
  const rejudge = async (at: number): Promise<boolean> => {
    const row = store.care.drift.next();
    if (!row) return false;
    const channel = await channelOf(row.channel);
    const to = Math.min(row.first + daysAtOnce, row.last + 1, judgedBy(at) + 1);
    if (!channel || to <= row.first) {
      desk.rejudge(row, row.last + 1, []);
      return true;
    }
    const of = { channel: channel.id, scale: scaleOf(channel.unit), neighbours: peers(channel).neighbours };
    const days = Array.from({ length: to - row.first }, (_, i) => row.first + i);
    const orders = days.map((day) => ({ ...of, day, tests: settings(channel.metric, day * daySpan).tests }));
    desk.rejudge(row, to, await store.ask("driftTurned", orders));
    return true;
  };

  let taken: Omit<Tested, "hours"> | undefined;
  const write = inPieces((hours) => {
    if (taken) desk.take({ ...taken, hours });
  });

  return async () => {
    const at = now();
    const before = at - settle - ((at - settle) % hourSpan);
    const next = store.care.waiting.next(before, mostHours);
    if (!next) {
      if (await rejudge(at)) return true;
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
    const late = new Set([...fresh].filter((h) => h < at - lateAfter));
    // Hours on either side of a change of the tests are tested apart.
    for (const { tests, of } of bySettings(hours, (h) => settings(channel.metric, h))) {
      const tested = await store.ask("testHours", {
        ...{ channel: channel.id, hours: of, tests, scale: scaleOf(channel.unit), neighbours, pair },
        cuts: desk.cuts(channel.id, (of[0] ?? 0) - hourSpan, (of.at(-1) ?? 0) + 2 * hourSpan),
        most: mostReadings,
        first: waiting.find((h) => of.includes(h)) ?? 0,
      });
      taken = {
        ...{ channel, fresh, reach: lookBack(tests), late, beside: [...neighbours, ...pair] },
        ...{ drift: tests.drift ? [channel.id, ...neighbours] : [], judged: judgedBy(at) },
      };
      await write(tested);
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
