import type { Database } from "./database.ts";
import { blockStep } from "./reading-rows.ts";
import { daySpan, minuteSpan } from "./store.ts";

/** Blocks deleted at once: about two days of one series of minutes. */
const step = 50;

/**
 * Deletes a little of the raw readings older than `keep`; true while there may be more. Hours and days stay: they are
 * small, and a law asks for years.
 */
export function readingSweeper(database: Database): (keep: number) => boolean {
  const series = database.prepare<[number], number>("SELECT id FROM series WHERE id > ? ORDER BY id LIMIT 1").pluck();
  const drop = database.prepare<[number, number]>(
    `DELETE FROM reading_blocks WHERE id IN (SELECT id FROM reading_blocks WHERE id >= ? AND id < ? LIMIT ${step})`,
  );
  let last = 0;
  return (keep) => {
    // A block is dropped when all of it is old, and a block is never longer than an hour; a day more is no harm.
    const before = Math.max(0, Math.floor((keep - daySpan / 24) / minuteSpan));
    for (let looked = 0; looked < 200; looked++) {
      const id = series.get(last);
      if (id === undefined) {
        last = 0;
        return false;
      }
      const { changes } = drop.run(id * blockStep, id * blockStep + before);
      if (changes >= step) return true;
      last = id;
      if (changes > 0) return true;
    }
    return true;
  };
}
