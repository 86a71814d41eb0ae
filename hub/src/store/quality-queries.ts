import type { QualityFlag } from "@openkerb/contract";
import { channelPair } from "../air/qartod/channel-pair.ts";
import { drift } from "../air/qartod/drift.ts";
import { neighbours } from "../air/qartod/neighbours.ts";
import { median } from "../air/qartod/series.ts";
import { type Doubt, doubtsOf, type HourVerdict, lookAhead, lookBack } from "../quality/doubts.ts";
import type { MetricTests } from "../quality/settings.ts";
import type { Database } from "./database.ts";
import { effectiveFlag } from "./reading-flags.ts";
import { flagReader } from "./reading-overlay.ts";
import { countOf, meanOf, type Rollup } from "./reading-rollup.ts";
import { rollupStep } from "./reading-rows.ts";
import { plainReadings } from "./reading-source.ts";
import { daySpan, hourSpan } from "./store.ts";

/** Which hours of a channel to test, with what, and which channels to compare them with. */
export type QualityOrder = {
  readonly channel: number;
  /** Starts of hours, oldest first. */
  readonly hours: readonly number[];
  readonly tests: MetricTests;
  readonly scale: number;
  /** The same metric at other places within reach. */
  readonly neighbours: readonly number[];
  /** Other sensors of the same metric at the place. */
  readonly pair: readonly number[];
  /** Where something was decided before: times at which a stretch must end. */
  readonly cuts: readonly number[];
  /** After so many readings no further hour is begun, but this one is always reached. */
  readonly most: number;
  readonly first: number;
};

/** A day whose drift is to be judged, with how it is tested and what it is compared with. */
export type DriftDay = Pick<QualityOrder, "channel" | "tests" | "scale" | "neighbours"> & { readonly day: number };

/** One hour after its tests. */
export type TestedHour = {
  readonly hour: number;
  /** Readings ever added to it, and those still there: fewer when raw ones were deleted. */
  readonly count: number;
  readonly raw: number;
  readonly doubts: readonly Doubt[];
};

/** A reading with what was said of it. */
export type ReviewedReading = {
  readonly at: number;
  readonly value: number;
  readonly device: QualityFlag;
  /** 2 when no test has looked at it yet. */
  readonly tests: QualityFlag;
  readonly effective: QualityFlag;
};

export type QualityQueries = {
  testHours(order: QualityOrder): TestedHour[];
  /** Days (numbers since 1970) of these whose drift is judged otherwise now than when their hours were tested. */
  driftTurned(days: readonly DriftDay[]): number[];
  /** Readings from `from` to before `to`; of more than `most` every second, third … one. */
  reviewed(channel: number, from: number, to: number, most: number): ReviewedReading[];
};

/** Days over which drift is watched, and over which a difference is taken. */
export const driftDays = 60;
const driftWindow = 7;

