import type { Metric } from "@openkerb/contract";
import type { Database } from "./database.ts";
import { meanOf, type Rollup } from "./reading-rollup.ts";
import { rollupStep } from "./reading-rows.ts";
import { hourSpan } from "./store.ts";

/** Part of an hour that valid readings must cover before its mean is used: 45 minutes, as the laws ask. */
export const enough = 0.75;

/** An hour as it is stored now; `mean` only when enough of it was measured. */
export type MeasuredHour = {
  readonly at: number;
  readonly covered: number;
  readonly total: number;
  readonly mean: number | undefined;
};

/** Reads the hours of a channel that have readings, oldest first; `to` is not included. */
export function hourReader(
  database: Database,
): (channel: number, metric: Metric, from: number, to: number) => MeasuredHour[] {
  const rows = database.prepare<[number, number], Rollup & { id: number }>(
    "SELECT * FROM hour_rollups WHERE id >= ? AND id < ? ORDER BY id",
  );
  const idOf = (channel: number, at: number) => channel * rollupStep + Math.ceil(Math.max(0, at) / hourSpan);
  return (channel, metric, from, to) =>
    rows.all(idOf(channel, from), idOf(channel, to)).map((row) => ({
      at: (row.id % rollupStep) * hourSpan,
      covered: row.covered,
      total: row.total,
      mean: row.covered >= enough * hourSpan ? meanOf(row, metric) : undefined,
    }));
}
