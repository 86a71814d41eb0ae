import type { Database } from "./database.ts";

/** A stretch of time; `to` is not included. */
export type CorrectedSpan = { readonly from: number; readonly to: number };

/**
 * When a correction of the hub was in force that made hours of a channel, as far as they are made; nothing for any other
 * channel. No two corrections of one raw channel are in force at one time.
 */
export function correctionSpans(database: Database): (gives: number) => CorrectedSpan[] {
  const all = database.prepare<[number], CorrectedSpan>(
    `SELECT start AS "from", min(ifnull(stop, derived), derived) AS "to" FROM correction_uses
     WHERE gives = ? ORDER BY start`,
  );
  return (gives) => all.all(gives).filter(({ from, to }) => from < to);
}
