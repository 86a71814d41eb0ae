import { randomBytes } from "node:crypto";
import { existsSync, renameSync, rmSync } from "node:fs";
import { type Epoch, type Instant, type Sequence, Trouble } from "@openkerb/contract";
import Database from "better-sqlite3";
import type { LostRange } from "./lost-ranges.ts";
import type { Item, Lost, Portion } from "./outbox.ts";

/** Everything one commit changes; it happens as a whole or not at all. */
export type Change = {
  /** Items up to and with this number go. */
  readonly forget?: number;
  readonly items?: readonly Item[];
  readonly ranges: readonly LostRange[];
  readonly next: number;
  readonly lost: number;
};

/** The SQLite file behind an outbox. Synchronous; every method throws SqliteError. */
export type OutboxFile = {
  readonly epoch: Epoch;
  readonly fresh: boolean;
  readonly next: number;
  readonly lost: number;
  readonly ranges: readonly LostRange[];
  /** Returns how many items went. */
  write(change: Change): number;
  /** Adds `by` to the number of every item from `from` on, with the ranges and the next number that follow from it. */
  renumber(from: number, by: number, ranges: readonly LostRange[], next: number): number;
  read(after: number, portion: Portion): readonly Item[];
  numbers(from: number, to: number): readonly number[];
  count(): number;
  oldest(): { readonly sequence: number; readonly kept: Instant } | undefined;
  /** Number of the `nth` oldest item, from 1. */
  numberOf(nth: number): number | undefined;
  /** True when the file has reached its limit, false when it is the disk that has no room. */
  atLimit(): boolean;
  /** Keeps the file from growing beyond what it is (true), or lets it grow to its quota (false). */
  hold(still: boolean): void;
  /** Writes the log back into the file, as far as that is possible now. */
  settle(): void;
  /** The highest number below the first item that was kept at `since` or later. */
  lastBefore(since: number): number | undefined;
  close(): void;
};

const page = 4096;
/** Half of the ballast, in pages: so much the log may grow before it is written back into the file. */
const logPages = (ballast: number): number => Math.max(16, Math.floor(ballast / 2 / page));

const schema = `
  create table box (id integer primary key check (id = 1), epoch text not null, next integer not null, lost integer not null) strict;
  create table item (sequence integer primary key, kept integer not null, kind text not null, body text not null) strict;
  create table range (epoch text not null, first integer not null, last integer, why text not null, told integer) strict;
  pragma user_version = 1;`;

type Row = { sequence: number; kept: number; kind: "event" | "reading"; body: string };
type RangeRow = { epoch: string; first: number; last: number | null; why: Lost["why"]; told: number | null };

/** Opens or creates. `quota` and `ballast` in bytes; the file itself stays below quota - ballast. */
export function openOutboxFile(path: string, quota: number, ballast: number): OutboxFile {
  const db = new Database(path, { timeout: 250 });
  try {
    // One process only, and with it no shared-memory file that a full disk could take away under our feet.
    db.pragma("locking_mode = EXCLUSIVE");
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    db.pragma(`wal_autocheckpoint = ${logPages(ballast)}`);
    db.pragma("cache_size = -2048");
    const limit = Math.floor((quota - ballast) / page);
    db.pragma(`max_page_count = ${limit}`);
    const version = db.pragma("user_version", { simple: true });
    if (typeof version === "number" && version > 1) {
      throw new Trouble(`${path} was written by a newer agent`, "install that version again, or move the file away");
    }
    const sound = db.pragma("quick_check(1)", { simple: true });
    if (sound !== "ok") throw new DamagedFile(path);
    return read(db, limit);
  } catch (err) {
    db.close();
    // A table that should be there is not.
    if (err instanceof Database.SqliteError && err.code === "SQLITE_ERROR") throw new DamagedFile(path);
    if (isSqlite(err, "SQLITE_BUSY")) {
      throw new Trouble(`another agent is using ${path}`, "stop it, or give this one its own folder with --data", {
        cause: err,
      });
    }
    throw err;
  }
}

