import type { Instant, Metric, Reading, Sequence } from "@openkerb/contract";
import { readingWriter } from "../../hub/src/store/reading-rows.ts";
import { openStore, type SqliteStore } from "../../hub/src/store/sqlite-store.ts";

/* Twenty channels at two places, a value a minute, older than anything the load sends. */

const metrics: readonly Metric[] = ["pm25", "pm10", "no2", "o3", "temperature"];
const stations = ["site-0", "site-0", "site-1", "site-1"];
const channels = metrics.length * stations.length;
const minute = 60_000;
const first = Date.UTC(2021, 0, 1);

const stored = (store: SqliteStore): number =>
  store.database
    .prepare<[number], number | null>("SELECT sum(count) FROM reading_blocks WHERE at < ?")
    .pluck()
    .get(Date.UTC(2026, 0, 1)) ?? 0;

/** Adds generated readings until there are `rows`; a day of each channel comes at a time, as from boxes that catch up. */
export async function fillStore(folder: string, rows: number): Promise<number> {
  await using store = openStore({ folder });
  const writer = readingWriter(store.database, store.words, store.care);
  const day = store.database.transaction((from: number, station: number, site: string) => {
    for (let m = from; m < from + 1440; m++)
      metrics.forEach((metric, i) => {
        const wave =
          Math.sin((m * 2 * Math.PI) / 1440) + Math.sin(m / 977 + i) + ((m * 7919 + i * 104_729) % 101) / 101;
        const reading: Reading = {
          at: (first + m * minute) as Instant,
          averaging: minute as Reading["averaging"],
          sensor: `air-${station}` as Reading["sensor"],
          metric,
          value: Math.round(200 + wave * 60) / 10,
          unit: "ug/m3",
          clock: "synced",
          quality: m % 997 === 0 ? 4 : 1,
          provenance: { source: "profile:sen55@1", config: "0a1b2c3d4e5f" },
        };
        const sequence = (m * metrics.length + i + 1) as Sequence;
        writer.add(
          { stream: 1_000_000 + station, site, device: `box-${station}` },
          sequence,
          reading.at + 700 + ((m * 31) % 400),
          reading,
        );
      });
    writer.flush();
  });
  let m = stored(store) / channels;
  for (; m * channels < rows; m += 1440) stations.forEach((site, station) => void day.immediate(m, station, site));
  store.database.pragma("wal_checkpoint(TRUNCATE)");
  return m * channels;
}

/**
 * Lays over the readings what a few years leave behind: tests doubt a stretch of every fortieth hour, and an officer
 * decides an hour a week of each channel. Gives how many ranges there are.
 */
export async function layOver(folder: string): Promise<number> {
  await using store = openStore({ folder });
  const { overlay, recompute } = store.care;
  const channelsNow = await store.channels();
  const last = first + (stored(store) / channels) * minute;
  const hour = 60 * minute;
  const lay = store.database.transaction((id: number, metric: Metric, from: number, line: number) => {
    const doubted = overlay.test(id, from, [
      { start: from + 7 * minute, stop: from + 9 * minute, flag: 3 },
      { start: from + 9 * minute, stop: from + 11 * minute, flag: 4 },
      { start: from + 31 * minute, stop: from + 32 * minute, flag: 3 },
    ]);
    if (line > 0) overlay.decide(id, { start: from, stop: from + hour, flag: 4, decision: line, replaces: true });
    if (doubted) recompute(id, metric, [from]);
  });
  let line = 0;
  for (const { id, metric } of channelsNow.filter((c) => c.site.startsWith("site-")))
    for (let at = first + (id % 40) * hour, n = 0; at < last; at += 40 * hour, n++)
      lay(id, metric, at, n % 4 === 0 ? ++line : 0);
  store.database.pragma("wal_checkpoint(TRUNCATE)");
  return store.database.prepare<[], number>("SELECT count(*) FROM flag_ranges").pluck().get() ?? 0;
}

/** The store, and when its generated readings begin and end. */
export function openFilled(folder: string): AsyncDisposable & { store: SqliteStore; first: number; last: number } {
  const store = openStore({ folder });
  return {
    store,
    first,
    last: first + (stored(store) / channels) * minute,
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
