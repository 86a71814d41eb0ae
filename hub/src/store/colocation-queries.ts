import type { Metric, Sentence } from "@openkerb/contract";
import { type Colocated, colocate } from "../air/colocation/colocate.ts";
import type { Reading } from "../air/colocation/pairs.ts";
import { readReferenceTable } from "../air/colocation/reference-table.ts";
import type { Pollutant } from "../air/concentration.ts";
import type { Database } from "./database.ts";
import { meanOf, type Rollup } from "./reading-rollup.ts";
import { rollupStep } from "./reading-rows.ts";
import { hourSpan } from "./store.ts";

export type ColocationQuestion = {
  readonly sensor: number;
  readonly metric: Metric;
  readonly reference: { readonly channel: number } | { readonly table: string };
  readonly from: number;
  readonly to: number;
  readonly pollutant?: Pollutant;
};
export type ColocationAnswer =
  | { readonly kind: "made"; readonly colocated: Colocated }
  | { readonly kind: "wrong"; readonly why: Sentence };

export type ColocationQueries = { colocated(question: ColocationQuestion): ColocationAnswer };

/** An hour counts when three quarters of it are covered by valid readings. */
const enough = 0.75 * hourSpan;

/** Compares hours of a channel with those of another or with a table; a long table takes a while. */
export function colocationQueries(database: Database): ColocationQueries {
  const rows = database.prepare<[number, number], Rollup & { id: number }>(
    "SELECT * FROM hour_rollups WHERE id >= ? AND id < ? ORDER BY id",
  );
  const hours = (channel: number, metric: Metric, from: number, to: number): Reading[] => {
    const base = channel * rollupStep;
    return rows
      .all(base + Math.ceil(from / hourSpan), base + Math.min(rollupStep, Math.ceil(to / hourSpan)))
      .filter((row) => row.covered >= enough)
      .map((row) => ({ at: (row.id % rollupStep) * hourSpan, value: meanOf(row, metric) }));
  };
  return {
    colocated({ sensor, metric, reference, from, to, pollutant }) {
      const own = hours(sensor, metric, from, to);
      if ("channel" in reference)
        return { kind: "made", colocated: colocate(own, hours(reference.channel, metric, from, to), pollutant) };
      const table = readReferenceTable(reference.table);
      if (table.kind === "wrong") return table;
      const within = table.readings.filter(({ at }) => at >= from && at < to);
      return { kind: "made", colocated: colocate(own, within, pollutant) };
    },
  };
}
