import type { AirAuditEntry, Instant, QualityFlag, ReviewItem } from "@openkerb/contract";
import { type Doubt, type TestVerdict, tally } from "../quality/doubts.ts";
import type { Database } from "./database.ts";
import { daySpan, minuteSpan } from "./store.ts";

/** An item of the review queue; its channel by number. */
export type ReviewRow = Omit<ReviewItem, "channel"> & { readonly channel: number };
type Stored = {
  id: number;
  channel: number;
  start: number;
  stop: number;
  flag: QualityFlag;
  readings: number;
  tests: string;
  state: ReviewItem["state"];
  decision: string | null;
};
type DoubtRow = Omit<Doubt, "tests"> & { readonly tests: string; readonly item: number | null };
export type ReviewFilter = {
  readonly state: "open" | "decided" | "all";
  /** Only of these channels. */
  readonly channels?: readonly number[];
  readonly limit: number;
};
export type Span = { readonly start: number; readonly stop: number };

/** Doubts no further apart than this are one item: they are going on. */
const together = 10 * minuteSpan;
/** An item is never longer or larger than this, so that growing and deciding it stay small. */
const longest = 7 * daySpan;
const mostReadings = 20_000;
const mostDoubts = 500;

export type ReviewTable = {
  item(id: number): ReviewRow | undefined;
  list(filter: ReviewFilter): ReviewRow[];
  countOpen(channels?: readonly number[]): number;
  /** What was decided of a channel in some time. */
  decided(channel: number, from: number, to: number): Span[];
  openIn(channel: number, from: number, to: number): number;
  doubtsOf(item: ReviewRow): (Span & { readonly flag: QualityFlag })[];
  /** Puts the doubts of an hour in place of the earlier ones; true when they differ. Then `regroup`. */
  putDoubts(channel: number, hour: number, end: number, doubts: readonly Doubt[], settled: readonly Span[]): boolean;
  /** Makes items of the doubts in and around a time: items keep their number as far as they can. */
  regroup(channel: number, from: number, to: number): void;
  settle(item: ReviewRow, state: "accepted" | "overridden", decision: NonNullable<ReviewItem["decision"]>): void;
  /** Writes down what somebody does; the number of the entry. */
  note(entry: Omit<AirAuditEntry, "id">, item?: number): number;
  audit(filter: { channel?: number; before?: number; limit: number }): AirAuditEntry[];
  history(item: number): AirAuditEntry[];
};

