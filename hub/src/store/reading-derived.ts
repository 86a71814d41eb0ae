import type { Metric, Sentence } from "@openkerb/contract";
import { calibrated, correctedHour } from "../air/corrected-hour.ts";
import type { Database } from "./database.ts";
import type { RollupRows } from "./reading-recompute.ts";
import { addReading, meanOf, noReadings, type Rollup } from "./reading-rollup.ts";
import { rollupStep } from "./reading-rows.ts";
import { hourSpan } from "./store.ts";
import type { Words } from "./words.ts";

export type CorrectionRow = {
  readonly id: number;
  readonly channel: number;
  readonly gives: number;
  readonly humidity: number | null;
  readonly correction: string;
  readonly source: Sentence;
  readonly input: "cf1" | "atm" | "count03" | null;
  readonly gain: number | null;
  readonly offset: number | null;
  readonly start: number;
  readonly stop: number | null;
  readonly derived: number;
  readonly by: string;
  readonly at: number;
};

/** `derived` of a use that is made up to now and follows every change. */
export const followsAll = 2 ** 52;

/** Corrected hours: made from raw hours in the transaction that changes those. */
export type DerivedHours = {
  /** Hours (ids as in hour_rollups) changed: makes what is corrected from them, and tells which hours that is. */
  changed(ids: Iterable<number>): number[];
  /** Makes up to `most` more hours of a use that is not made up to `now`; true while there are more. */
  catchUp(use: CorrectionRow, now: number, most: number): boolean;
  uses(): readonly CorrectionRow[];
  /** How many hours of a use are made, of those that were measured before `now`; undefined when it follows every change. */
  making(use: CorrectionRow, now: number): { readonly made: number; readonly of: number } | undefined;
  /** Takes away what was made of hours from `from` on. */
  drop(use: CorrectionRow, from: number): void;
  /** After a change of the uses, or a lost transaction. */
  forget(): void;
};

/** @param remade hears of hours that catching up made: they may have been there before, with other values */
export function derivedHours(
  database: Database,
  words: Words,
  rows: RollupRows,
  remade: (hours: readonly number[]) => void,
): DerivedHours {
  const all = database.prepare<[], CorrectionRow>("SELECT * FROM correction_uses ORDER BY id");
  const metric = database.prepare<[number], number>("SELECT metric FROM channels WHERE id = ?").pluck();
  const next = database
    .prepare<[number, number], number>("SELECT id FROM hour_rollups WHERE id >= ? AND id < ? ORDER BY id LIMIT 1")
    .pluck();
  const save = database.prepare<[number, number]>("UPDATE correction_uses SET derived = ? WHERE id = ?");
  let known: readonly CorrectionRow[] | undefined;
  let inputs: Map<number, CorrectionRow[]> | undefined;

  const uses = (): readonly CorrectionRow[] => {
    known ??= all.all();
    return known;
  };
  const usesOf = (channel: number): readonly CorrectionRow[] => {
    if (inputs === undefined) {
      inputs = new Map();
      for (const use of uses())
        for (const input of new Set([use.channel, use.humidity ?? use.channel]))
          inputs.set(input, [...(inputs.get(input) ?? []), use]);
    }
    return inputs.get(channel) ?? [];
  };
  const make = (use: CorrectionRow, at: number): void => {
    const raw = rows.hour(use.channel, at);
    if (raw === undefined) return;
    const name = words.text(metric.get(use.channel) ?? 0) as Metric;
    const mean = meanOf(raw, name);
    const moist = use.humidity === null ? undefined : rows.hour(use.humidity, at);
    const humidity = moist && meanOf(moist, "humidity");
    const value =
      mean === undefined
        ? undefined
        : use.gain !== null
          ? calibrated(mean, { gain: use.gain, offset: use.offset ?? 0 })
          : correctedHour(use.correction, use.input ?? undefined, mean, humidity);
    rows.putHour(use.gives, at, asHour(raw, name, value));
  };
  const applies = (use: CorrectionRow, at: number): boolean =>
    at >= use.start && at < (use.stop ?? Number.POSITIVE_INFINITY) && at < use.derived;

  return {
    uses,
    changed(ids) {
      const made = new Map<CorrectionRow, number[]>();
      for (const id of ids) {
        const at = (id % rollupStep) * hourSpan;
        for (const use of usesOf(Math.floor(id / rollupStep)))
          if (applies(use, at)) made.set(use, [...(made.get(use) ?? []), at]);
      }
      const changed: number[] = [];
      for (const [use, hours] of made) {
        for (const at of new Set(hours)) {
          make(use, at);
          changed.push(use.gives * rollupStep + at / hourSpan);
        }
        rows.addUpDays(use.gives, hours);
      }
      return changed;
    },
    catchUp(use, now, most) {
      const hours: number[] = [];
      const end = Math.min(use.stop ?? now, now);
      const base = use.channel * rollupStep;
      let from = Math.max(use.start, use.derived);
      while (hours.length < most && from < end) {
        const id = next.get(base + Math.ceil(from / hourSpan), base + Math.ceil(end / hourSpan));
        if (id === undefined) {
          from = end;
          break;
        }
        const at = (id % rollupStep) * hourSpan;
        make(use, at);
        hours.push(at);
        from = at + hourSpan;
      }
      rows.addUpDays(use.gives, hours);
      remade(hours.map((made) => use.gives * rollupStep + made / hourSpan));
      save.run(from >= end ? followsAll : from, use.id);
      known = undefined;
      inputs = undefined;
      return from < end;
    },
    making({ channel, start, stop, derived }, now) {
      if (derived >= followsAll) return undefined;
      const end = Math.max(start, Math.min(stop ?? now, now));
      return { made: rows.count(channel, start, derived), of: rows.count(channel, start, end) };
    },
    drop: ({ gives, stop }, from) => rows.drop(gives, from, stop ?? followsAll),
    forget() {
      known = undefined;
      inputs = undefined;
    },
  };
}

/**
 * An hour of corrected values is one value that covers what the valid raw readings cover. It is suspect when most of
 * those are, not evaluated when most of those are not, and missing where it cannot be made (no humidity, no valid one).
 */
function asHour(raw: Rollup, metric: Metric, value: number | undefined): Rollup {
  const hour = noReadings();
  if (value === undefined) return { ...hour, n9: 1 };
  const most = Math.max(raw.n1, raw.n2, raw.n3);
  const quality = raw.n3 === most ? 3 : raw.n2 === most ? 2 : 1;
  addReading(hour, metric, { value, quality, averaging: raw.covered });
  return hour;
}
