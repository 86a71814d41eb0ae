import type { Metric } from "@openkerb/contract";
import type { Database } from "./database.ts";
import type { Overlay } from "./reading-overlay.ts";
import { addReading, addRollup, countOf, noReadings, type Rollup, rollupRow } from "./reading-rollup.ts";
import { rollupStep } from "./reading-rows.ts";
import { plainReadings } from "./reading-source.ts";
import { daySpan, hourSpan } from "./store.ts";

const marks = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

/** Hours and days of a channel as rows. */
export type RollupRows = {
  hour(channel: number, at: number): Rollup | undefined;
  putHour(channel: number, at: number, rollup: Rollup): void;
  /** Adds the days up anew in which these hours lie. */
  addUpDays(channel: number, hours: Iterable<number>): void;
  /** Takes away the hours from one time to before another, and makes their days anew. */
  drop(channel: number, from: number, to: number): void;
  /** How many hours there are from one time to before another. */
  count(channel: number, from: number, to: number): number;
};

export function rollupRows(database: Database): RollupRows {
  const hours = database.prepare<[number, number], Rollup & { id: number }>(
    "SELECT * FROM hour_rollups WHERE id >= ? AND id < ?",
  );
  const putHour = database.prepare(`INSERT OR REPLACE INTO hour_rollups VALUES (${marks})`);
  const putDay = database.prepare(`INSERT OR REPLACE INTO day_rollups VALUES (${marks})`);
  const dropHours = database.prepare<[number, number]>("DELETE FROM hour_rollups WHERE id >= ? AND id < ?");
  const dropDays = database.prepare<[number, number]>("DELETE FROM day_rollups WHERE id >= ? AND id < ?");
  const counted = database
    .prepare<[number, number], number>("SELECT count(*) FROM hour_rollups WHERE id >= ? AND id < ?")
    .pluck();
  const idOf = (channel: number, at: number): number => channel * rollupStep + Math.floor(at / hourSpan);
  const between = (channel: number, from: number, to: number, span: number): [number, number] => [
    channel * rollupStep + Math.min(rollupStep, Math.ceil(from / span)),
    channel * rollupStep + Math.min(rollupStep, Math.ceil(to / span)),
  ];
  const addUpDay = (channel: number, day: number): void => {
    const first = channel * rollupStep + day * 24;
    const sum = noReadings();
    for (const row of hours.iterate(first, first + 24)) addRollup(sum, row);
    putDay.run(...rollupRow(channel * rollupStep + day, sum));
  };
  return {
    hour(channel, at) {
      const id = idOf(channel, at);
      const row = hours.get(id, id + 1);
      if (row === undefined) return undefined;
      const { id: _, ...rollup } = row;
      return rollup;
    },
    putHour: (channel, at, rollup) => void putHour.run(...rollupRow(idOf(channel, at), rollup)),
    addUpDays(channel, changed) {
      for (const day of new Set([...changed].map((at) => Math.floor(at / daySpan)))) addUpDay(channel, day);
    },
    drop(channel, from, to) {
      dropHours.run(...between(channel, from, to, hourSpan));
      dropDays.run(...between(channel, from - (from % daySpan), to, daySpan));
      // Only the first and the last day can have hours left.
      for (const at of new Set([from, to].map((t) => t - (t % daySpan))))
        if (counted.get(...between(channel, at, at + daySpan, hourSpan))) addUpDay(channel, at / daySpan);
    },
    count: (channel, from, to) => counted.get(...between(channel, from, to, hourSpan)) ?? 0,
  };
}

/** What a recompute came to: `gone` are hours whose raw readings are not all there any more; they stay as they were. */
export type Recomputed = { readonly done: readonly number[]; readonly gone: readonly number[] };

/**
 * Makes hours of a channel anew from the raw readings and the flags they have now, and the days from the hours. An hour
 * is only touched when every reading that was ever added to it can still be read: nothing is forgotten by counting again.
 */
export function recomputer(
  database: Database,
  overlay: Pick<Overlay, "over">,
  rows: RollupRows,
): (channel: number, metric: Metric, hours: Iterable<number>) => Recomputed {
  const read = plainReadings(database);
  return (channel, metric, hours) => {
    const done: number[] = [];
    const gone: number[] = [];
    for (const at of hours) {
      const before = rows.hour(channel, at);
      if (before === undefined) continue;
      const readings = read(channel, at, at + hourSpan);
      if (readings.length !== countOf(before)) {
        gone.push(at);
        continue;
      }
      const flag = overlay.over(channel, at, at + hourSpan);
      const rollup = noReadings();
      for (const r of readings)
        addReading(rollup, metric, { value: r.value, averaging: r.averaging, quality: flag(r.at, r.quality) });
      rows.putHour(channel, at, rollup);
      done.push(at);
    }
    rows.addUpDays(channel, done);
    return { done, gone };
  };
}
