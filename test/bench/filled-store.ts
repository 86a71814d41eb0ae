import type { Instant, Metric, MinuteCounted, Reading, Sequence } from "@openkerb/contract";
import { minuteWriter } from "../../hub/src/store/minute-rows.ts";
import { readingWriter } from "../../hub/src/store/reading-rows.ts";
import { reviewTable } from "../../hub/src/store/review-table.ts";
import { openStore, type SqliteStore } from "../../hub/src/store/sqlite-store.ts";

/* Twenty channels at two places, a value a minute, older than anything the load sends. */

const metrics: readonly Metric[] = ["pm25", "pm10", "no2", "o3", "laeq"];
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
          unit: metric === "laeq" ? "dB[SPL]" : "ug/m3",
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
    if (doubted) recompute(id, metric, [from], "tests");
  });
  let line = 0;
  for (const { id, metric } of channelsNow.filter((c) => c.site.startsWith("site-")))
    for (let at = first + (id % 40) * hour, n = 0; at < last; at += 40 * hour, n++)
      lay(id, metric, at, n % 4 === 0 ? ++line : 0);
  store.database.pragma("wal_checkpoint(TRUNCATE)");
  return store.database.prepare<[], number>("SELECT count(*) FROM flag_ranges").pluck().get() ?? 0;
}

/**
 * What else a place has after some years: traffic of its last hundred days counted by the minute, and doubts that wait
 * for an officer. No hour waits for its tests.
 */
export async function layPages(folder: string): Promise<void> {
  await using store = openStore({ folder });
  const end = first + (stored(store) / channels) * minute;
  const hour = 60 * minute;
  const counts = minuteWriter(store.database, store.words);
  const queue = reviewTable(store.database);
  const all = await store.channels();
  store.database
    .transaction(() => {
      for (let at = end - 100 * 24 * hour; at < end; at += minute)
        counts.add("site-0", "box-0", {
          kind: "minute-counted",
          at,
          clock: "synced",
          quality: 1,
          provenance: { source: "model:centernet6@0123456789ab", config: "0a1b2c3d4e5f" },
          camera: "north",
          span: minute,
          watched: minute,
          lines: [{ line: "kerb", class: "car", in: (at / minute) % 17, out: ((at / hour) % 5) | 0 }],
          zones: [],
        } as unknown as MinuteCounted);
      for (const { id } of all)
        for (let at = end - 60 * 24 * hour; at < end; at += 6 * hour) {
          const tests = [{ test: "spike", flag: 3 as const, readings: 2 }];
          const doubt = { start: at + 7 * minute, stop: at + 9 * minute, flag: 3 as const, readings: 2, tests };
          queue.putDoubts(id, at, at + hour, [doubt], []);
          queue.regroup(id, at, at + hour);
        }
      store.database.exec("DELETE FROM quality_waiting");
    })
    .immediate();
  store.database.pragma("wal_checkpoint(TRUNCATE)");
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
