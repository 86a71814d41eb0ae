import type { Database } from "./database.ts";
import { rollupStep } from "./reading-rows.ts";
import { hourSpan } from "./store.ts";

/**
 * Hours of validations whose values changed after an officer stood for them, otherwise than by an officer's decision:
 * nobody has seen what they are now, so that they are provisional until somebody stands for them again.
 */
export type ValidationLapses = {
  /** @param hours that changed, ids as in hour_rollups */
  lapse(hours: Iterable<number>): void;
  /** After validations changed, or a lost transaction. */
  forget(): void;
};

export function validationLapses(database: Database): ValidationLapses {
  const ends = database.prepare<[], { channel: number; stop: number }>(
    "SELECT channel, max(stop) AS stop FROM validations WHERE withdrawn IS NULL GROUP BY channel",
  );
  const put = database.prepare<[number, number, number, number]>(
    `INSERT OR IGNORE INTO validation_lapses
     SELECT id, ? FROM validations WHERE channel = ? AND start < ? AND stop > ? AND withdrawn IS NULL`,
  );
  /** Nearly every reading is newer than whatever anybody stood for, and costs one look. */
  let last: Map<number, number> | undefined;
  return {
    lapse(hours) {
      last ??= new Map(ends.all().map(({ channel, stop }) => [channel, stop]));
      for (const hour of hours) {
        const channel = Math.floor(hour / rollupStep);
        const at = (hour % rollupStep) * hourSpan;
        if (at < (last.get(channel) ?? 0)) put.run(hour, channel, at + hourSpan, at);
      }
    },
    forget() {
      last = undefined;
    },
  };
}

/** Starts of the hours of a validation, from one time to before another, that it does not hold for any more. */
export function lapsedHours(database: Database): (validation: number, from: number, to: number) => number[] {
  const hours = database
    .prepare<[number], number>("SELECT hour FROM validation_lapses WHERE validation = ? ORDER BY hour")
    .pluck();
  return (validation, from, to) =>
    hours
      .all(validation)
      .map((hour) => (hour % rollupStep) * hourSpan)
      .filter((at) => at + hourSpan > from && at < to);
}