/** Runs the tests of quality. Reads only; what comes of it is another's to write. */
export function qualityQueries(database: Database): QualityQueries {
  const readings = plainReadings(database);
  const rollup = {
    hour: database.prepare<[number, number], Rollup & { id: number }>(
      "SELECT * FROM hour_rollups WHERE id >= ? AND id < ?",
    ),
    day: database.prepare<[number, number], Rollup & { id: number }>(
      "SELECT * FROM day_rollups WHERE id >= ? AND id < ?",
    ),
  };
  const hourBefore = database
    .prepare<[number, number], number | null>("SELECT max(id) FROM hour_rollups WHERE id >= ? AND id < ?")
    .pluck();
  /** Means of hours or days, by their start. Levels and directions are never compared, so that the plain mean does. */
  const means = (
    span: "hour" | "day",
    channel: number,
    from: number,
    to: number,
    scale: number,
  ): Map<number, number> => {
    const width = span === "hour" ? hourSpan : daySpan;
    const base = channel * rollupStep;
    const found = new Map<number, number>();
    for (const row of rollup[span].all(base + Math.floor(from / width), base + Math.ceil(to / width))) {
      const mean = row.covered >= width / 2 ? meanOf(row, "pm25") : undefined;
      if (mean !== undefined) found.set((row.id % rollupStep) * width, mean * scale);
    }
    return found;
  };

  const drifting = (order: Omit<DriftDay, "day">, day: number): HourVerdict[] => {
    const { tests, channel, scale } = order;
    if (!tests.drift || order.neighbours.length < (tests.neighbours?.least ?? 2)) return [];
    const from = Math.max(0, day - driftDays * daySpan);
    const own = means("day", channel, from, day, scale);
    const others = order.neighbours.map((id) => means("day", id, from, day, scale));
    const times = [...own.keys()].sort((a, b) => a - b);
    // Yesterday must be there, or the last difference would be an old one.
    if (times.at(-1) !== day - daySpan) return [];
    const reference = times.map((at) => {
      const seen = others.flatMap((o) => o.get(at) ?? []);
      return seen.length < (tests.neighbours?.least ?? 2) ? undefined : median(seen);
    });
    const flags = drift({ times, values: times.map((at) => own.get(at)) }, reference, driftWindow * 86_400, {
      ...tests.drift,
      least: 5,
    });
    const flag = flags.at(-1);
    return flag === 3 || flag === 4 ? [{ test: "drift", flag }] : [];
  };

  /** What comparing with others says of whole hours. */
  const compared = (order: QualityOrder, hours: readonly number[]): Map<number, HourVerdict[]> => {
    const { tests, channel, scale } = order;
    const [from, to] = [hours[0]!, hours.at(-1)! + hourSpan];
    const verdicts = new Map<number, HourVerdict[]>(hours.map((at) => [at, []]));
    const own = means("hour", channel, from, to, scale);
    const series = { times: hours, values: hours.map((at) => own.get(at)) };
    const column = (id: number): (number | undefined)[] => {
      const other = means("hour", id, from, to, scale);
      return hours.map((at) => other.get(at));
    };
    const note = (test: string, flags: readonly number[]): void =>
      flags.forEach((flag, i) => {
        if (flag === 3 || flag === 4) verdicts.get(hours[i]!)!.push({ test, flag });
      });
    if (tests.neighbours && order.neighbours.length > 0)
      note("neighbours", neighbours(series, order.neighbours.map(column), tests.neighbours));
    if (tests.pair)
      // Nobody knows which of two is right, so that a disagreement makes both suspect and not bad.
      for (const id of order.pair)
        note(
          "channel_pair",
          channelPair(series, column(id), tests.pair).map((f) => (f === 4 ? 3 : f)),
        );
    const days = new Map<number, HourVerdict[]>();
    for (const at of hours) {
      const day = at - (at % daySpan);
      if (!days.has(day)) days.set(day, drifting(order, day));
      verdicts.get(at)!.push(...days.get(day)!);
    }
    return verdicts;
  };

  const testRun = (
    order: QualityOrder,
    hours: readonly number[],
    counts: ReadonlyMap<number, number>,
  ): TestedHour[] => {
    const { channel, tests, scale } = order;
    const [first, end] = [hours[0]!, hours.at(-1)! + hourSpan];
    const from = Math.max(0, first - lookBack(tests));
    const window = readings(channel, from, end + lookAhead);
    const base = channel * rollupStep;
    const last = hourBefore.get(base, base + Math.floor(from / hourSpan));
    const before = typeof last === "number" ? ((last % rollupStep) + 1) * hourSpan - 1 : undefined;
    const found = doubtsOf(window, hours, tests, { scale, before, verdicts: compared(order, hours), cuts: order.cuts });
    return hours.map((at) => ({
      hour: at,
      count: counts.get(at) ?? 0,
      raw: window.filter((r) => r.at >= at && r.at < at + hourSpan).length,
      doubts: found.get(at) ?? [],
    }));
  };

  const testHours = database.transaction((order: QualityOrder): TestedHour[] => {
    const base = order.channel * rollupStep;
    const counts = new Map<number, number>();
    const runs: number[][] = [];
    const empty: TestedHour[] = [];
    let readings = 0;
    for (const at of order.hours) {
      if (readings > order.most && at > order.first) break;
      const id = base + at / hourSpan;
      const [row] = rollup.hour.all(id, id + 1);
      const count = row ? countOf(row) : 0;
      if (count === 0) {
        empty.push({ hour: at, count, raw: 0, doubts: [] });
        continue;
      }
      readings += count;
      counts.set(at, count);
      const run = runs.at(-1);
      if (run && run.at(-1) === at - hourSpan) run.push(at);
      else runs.push([at]);
    }
    return [...empty, ...runs.flatMap((run) => testRun(order, run, counts))];
  });
  // One transaction, so that counts and readings are of one moment.
  const waits = database.prepare<[number], number>("SELECT 1 FROM quality_waiting WHERE id = ?").pluck();
  const flags = flagReader(database);
  const doubtedFor = database.prepare<[number, number, number], { flag: QualityFlag; tests: string }>(
    "SELECT flag, tests FROM doubts WHERE channel = ? AND start >= ? AND start < ? AND tests LIKE '%\"drift\"%'",
  );
  const driftOf = (channel: number, day: number): QualityFlag | undefined =>
    doubtedFor
      .all(channel, day, day + daySpan)
      .flatMap(({ tests }) => (JSON.parse(tests) as Doubt["tests"]).filter(({ test }) => test === "drift"))
      .map(({ flag }) => flag)[0];
  return {
    driftTurned: (days) =>
      days
        .filter((d) => drifting(d, d.day * daySpan)[0]?.flag !== driftOf(d.channel, d.day * daySpan))
        .map(({ day }) => day),
    testHours: (order) => testHours.deferred(order),
    reviewed(channel, from, to, most) {
      const all = readings(channel, from, to);
      const ranges = flags(channel, from, to);
      const [effective, doubted] = [effectiveFlag(ranges), effectiveFlag(ranges.filter((r) => r.decision === 0))];
      const waiting = new Map<number, boolean>();
      const isWaiting = (at: number): boolean => {
        const hour = channel * rollupStep + Math.floor(at / hourSpan);
        if (!waiting.has(hour)) waiting.set(hour, waits.get(hour) === 1);
        return waiting.get(hour) === true;
      };
      const nth = Math.max(1, Math.ceil(all.length / most));
      return all
        .filter((_, i) => i % nth === 0)
        .map(({ at, value, quality }) => ({
          at,
          value,
          device: quality,
          tests: isWaiting(at) ? 2 : doubted(at, 1),
          effective: effective(at, quality),
        }));
    },
  };
}
