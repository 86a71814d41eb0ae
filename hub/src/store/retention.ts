import type { Instant } from "@openkerb/contract";
import type { Database } from "./database.ts";
import { readingSweeper } from "./reading-retention.ts";
import { daySpan } from "./store.ts";

/** Deletes in small steps, so that the flow never waits long for the broom. */
const step = 1000;

/** One step of deleting what is too old; true while there may be more. */
export function sweeper(
  database: Database,
): (keep: { events: Instant; minutes: Instant; readings?: Instant }) => boolean {
  const sweepReadings = readingSweeper(database);
  // Ids follow the time of arrival, so that the oldest events are always the first rows.
  const lastOldEvent = database
    .prepare<[number, number], number | null>(
      "SELECT max(id) FROM (SELECT id, received FROM events ORDER BY id LIMIT ?) WHERE received < ?",
    )
    .pluck();
  const dropEvents = database.prepare<[number]>("DELETE FROM events WHERE id <= ?");
  const dropAside = database.prepare<[number]>(
    `DELETE FROM set_aside WHERE (stream, sequence) IN
       (SELECT stream, sequence FROM set_aside WHERE received < ? LIMIT ${step})`,
  );
  const oldestMinute = database.prepare<[number], { camera: number; span: number; start: number }>(
    `SELECT c.id AS camera, k.span, w.start FROM cameras c JOIN (SELECT 60000 AS span UNION SELECT 3600000) k
     JOIN watched w ON w.camera = c.id AND w.span = k.span
       AND w.start = (SELECT min(start) FROM watched WHERE camera = c.id AND span = k.span)
     WHERE w.start < ? LIMIT 1`,
  );
  const dropMinutes = ["watched", "line_counts", "zone_counts"].map((table) =>
    database.prepare<[number, number, number]>(`DELETE FROM ${table} WHERE camera = ? AND span = ? AND start < ?`),
  );
  return database.transaction(
    ({ events, minutes, readings = minutes }: { events: Instant; minutes: Instant; readings?: Instant }) => {
      let more = sweepReadings(readings);
      const last = lastOldEvent.get(step, events);
      if (typeof last === "number") more = dropEvents.run(last).changes >= step;
      if (dropAside.run(events).changes >= step) more = true;
      const oldest = oldestMinute.get(minutes);
      if (oldest) {
        for (const drop of dropMinutes) drop.run(oldest.camera, oldest.span, Math.min(minutes, oldest.start + daySpan));
        more = true;
      }
      return more;
    },
  );
}
