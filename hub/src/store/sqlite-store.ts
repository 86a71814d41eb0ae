import type { DeviceView } from "@openkerb/contract";
import { committer, type Memory } from "./commit.ts";
import { type Database, type DatabasePlace, holdFolder, openDatabase, sqliteCode } from "./database.ts";
import { type Device, devices as openDevices } from "./device-rows.ts";
import { queries } from "./queries.ts";
import { openReader, type Reader } from "./reader.ts";
import { type ReadingCare, readingCare } from "./reading-care.ts";
import { refusalCounts } from "./refusal-rows.ts";
import { sweeper } from "./retention.ts";
import { type Store, StoreFailure } from "./store.ts";
import { lostOf, notYet, streams as openStreams, streamProgress } from "./stream-rows.ts";
import { words as openWords, type Words } from "./words.ts";

/** The store and the database it lives in: alerts and accounts keep tables of their own in the same file. */
export type SqliteStore = Store & {
  readonly database: Database;
  readonly words: Words;
  readonly care: ReadingCare;
  /** Long questions of rooms that are not part of the flow, answered beside it. */
  readonly ask: Reader["ask"];
  /** Does all of it in one transaction or nothing. @throws StoreFailure when the database cannot be written */
  atOnce<T>(work: () => T): T;
};

/**
 * Opens the hub's store. One process at a time may hold a folder.
 * @throws Trouble when the folder is in use or unwritable, the database damaged or newer than this program
 */
export function openStore(place: DatabasePlace): SqliteStore {
  const hold = "folder" in place ? holdFolder(place.folder) : undefined;
  let database: Database;
  try {
    database = openDatabase(place);
  } catch (error) {
    hold?.[Symbol.dispose]();
    throw error;
  }
  const words = openWords(database);
  const memory: Memory = {
    words,
    devices: openDevices(database),
    streams: openStreams(database),
    refusals: refusalCounts(database),
    care: readingCare(database, words),
  };
  const { devices, streams, refusals } = memory;
  const commits = committer(database, memory);
  const inOne = database.transaction(commits.write);
  const reader = "folder" in place ? openReader(place.folder) : undefined;
  const here = queries(database, words);

  /** A lost transaction leaves memory ahead of the disk; it is read anew before it is next believed. */
  let stale = true;
  const load = (): void => {
    if (!stale) return;
    commits.forget();
    devices.load();
    streams.load();
    refusals.load();
    for (const { device, birth } of devices.all()) {
      const stream = streams.of(device, birth.epoch);
      if (stream) stream.claimed = birth.next - 1;
    }
    stale = false;
  };
  const guarded = <T>(work: () => T): T => {
    try {
      load();
      return work();
    } catch (error) {
      stale = true;
      throw sqliteCode(error) === "" ? error : new StoreFailure(sqliteCode(error), { cause: error });
    }
  };
  /** Housekeeping that a full disk may put off. */
  const unlessFull = <T>(work: () => T): T | undefined => {
    try {
      return guarded(work);
    } catch (error) {
      if (error instanceof StoreFailure) return undefined;
      throw error;
    }
  };
  load();

  const isCurrent = (device: Device | undefined, epoch: string): boolean => device?.epoch === epoch;
  const view = (device: Device): DeviceView => {
    const own = [...streams.ofDevice(device.device)];
    return {
      city: device.city,
      site: device.site,
      device: device.device,
      state: device.state,
      since: device.since,
      software: device.birth.software,
      config: device.birth.config,
      ...(device.health === undefined ? {} : { health: device.health }),
      ...(device.heard === undefined ? {} : { heard: device.heard }),
      stored: own.reduce((sum, s) => sum + s.stored, 0),
      lost: own.reduce((sum, s) => sum + lostOf(s), 0),
      refused: refusals.of(device.device),
      missing: own.reduce((sum, s) => sum + notYet(s, isCurrent(device, s.epoch)), 0),
    };
  };

  const first = database.prepare<[], number | null>("SELECT min(id) FROM events").pluck();
  const probe = database.prepare(
    "INSERT INTO counters (name, value) VALUES ('probe', 1) ON CONFLICT DO UPDATE SET value = value + 1",
  );
  const sweep = sweeper(database);

  return {
    database,
    words,
    care: memory.care,
    ask: async (question, ...args) =>
      reader ? reader.ask(question, ...args) : (here[question] as (...a: typeof args) => never)(...args),
    atOnce: (work) => guarded(() => database.transaction(work).immediate()),
    commit: (records) => guarded(() => inOne.immediate(records)),
    gaps: () =>
      guarded(() =>
        [...streams.all()]
          .map((s) => streamProgress(s, isCurrent(devices.of(s.device), s.epoch)))
          .filter((p) => p.gap !== undefined),
      ),
    progress: (id) =>
      guarded(() => {
        const device = devices.of(id);
        const stream = device && streams.of(id, device.epoch);
        return stream && streamProgress(stream, true);
      }),
    lastEvent: () => guarded(commits.lastEvent),
    firstEvent: () => first.get() ?? 0,
    devices: () => guarded(() => [...devices.all()].map(view)),
    device: (id) =>
      guarded(() => {
        const device = devices.of(id);
        return device && view(device);
      }),
    births: () => guarded(() => [...devices.all()].map(({ city, birth }) => ({ city, birth }))),
    refusals: () => refusals.all(),
    forgetStates: (at) => void unlessFull(() => devices.forgetStates(at)),
    prune: (keep) => unlessFull(() => sweep(keep)) ?? false,
    probe() {
      try {
        probe.run();
        return true;
      } catch {
        return false;
      }
    },
    eventsAfter: async (after, limit, site) =>
      reader ? reader.ask("eventsAfter", after, limit, site) : here.eventsAfter(after, limit, site),
    counts: async (query) => (reader ? reader.ask("counts", query) : here.counts(query)),
    missing: async (site) => (reader ? reader.ask("missing", site) : here.missing(site)),
    channels: async () => (reader ? reader.ask("channels") : here.channels()),
    channelStates: async () => (reader ? reader.ask("channelStates") : here.channelStates()),
    chart: async (query) => (reader ? reader.ask("chart", query) : here.chart(query)),
    chartText: async (query) => (reader ? reader.ask("chartText", query) : here.chartText(query)),
    rollups: async (...query) => (reader ? reader.ask("rollups", ...query) : here.rollups(...query)),
    readings: async (page) => (reader ? reader.ask("readings", page) : here.readings(page)),
    async [Symbol.asyncDispose]() {
      await reader?.[Symbol.asyncDispose]();
      database.close();
      hold?.[Symbol.dispose]();
    },
  };
}
