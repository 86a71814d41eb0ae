import type { Colocation, Instant, Reading } from "@openkerb/contract";
import { colocationTable } from "../store/colocation-table.ts";
import type { Channel } from "../store/reading-queries.ts";
import type { SqliteStore } from "../store/sqlite-store.ts";
import type { Item } from "../store/store.ts";
import { birth, items, reading as made, profile } from "../store/trial-records.ts";
import { testsWith } from "./own-settings.ts";
import type { Position } from "./peers.ts";
import { openQuality, type Quality } from "./quality.ts";
import { tester } from "./sweep.ts";

/* Readings for tests of quality, and a store that has taken some in. */

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
export const start = Date.UTC(2026, 5, 1);

let last = 0;
export type Made = { readonly at: number; readonly value: number } & Partial<Omit<Reading, "at" | "value">>;
export const reading = (said: Made): Item =>
  made(++last, { provenance: { ...profile, source: "profile:pmsx003@1" }, ...said });

/** A value that moves as air does: never twice the same for long, never a step that a test minds. */
export const calm = (at: number): number => {
  const m = at / minute;
  return Math.round((20 + 6 * Math.sin(m / 230) + 3 * Math.sin(m / 17) + ((m * 7919) % 13) / 13) * 10) / 10;
};

/** A minute value for each minute; `valueAt` may leave some out. */
export const minutesOf = (
  from: number,
  count: number,
  valueAt: (at: number, i: number) => number | undefined = calm,
  more: Partial<Reading> = {},
): Item[] =>
  Array.from({ length: count }, (_, i) => from + i * minute).flatMap((at, i) => {
    const value = valueAt(at, i);
    return value === undefined ? [] : [reading({ at, value, ...more })];
  });

/** Stores them as of one box at a place. */
export function takeIn(store: SqliteStore, list: readonly Item[], more: { device?: string; site?: string } = {}): void {
  const { device = "box-1", site = "street" } = more;
  store.commit([{ ...birth({ device, site }), device } as never]);
  for (let i = 0; i < list.length; i += 1000)
    store.commit([{ ...items(list.slice(i, i + 1000), undefined, (start + 400 * day) as Instant), device } as never]);
}

/** An accepted colocation of a channel, as if it had been made: reference = gain · sensor. */
export function colocated(store: SqliteStore, sensor: number, gain = 0.5): void {
  const part = { n: 100, from: start as Instant, to: (start + day) as Instant, r2: 0.9 };
  colocationTable(store.database).add(
    {
      ...{ sensor, table: "reference", from: part.from, to: part.to, pairs: 0, spanMinutes: 60, unit: "ug/m3" },
      made: { by: "olga" as Colocation["made"]["by"], at: part.to },
      targets: [],
      verdict: {
        kind: "accepted",
        calibration: {
          ...{ gain, offset: 0, gainInterval: [gain - 0.1, gain + 0.1], offsetInterval: [-1, 1], fitted: part },
          judged: { ...part, rmseBefore: 3, rmseAfter: 1, rmseOfMean: 5 },
        },
      },
    },
    [],
  );
}

export type Bed = {
  readonly quality: Quality;
  /** Tests everything that waits as if it were `at`. */
  test(at: number): Promise<void>;
  channel(metric?: string, correction?: string): Promise<Channel>;
};
export function qualityOf(
  store: SqliteStore,
  positions: Readonly<Record<string, Position>> = {},
  tests = testsWith({}),
  now = start,
): Bed {
  const quality = openQuality(store, now as Instant, tests);
  return {
    quality,
    async test(at) {
      const step = tester({
        store,
        desk: quality.review,
        now: () => at as Instant,
        positionOf: (site) => positions[site],
        settings: quality.settings,
      });
      while (await step());
    },
    async channel(metric = "pm25", correction) {
      const found = (await store.channels()).find((c) => c.metric === metric && c.correction === correction);
      if (!found) throw new Error(`no channel of ${metric}`);
      return found;
    },
  };
}