export function reviewTable(database: Database): ReviewTable {
  const sql = {
    item: database.prepare<[number], Stored>("SELECT * FROM review_items WHERE id = ?"),
    list: database.prepare<[string, string | null, string | null, number], Stored>(
      `SELECT * FROM review_items WHERE state IN (SELECT value FROM json_each(?))
         AND (? IS NULL OR channel IN (SELECT value FROM json_each(?))) ORDER BY start DESC, id DESC LIMIT ?`,
    ),
    open: database
      .prepare<[string | null, string | null], number>(
        `SELECT count(*) FROM review_items WHERE state = 'open'
           AND (? IS NULL OR channel IN (SELECT value FROM json_each(?)))`,
      )
      .pluck(),
    around: database.prepare<[number, number, number, number], Stored>(
      "SELECT * FROM review_items WHERE channel = ? AND start >= ? AND start <= ? AND stop >= ? ORDER BY start",
    ),
    doubts: database.prepare<[number, number, number], DoubtRow>(
      "SELECT start, stop, flag, readings, tests, item FROM doubts WHERE channel = ? AND start >= ? AND start < ? ORDER BY start",
    ),
    dropDoubts: database.prepare<[number, number, number]>(
      "DELETE FROM doubts WHERE channel = ? AND start >= ? AND start < ?",
    ),
    addDoubt: database.prepare<[number, number, number, number, number, string, number | null]>(
      "INSERT INTO doubts (channel, start, stop, flag, readings, tests, item) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ),
    give: database.prepare<[number, number, number]>("UPDATE doubts SET item = ? WHERE channel = ? AND start = ?"),
    letGo: database.prepare<[number, number, number, number]>(
      "UPDATE doubts SET item = NULL WHERE channel = ? AND start >= ? AND start < ? AND item = ?",
    ),
    make: database.prepare<[number, number, number, number, number, string]>(
      "INSERT INTO review_items (channel, start, stop, flag, readings, tests) VALUES (?, ?, ?, ?, ?, ?)",
    ),
    change: database.prepare<[number, number, number, number, string, number]>(
      "UPDATE review_items SET start = ?, stop = ?, flag = ?, readings = ?, tests = ? WHERE id = ?",
    ),
    drop: database.prepare<[number]>("DELETE FROM review_items WHERE id = ? AND state = 'open'"),
    settle: database.prepare<[string, string, number]>("UPDATE review_items SET state = ?, decision = ? WHERE id = ?"),
    note: database.prepare(
      `INSERT INTO air_audit (at, by, action, channel, start, stop, item, words, reason)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    audit: database.prepare<[number, number | null, number | null, number], AuditRow>(
      "SELECT * FROM air_audit WHERE id < ? AND (? IS NULL OR channel = ?) ORDER BY id DESC LIMIT ?",
    ),
    history: database.prepare<[number], AuditRow>("SELECT * FROM air_audit WHERE item = ? ORDER BY id DESC"),
  };
  const around = (channel: number, from: number, to: number): Stored[] =>
    sql.around.all(channel, from - longest - daySpan, to, from);

  return {
    item(id) {
      const row = sql.item.get(id);
      return row && itemOf(row);
    },
    list({ state, channels, limit }) {
      const states = { open: ["open"], decided: ["accepted", "overridden"], all: ["open", "accepted", "overridden"] };
      const only = channels ? JSON.stringify(channels) : null;
      return sql.list.all(JSON.stringify(states[state]), only, only, limit).map(itemOf);
    },
    countOpen(channels) {
      const only = channels ? JSON.stringify(channels) : null;
      return sql.open.get(only, only) ?? 0;
    },
    decided: (channel, from, to) =>
      around(channel, from, to).filter((i) => i.state !== "open" && i.start < to && i.stop > from),
    openIn: (channel, from, to) =>
      around(channel, from, to).filter((i) => i.state === "open" && i.start < to && i.stop > from).length,
    doubtsOf: ({ id, channel, from, to }) => sql.doubts.all(channel, from, to).filter((d) => d.item === id),
    putDoubts(channel, hour, end, doubts, settled) {
      const before = sql.doubts.all(channel, hour, end);
      const texts = doubts.map((d) => JSON.stringify(d.tests));
      const isSettled = (d: Doubt): boolean => settled.some((s) => s.start <= d.start && s.stop >= d.stop);
      const same =
        before.length === doubts.length &&
        doubts.every((d, i) => {
          const b = before[i];
          return b?.start === d.start && b.stop === d.stop && b.flag === d.flag && b.tests === texts[i];
        });
      if (same) return false;
      sql.dropDoubts.run(channel, hour, end);
      for (const [i, d] of doubts.entries())
        sql.addDoubt.run(channel, d.start, d.stop, d.flag, d.readings, texts[i]!, isSettled(d) ? null : 0);
      return true;
    },
    regroup(channel, from, to) {
      const near = around(channel, from - together, to + together);
      const open = near.filter((i) => i.state === "open");
      const settled = near.filter((i) => i.state !== "open");
      const low = Math.min(from, ...open.map((i) => i.start));
      const high = Math.max(to, ...open.map((i) => i.stop));
      const rows = sql.doubts.all(channel, low, high).filter((d) => d.item !== null);
      const free = new Set([...open.map((i) => i.id), ...rows.flatMap((d) => (d.item ? [d.item] : []))]);
      for (const group of groupsOf(rows, settled)) {
        const first = group[0]!;
        const tests = tally(group.flatMap((d) => JSON.parse(d.tests) as TestVerdict[]));
        const values = [
          first.start,
          group.at(-1)!.stop,
          Math.max(...group.map((d) => d.flag)),
          group.reduce((sum, d) => sum + d.readings, 0),
          JSON.stringify(tests),
        ] as const;
        const kept = group.map((d) => d.item).find((id) => id !== null && id > 0 && free.has(id));
        if (kept) sql.change.run(...values, kept);
        const id = kept ?? Number(sql.make.run(channel, ...values).lastInsertRowid);
        free.delete(id);
        for (const d of group) if (d.item !== id) sql.give.run(id, channel, d.start);
      }
      for (const id of free) sql.drop.run(id);
    },
    settle({ id, channel, from, to }, state, decision) {
      sql.settle.run(state, JSON.stringify(decision), id);
      sql.letGo.run(channel, from, to, id);
    },
    note({ at, by, action, channel, from, to, words, reason }, item) {
      const row = [at, by, action, channel ?? null, from ?? null, to ?? null, item ?? null, words, reason ?? null];
      return Number(sql.note.run(...row).lastInsertRowid);
    },
    audit: ({ channel, before = Number.MAX_SAFE_INTEGER, limit }) =>
      sql.audit.all(before, channel ?? null, channel ?? null, limit).map(entryOf),
    history: (item) => sql.history.all(item).map(entryOf),
  };
}

/** Doubts that follow one another without a pause, and without anything decided between them. */
function groupsOf(rows: readonly DoubtRow[], settled: readonly Span[]): DoubtRow[][] {
  const groups: DoubtRow[][] = [];
  let readings = 0;
  for (const row of rows) {
    const group = groups.at(-1);
    const [first, last] = [group?.[0], group?.at(-1)];
    const goesOn =
      first !== undefined &&
      last !== undefined &&
      (group?.length ?? 0) < mostDoubts &&
      row.start - last.stop <= together &&
      row.stop - first.start <= longest &&
      readings + row.readings <= mostReadings &&
      !settled.some((s) => s.start < row.start && s.stop > last.start);
    readings = (goesOn ? readings : 0) + row.readings;
    if (goesOn) group?.push(row);
    else groups.push([row]);
  }
  return groups;
}

function itemOf({ start, stop, tests, decision, ...row }: Stored): ReviewRow {
  return {
    ...row,
    from: start as Instant,
    to: stop as Instant,
    tests: JSON.parse(tests) as ReviewItem["tests"],
    ...(decision !== null && { decision: JSON.parse(decision) as NonNullable<ReviewItem["decision"]> }),
  } as ReviewRow;
}

type AuditRow = {
  id: number;
  at: number;
  by: string;
  action: string;
  channel: number | null;
  start: number | null;
  stop: number | null;
  words: string;
  reason: string | null;
};
const entryOf = ({ id, at, by, action, channel, start, stop, words, reason }: AuditRow): AirAuditEntry =>
  ({
    id,
    at,
    by,
    action,
    ...(channel !== null && { channel }),
    ...(start !== null && { from: start }),
    ...(stop !== null && { to: stop }),
    words,
    ...(reason !== null && { reason }),
  }) as AirAuditEntry;