function read(db: Database.Database, limit: number): OutboxFile {
  const boxRow = db.prepare<[], { name: string }>("select name from sqlite_master where name = 'box'").get();
  const fresh = boxRow === undefined;
  if (fresh) {
    db.transaction(() => {
      db.exec(schema);
      db.prepare("insert into box (id, epoch, next, lost) values (1, ?, 1, 0)").run(randomBytes(8).toString("hex"));
    }).immediate();
  }
  const box = db
    .prepare<[], { epoch: string; next: number; lost: number }>("select epoch, next, lost from box where id = 1")
    .get();
  if (!box) throw new DamagedFile(db.name);

  const put = db.prepare("insert into item (sequence, kept, kind, body) values (?, ?, ?, ?)");
  const forget = db.prepare("delete from item where sequence <= ?");
  const setBox = db.prepare("update box set next = ?, lost = ? where id = 1");
  const clearRanges = db.prepare("delete from range");
  const putRange = db.prepare("insert into range (epoch, first, last, why, told) values (?, ?, ?, ?, ?)");
  const select = db.prepare<[number, number], Row>("select * from item where sequence > ? order by sequence limit ?");
  const selectNumbers = db
    .prepare<[number, number], number>("select sequence from item where sequence between ? and ? order by sequence")
    .pluck();
  const selectCount = db.prepare<[], number>("select count(*) from item").pluck();
  const selectOldest = db.prepare<[], { sequence: number; kept: number }>(
    "select sequence, kept from item order by sequence limit 1",
  );
  const selectNth = db
    .prepare<[number], number>("select sequence from item order by sequence limit 1 offset ?")
    .pluck();
  // A moment before 2020 is a clock that did not know better, not an age.
  const selectYoung = db
    .prepare<[number], number>(
      "select sequence from item where kept >= ? or kept < 1577836800000 order by sequence limit 1",
    )
    .pluck();
  const selectLast = db.prepare<[], number | null>("select max(sequence) from item").pluck();

  const selectLost = db.prepare<[], number>("select lost from box where id = 1").pluck();

  const ranges: LostRange[] = db
    .prepare<[], RangeRow>("select * from range order by rowid")
    .all()
    .map(({ epoch, first, last, why, told }) => ({
      epoch: epoch as Epoch,
      from: first,
      why,
      ...(last === null ? {} : { to: last }),
      ...(told === null ? {} : { told }),
    }));
  let written: readonly LostRange[] = ranges;

  const write = db.transaction((change: Change): number => {
    const gone = change.forget === undefined ? 0 : forget.run(change.forget).changes;
    for (const { sequence, kept, kind, body } of change.items ?? []) put.run(sequence, kept, kind, body);
    if (change.ranges !== written) {
      clearRanges.run();
      for (const { epoch, from, to, why, told } of change.ranges)
        putRange.run(epoch, from, to ?? null, why, told ?? null);
    }
    setBox.run(change.next, change.lost);
    return gone;
  });

  // By way of negative numbers, so that no two meet.
  const lift = db.prepare("update item set sequence = -(sequence + ?) where sequence >= ?");
  const settle = db.prepare("update item set sequence = -sequence where sequence < 0");
  const renumber = db.transaction((from: number, by: number, change: Change): number => {
    const { changes } = lift.run(by, from);
    settle.run();
    write(change);
    return changes;
  });

  return {
    epoch: box.epoch as Epoch,
    fresh,
    next: box.next,
    lost: box.lost,
    ranges,
    write: (change) => {
      const gone = write.immediate(change);
      written = change.ranges;
      return gone;
    },
    renumber: (from, by, ranges, next) => {
      const lost = selectLost.get() ?? 0;
      const count = renumber.immediate(from, by, { ranges, next, lost });
      written = ranges;
      return count;
    },
    read: (after, portion) => {
      const items: Item[] = [];
      let bytes = 0;
      for (const { sequence, kept, kind, body } of select.iterate(after, portion.items)) {
        bytes += body.length;
        if (bytes > portion.bytes && items.length > 0) break;
        items.push({ sequence: sequence as Sequence, kept: kept as Instant, kind, body });
      }
      return items;
    },
    numbers: (from, to) => selectNumbers.all(from, to),
    count: () => selectCount.get() ?? 0,
    oldest: () => {
      const row = selectOldest.get();
      return row && { sequence: row.sequence, kept: row.kept as Instant };
    },
    numberOf: (nth) => selectNth.get(nth - 1),
    lastBefore: (since) => {
      const oldest = selectOldest.get();
      if (!oldest || oldest.kept >= since) return undefined;
      const young = selectYoung.get(since);
      const last = young === undefined ? (selectLast.get() ?? undefined) : young - 1;
      return last !== undefined && last >= oldest.sequence ? last : undefined;
    },
    atLimit: () => pages(db, "page_count") >= pages(db, "max_page_count"),
    hold: (still) => void db.pragma(`max_page_count = ${still ? pages(db, "page_count") : limit}`),
    settle: () => {
      try {
        db.pragma("wal_checkpoint(PASSIVE)");
      } catch (err) {
        if (!isRefused(err)) throw err;
      }
    },
    close: () => void db.close(),
  };
}

const pages = (db: Database.Database, what: "page_count" | "max_page_count"): number =>
  Number(db.pragma(what, { simple: true }));

/** The file is there but is not a sound outbox. */
export class DamagedFile extends Error {
  override name = "DamagedFile";
  constructor(path: string) {
    super(`${path} is damaged`);
  }
}

export const isSqlite = (err: unknown, ...codes: readonly string[]): boolean =>
  err instanceof Database.SqliteError && codes.some((code) => err.code === code || err.code.startsWith(`${code}_`));

/** Broken beyond use, whether found at opening or while working. */
export const isDamaged = (err: unknown): boolean =>
  err instanceof DamagedFile || isSqlite(err, "SQLITE_CORRUPT", "SQLITE_NOTADB");

/** No room, or a disk that refuses for the moment: worth trying again. */
export const isRefused = (err: unknown): boolean => isSqlite(err, "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY");

/** Moves a damaged file out of the way, keeping only the newest such file; returns its new name. */
export function putAside(path: string): string {
  const aside = `${path}.damaged`;
  for (const end of ["", "-wal", "-shm", "-journal"]) {
    rmSync(`${aside}${end}`, { force: true });
    if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${aside}${end}`);
  }
  return aside;
}

/** The first number still in a damaged file, when that much can be read of it. */
export function salvageFirst(path: string): { readonly epoch: string; readonly first: number } | undefined {
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true });
    try {
      const epoch = db.prepare<[], string>("select epoch from box where id = 1").pluck().get();
      const first = db.prepare<[], number>("select sequence from item order by sequence limit 1").pluck().get();
      return epoch !== undefined && first !== undefined ? { epoch, first } : undefined;
    } finally {
      db.close();
    }
  } catch {
    return undefined;
  }
}
