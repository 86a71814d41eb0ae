import { hours, type Instant, type Millis } from "@openkerb/contract";
import type { Database } from "./database.ts";

/** The wall clock as it is, and the one it should be by what was known before. */
export type ClockSight =
  | { readonly kind: "plausible"; readonly now: Instant }
  | { readonly kind: "ahead"; readonly now: Instant; readonly expected: Instant };

/**
 * Whether the wall clock may say what is too old. A clock that was set far ahead would have everything deleted at
 * once, and a deletion cannot be taken back.
 */
export type RetentionClock = {
  look(): ClockSight;
  /** A person says that the wall clock is right. */
  confirm(): void;
};

/** So far the clock may be ahead without a question: a hub that was off over a weekend is nothing strange. */
const usualLeap = hours(48);
/** A clock that is behind for so long is the right one, and what was believed before was ahead. */
const settling = hours(24);

/** Leaps beyond this are asked about; with a short memory even a short leap would be a large part of it. */
export const leapOf = (shortestKept: Millis): Millis => Math.min(usualLeap, shortestKept / 10) as Millis;

/**
 * The last believed time lies in the database, moves with a clock that nobody can set while the hub runs, and begins
 * with the newest thing received. So a leap is seen while running, over a restart, and with an older copy put back.
 */
export function retentionClock(
  database: Database,
  { now, steady, leap }: { readonly now: () => Instant; readonly steady: () => number; readonly leap: Millis },
): RetentionClock {
  const read = database.prepare<[], number>("SELECT value FROM counters WHERE name = 'believed-time'").pluck();
  const write = database.prepare<[number]>(
    "INSERT INTO counters (name, value) VALUES ('believed-time', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
  );
  const newest = database
    .prepare<[], number | null>(
      `SELECT max(at) FROM (SELECT max(heard) AS at FROM devices UNION ALL SELECT max(since) FROM devices
         UNION ALL SELECT * FROM (SELECT received FROM events ORDER BY id DESC LIMIT 1))`,
    )
    .pluck();
  let anchor = { wall: read.get() ?? newest.get() ?? now(), steady: steady() };
  let behindSince: number | undefined;

  const believe = (wall: Instant): void => {
    anchor = { wall, steady: steady() };
    behindSince = undefined;
    write.run(wall);
  };
  return {
    look() {
      const wall = now();
      const here = steady();
      const expected = Math.round(anchor.wall + here - anchor.steady) as Instant;
      if (wall - expected > leap) {
        behindSince = undefined;
        return { kind: "ahead", now: wall, expected };
      }
      if (expected - wall <= leap) believe(wall);
      else {
        // Deleting by a clock that is behind is harmless; a box without a battery for it begins every start so.
        behindSince ??= here;
        if (here - behindSince >= settling) believe(wall);
      }
      return { kind: "plausible", now: wall };
    },
    confirm: () => believe(now()),
  };
}
