import type { Database } from "./database.ts";
import { rollupStep } from "./reading-rows.ts";
import { hourSpan } from "./store.ts";

/** One hour of a channel with its score: 0 usual, towards 1 never seen; undefined where too little was measured. */
export type HourScore = {
  readonly at: number;
  readonly score: number | undefined;
  /** Of the rollup when it was scored. */
  readonly covered: number;
  readonly total: number;
};

const idOf = (channel: number, at: number): number => channel * rollupStep + Math.ceil(at / hourSpan);

/** Reads scores; a connection that can only read will do. */
export function scoreReader(database: Database): {
  /** Scored hours from `from` to `to` (not included), oldest first. */
  scores(channel: number, from: number, to: number): HourScore[];
  /** Start of the first hour from `from` to before `end` whose readings are other than those it was scored by. */
  outOfDate(channel: number, from: number, end: number): number | undefined;
} {
  const between = database.prepare<
    [number, number],
    { id: number; score: number | null; covered: number; total: number }
  >("SELECT id, score, covered, total FROM air_scores WHERE id >= ? AND id < ? ORDER BY id");
  const first = database
    .prepare<[number, number], number>(
      `SELECT r.id FROM hour_rollups r LEFT JOIN air_scores s ON s.id = r.id
       WHERE r.id >= ? AND r.id < ? AND (s.id IS NULL OR s.covered != r.covered OR s.total != r.total)
       ORDER BY r.id LIMIT 1`,
    )
    .pluck();
  return {
    scores: (channel, from, to) =>
      between.all(idOf(channel, from), idOf(channel, to)).map(({ id, score, covered, total }) => ({
        at: (id % rollupStep) * hourSpan,
        score: score ?? undefined,
        covered,
        total,
      })),
    outOfDate(channel, from, end) {
      const id = first.get(idOf(channel, from), idOf(channel, end));
      return id === undefined ? undefined : (id % rollupStep) * hourSpan;
    },
  };
}

/** Writes scores of a channel in one transaction. */
export function scoreWriter(database: Database): (channel: number, scores: readonly HourScore[]) => void {
  const put = database.prepare("INSERT OR REPLACE INTO air_scores (id, covered, total, score) VALUES (?, ?, ?, ?)");
  return database.transaction((channel: number, scores: readonly HourScore[]) => {
    for (const { at, covered, total, score } of scores) put.run(idOf(channel, at), covered, total, score ?? null);
  });
}
