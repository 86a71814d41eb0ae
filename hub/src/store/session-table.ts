import { createHash, randomBytes } from "node:crypto";
import { hours, type Instant, minutes } from "@openkerb/contract";
import type { Database } from "./database.ts";

export type SessionTable = {
  /**
   * Opens a session and gives its token, which is kept nowhere; the one that this browser had, `before`, ends. `login`
   * changes when the password does.
   */
  open(person: string, login: string, now: Instant, before?: string): string;
  find(token: string, now: Instant): { readonly person: string; readonly login: string } | undefined;
  close(token: string): void;
  /** Writes down what a person does, before it is done. */
  note(at: Instant, person: string, did: string, about?: string): void;
  /** A secret of this hub that is made when it is first asked for and stays the same. */
  key(name: string): Buffer;
};

/** A session ends after this long without a request, and after `longest` in any case. */
const idle = hours(12);
const longest = hours(24 * 7);

export function sessionTable(database: Database): SessionTable {
  const sql = {
    add: database.prepare<[Buffer, string, string, number, number]>(
      "INSERT INTO sessions (digest, person, login, began, seen) VALUES (?, ?, ?, ?, ?)",
    ),
    get: database.prepare<[Buffer], { person: string; login: string; began: number; seen: number }>(
      "SELECT person, login, began, seen FROM sessions WHERE digest = ?",
    ),
    see: database.prepare<[number, Buffer]>("UPDATE sessions SET seen = ? WHERE digest = ?"),
    drop: database.prepare<[Buffer]>("DELETE FROM sessions WHERE digest = ?"),
    dropOld: database.prepare<[number, number]>("DELETE FROM sessions WHERE seen < ? OR began < ?"),
    note: database.prepare<[number, string, string, string | null]>(
      "INSERT INTO person_actions (at, person, did, about) VALUES (?, ?, ?, ?)",
    ),
    key: database.prepare<[string], Buffer>("SELECT key FROM hub_keys WHERE name = ?").pluck(),
    addKey: database.prepare<[string, Buffer]>("INSERT INTO hub_keys (name, key) VALUES (?, ?)"),
  };
  const open = database.transaction((digest: Buffer, person: string, login: string, now: Instant, before: string) => {
    sql.drop.run(digestOf(before));
    sql.dropOld.run(now - idle, now - longest);
    sql.note.run(now, person, "log-in", null);
    sql.add.run(digest, person, login, now, now);
  });
  return {
    open(person, login, now, before = "") {
      const token = randomBytes(32).toString("base64url");
      open.immediate(digestOf(token), person, login, now, before);
      return token;
    },
    find(token, now) {
      const digest = digestOf(token);
      const row = sql.get.get(digest);
      if (!row || now - row.seen > idle || now - row.began > longest) return undefined;
      // Not on every request: a write for each picture of a page would be a write too many.
      if (now - row.seen > minutes(5)) sql.see.run(now, digest);
      return { person: row.person, login: row.login };
    },
    close: (token) => void sql.drop.run(digestOf(token)),
    note: (at, person, did, about) => void sql.note.run(at, person, did, about ?? null),
    key(name) {
      const kept = sql.key.get(name);
      if (kept) return kept;
      const made = randomBytes(32);
      sql.addKey.run(name, made);
      return made;
    },
  };
}

const digestOf = (token: string): Buffer => createHash("sha256").update(token).digest();
