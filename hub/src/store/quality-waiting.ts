import type { Database } from "./database.ts";
import { rollupStep } from "./reading-rows.ts";
import { hourSpan } from "./store.ts";

/** Hours of a channel that wait for their tests, oldest first; times are the starts of hours. */
export type WaitingHours = {
  readonly channel: number;
  readonly hours: readonly { readonly at: number; readonly own: boolean }[];
};

/** Which hours have readings that no test has looked at. Written in the transaction that stores the readings. */
export type QualityWaiting = {
  /** @param id as in hour_rollups */
  add(id: number): void;
  /** Hours whose neighbours changed; they need no telling on. */
  addBeside(channel: number, hour: number): void;
  /** Likewise the hours up to `span` after one that changed, and the next one there is: their tests look back. */
  addAfter(channel: number, hour: number, span: number): void;
  done(channel: number, hour: number): void;
  /** How many hours began to wait since the start: a flood of them means that a box catches up. */
  readonly added: number;
  /** Some hours of the next channel that has any that began before `before`; going round all of them. */
  next(before: number, most: number): WaitingHours | undefined;
  count(): number;
  forget(): void;
};

/** Hours known to wait are remembered up to this many, so that a minute's reading costs nothing. */
const remembered = 100_000;

export function qualityWaiting(database: Database): QualityWaiting {
  const put = database.prepare<[number]>(
    "INSERT INTO quality_waiting (id, own) VALUES (?, 1) ON CONFLICT DO UPDATE SET own = 1",
  );
  const beside = database.prepare<[number]>("INSERT OR IGNORE INTO quality_waiting (id, own) VALUES (?, 0)");
  const after = database.prepare<[number, number, number, number]>(
    `INSERT OR IGNORE INTO quality_waiting SELECT id, 0 FROM hour_rollups WHERE id > ? AND id <= ?
     UNION SELECT min(id), 0 FROM hour_rollups WHERE id > ? AND id < ? HAVING min(id) IS NOT NULL`,
  );
  const drop = database.prepare<[number]>("DELETE FROM quality_waiting WHERE id = ?");
  const first = database
    .prepare<[number, number], number>(
      `SELECT id FROM quality_waiting WHERE id >= ? AND id % ${rollupStep} < ? ORDER BY id LIMIT 1`,
    )
    .pluck();
  const some = database.prepare<[number, number, number], { id: number; own: number }>(
    "SELECT id, own FROM quality_waiting WHERE id >= ? AND id < ? ORDER BY id LIMIT ?",
  );
  const all = database.prepare<[], number>("SELECT count(*) FROM quality_waiting").pluck();
  const known = new Set<number>();
  const idOf = (channel: number, hour: number): number => channel * rollupStep + hour / hourSpan;
  let turn = 0;
  let added = 0;
  return {
    get added() {
      return added;
    },
    add(id) {
      if (known.has(id)) return;
      put.run(id);
      added++;
      if (known.size >= remembered) known.clear();
      known.add(id);
    },
    addBeside: (channel, hour) => void beside.run(idOf(channel, hour)),
    addAfter(channel, hour, span) {
      const id = idOf(channel, hour);
      after.run(id, id + Math.ceil(span / hourSpan), id, (channel + 1) * rollupStep);
    },
    done(channel, hour) {
      const id = idOf(channel, hour);
      drop.run(id);
      known.delete(id);
    },
    next(before, most) {
      const limit = Math.floor(before / hourSpan);
      const found = first.get(turn, limit) ?? first.get(0, limit);
      if (found === undefined) return undefined;
      const channel = Math.floor(found / rollupStep);
      turn = (channel + 1) * rollupStep;
      const rows = some.all(found, channel * rollupStep + limit, most);
      return { channel, hours: rows.map(({ id, own }) => ({ at: (id % rollupStep) * hourSpan, own: own === 1 })) };
    },
    count: () => all.get() ?? 0,
    forget: () => known.clear(),
  };
}
