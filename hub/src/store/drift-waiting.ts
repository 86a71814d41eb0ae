import type { Database } from "./database.ts";
import { rollupStep } from "./reading-rows.ts";

/** Days (numbers since 1970, both included) in which the drift of a channel is to be judged anew. */
export type DriftDays = { readonly channel: number; readonly first: number; readonly last: number };

/** Drift looks back on two months of days: when one of them comes late, the judgement of those after it may change. */
export type DriftWaiting = {
  add(days: DriftDays): void;
  next(): DriftDays | undefined;
  /** These days are judged, up to but not with `to`, unless more were added meanwhile. */
  done(days: DriftDays, to: number): void;
  /** Has all hours of a day tested again. */
  testAgain(channel: number, day: number): void;
};

export function driftWaiting(database: Database): DriftWaiting {
  const put = database.prepare<[number, number, number]>(
    `INSERT INTO drift_waiting (channel, first, last) VALUES (?, ?, ?) ON CONFLICT DO UPDATE
     SET first = min(first, excluded.first), last = max(last, excluded.last)`,
  );
  const one = database.prepare<[], DriftDays>("SELECT * FROM drift_waiting ORDER BY channel LIMIT 1");
  const drop = database.prepare<[number, number, number]>(
    "DELETE FROM drift_waiting WHERE channel = ? AND first = ? AND last < ?",
  );
  const move = database.prepare<[number, number, number]>(
    "UPDATE drift_waiting SET first = ? WHERE channel = ? AND first = ?",
  );
  const wait = database.prepare<[number, number]>(
    "INSERT OR IGNORE INTO quality_waiting SELECT id, 0 FROM hour_rollups WHERE id >= ? AND id < ?",
  );
  return {
    add: ({ channel, first, last }) => void put.run(channel, first, last),
    next: () => one.get(),
    done({ channel, first }, to) {
      if (drop.run(channel, first, to).changes === 0) move.run(to, channel, first);
    },
    testAgain(channel, day) {
      const first = channel * rollupStep + day * 24;
      wait.run(first, first + 24);
    },
  };
}
