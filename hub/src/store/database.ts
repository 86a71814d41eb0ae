import { chmodSync, closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Trouble } from "@openkerb/contract";
import { makeFolder } from "@openkerb/machine";
import Sqlite, { type Database } from "better-sqlite3";

export type { Database } from "better-sqlite3";

/** Where the database lives: a folder of its own, or nowhere (tests and dry runs). */
export type DatabasePlace = { readonly folder: string } | { readonly memory: true };

export const fileName = "hub.sqlite";
const migrationsFolder = new URL("./migrations/", import.meta.url);

/**
 * Opens the hub's database and brings it to this program's schema.
 * FULL: an ack promises that the data survives a power cut, and with group commit the promise costs little.
 * @throws Trouble when the folder is in use, the file damaged, or the schema newer than this program
 */
export function openDatabase(place: DatabasePlace): Database {
  if ("memory" in place) {
    const database = new Sqlite(":memory:");
    migrate(database, "the database in memory");
    return database;
  }
  const file = join(place.folder, fileName);
  let database: Database | undefined;
  try {
    makeFolder(place.folder);
    keepPrivate(file);
    database = new Sqlite(file);
    database.pragma("busy_timeout = 5000");
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = FULL");
    database.pragma("cache_size = -65536");
    database.pragma("journal_size_limit = 67108864");
    database.pragma("wal_autocheckpoint = 4000");
    migrate(database, file);
    return database;
  } catch (error) {
    database?.close();
    throw inWords(error, file);
  }
}

/** Sessions and keys are in there, and the folder may be one that others look into. The log beside it takes after it. */
function keepPrivate(file: string): void {
  closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
}

/** Holds the folder for this process; the operating system lets go of it even after kill -9. */
export function holdFolder(folder: string): Disposable {
  const file = join(folder, "hub.lock");
  let lock: Database | undefined;
  try {
    makeFolder(folder);
    keepPrivate(file);
    lock = new Sqlite(file, { timeout: 0 });
    lock.pragma("journal_mode = DELETE");
    lock.exec("BEGIN EXCLUSIVE");
    const held = lock;
    return { [Symbol.dispose]: () => held.close() };
  } catch (error) {
    lock?.close();
    if (sqliteCode(error).startsWith("SQLITE_BUSY"))
      throw new Trouble(
        `another hub is running on ${folder}`,
        "stop it first, or give this one a data folder of its own",
        {
          cause: error,
        },
      );
    throw inWords(error, file);
  }
}

/** A second connection that can only read; for the worker that answers long questions. */
export function openReading(folder: string): Database {
  const file = join(folder, fileName);
  const database = new Sqlite(file, { readonly: true, fileMustExist: true });
  database.pragma("busy_timeout = 5000");
  database.pragma("cache_size = -32768");
  return database;
}

/** The code SQLite gave an error, or an empty string. */
export const sqliteCode = (error: unknown): string => (error instanceof Sqlite.SqliteError ? error.code : "");

function inWords(error: unknown, file: string): unknown {
  const code = sqliteCode(error);
  if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB")
    return new Trouble(
      `the database ${file} is damaged`,
      "put a copy of it back, or move it away: the hub then begins an empty one and asks the boxes for what they hold",
      { cause: error },
    );
  const system = error instanceof Error && "code" in error ? String(error.code) : code;
  if (/^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST|SQLITE_CANTOPEN|SQLITE_READONLY|SQLITE_PERM)/.test(system))
    return new Trouble(
      `the database ${file} cannot be opened (${system})`,
      "check the folder, its owner and its rights",
      {
        cause: error,
      },
    );
  if (/^(ENOSPC|SQLITE_FULL)/.test(system))
    return new Trouble(`there is no room on the disk for ${file}`, "free some space and start again", { cause: error });
  return error;
}

/** Applies every migration that has not been, in order of its number. Numbers are never reused or changed. */
function migrate(database: Database, name: string): void {
  const files = readdirSync(migrationsFolder)
    .filter((file) => /^\d{4}-[a-z-]+\.sql$/.test(file))
    .sort();
  database.exec("CREATE TABLE IF NOT EXISTS migrations (file TEXT PRIMARY KEY) WITHOUT ROWID");
  const applied = new Set(database.prepare<[], string>("SELECT file FROM migrations").pluck().all());
  const unknown = [...applied].filter((file) => !files.includes(file));
  if (unknown.length > 0)
    throw new Trouble(
      `${name} was made by a newer hub: it knows ${unknown.join(", ")}, this program does not`,
      "install the newer program again, or put back the copy of the database from before the update",
    );
  for (const file of files.filter((f) => !applied.has(f)))
    database
      .transaction(() => {
        database.exec(readFileSync(new URL(file, migrationsFolder), "utf8"));
        database.prepare("INSERT INTO migrations (file) VALUES (?)").run(file);
      })
      .immediate();
}
