import type {
  DeviceId,
  Instant,
  Metric,
  Millis,
  Reading,
  ReferenceState,
  SensorId,
  Sequence,
  SiteId,
  Unit,
} from "@openkerb/contract";
import type { Database } from "./database.ts";
import { type Packed, unpack } from "./reading-block.ts";
import { type EffectiveFlag, effectiveFlag } from "./reading-flags.ts";
import { flagReader } from "./reading-overlay.ts";
import { addReading, meanOf, noReadings, type Rollup } from "./reading-rollup.ts";
import { blockStart, blockStep, rollupStep } from "./reading-rows.ts";
import { daySpan, hourSpan, minuteSpan } from "./store.ts";
import type { Words } from "./words.ts";

/** What one sensor measures at one place in one unit. The id is kept for ever. */
export type Channel = {
  readonly id: number;
  readonly site: SiteId;
  readonly device: DeviceId;
  readonly sensor: SensorId;
  readonly metric: Metric;
  readonly unit: Unit;
  readonly reference?: ReferenceState;
  readonly correction?: string;
};

/** A raw reading as it was stored; an hour of a channel whose corrected values the hub made itself. */
export type StoredReading = {
  readonly series: number;
  readonly sequence: Sequence;
  readonly at: Instant;
  readonly averaging: Millis;
  /** NaN in an hour that has no corrected value. */
  readonly value: number;
  /** What it is worth after the hub's tests and what officers decided. */
  readonly quality: Reading["quality"];
  /** The flag its device gave it. */
  readonly device: Reading["quality"];
  readonly clock: Reading["clock"];
  readonly received: Instant;
};

/** How many readings of each flag. */
export type FlagCounts = Readonly<Record<"1" | "2" | "3" | "4" | "9", number>>;

export type ReadingBin = {
  readonly from: Instant;
  readonly span: Millis;
  /** Of flags 1, 2 and 3; absent when there is none. Levels by energy, wind directions as arrows. */
  readonly mean?: number;
  readonly min?: number;
  readonly max?: number;
  /** Part of the bin that valid readings cover. */
  readonly coverage: number;
  readonly flags: FlagCounts;
};

export type ChannelState = {
  readonly channel: Channel;
  /** Start of the first hour kept. */
  readonly first?: Instant;
  readonly count: number;
  readonly latest?: StoredReading;
};

export type ChartQuery = {
  readonly site?: SiteId;
  readonly device?: DeviceId;
  readonly sensor?: SensorId;
  readonly metric: Metric;
  readonly from: Instant;
  readonly to: Instant;
  /** The most bins of one line. */
  readonly points: number;
};
export type ChartLine = { readonly channel: Channel; readonly bins: readonly ReadingBin[] };

export type ReadingPage = {
  readonly channel: number;
  /** Both ends meant. */
  readonly from: Instant;
  readonly to: Instant;
  readonly limit: number;
  readonly skip: number;
  readonly newestFirst: boolean;
};

export type ReadingQueries = {
  channels(): Channel[];
  channelStates(): ChannelState[];
  /** Lines of a chart from readings, hours or days, whichever answers soon: what is stored beyond does not matter. */
  chart(query: ChartQuery): ChartLine[];
  /** Hours or days (UTC) of a channel that have readings, oldest first; `to` is not included. */
  rollups(channel: number, span: "hour" | "day", from: Instant, to: Instant): ReadingBin[];
  readings(page: ReadingPage): StoredReading[];
};

/** The last hour that a rollup can be of. */
const latestHour = (rollupStep - 1) * hourSpan;
/** An hour of corrected values is one value with one flag. */
const flagOf = ({ n1, n2, n3, n4 }: Rollup): Reading["quality"] =>
  n1 > 0 ? 1 : n2 > 0 ? 2 : n3 > 0 ? 3 : n4 > 0 ? 4 : 9;

/** Up to these lengths a chart is made of readings, of hours; beyond of days. */
const longestRaw = 2 * daySpan;
const longestHours = 400 * daySpan;

export function readingQueries(database: Database, words: Words): ReadingQueries {
  type ChannelRow = Record<
    "id" | "site" | "device" | "sensor" | "metric" | "unit" | "reference" | "correction",
    number
  >;
  const allChannels = database.prepare<[], ChannelRow>("SELECT * FROM channels ORDER BY id");
  const seriesOf = database.prepare<[number], { id: number; averaging: number }>(
    "SELECT id, averaging FROM series WHERE channel = ?",
  );
  const blocks = database.prepare<[number, number], { id: number; body: Buffer }>(
    "SELECT id, body FROM reading_blocks WHERE id >= ? AND id < ? ORDER BY id",
  );
  const lastBlock = database.prepare<[number, number], { id: number; body: Buffer }>(
    "SELECT id, body FROM reading_blocks WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT 1",
  );
  const nextId = database
    .prepare<[number, number], number | null>("SELECT min(id) FROM reading_blocks WHERE id >= ? AND id < ?")
    .pluck();
  const priorId = database
    .prepare<[number, number], number | null>("SELECT max(id) FROM reading_blocks WHERE id >= ? AND id < ?")
    .pluck();
  const counted = database
    .prepare<[number, number], number | null>("SELECT sum(count) FROM reading_blocks WHERE id >= ? AND id < ?")
    .pluck();
  const rows = {
    hour: database.prepare<[number, number], Rollup & { id: number }>(
      "SELECT * FROM hour_rollups WHERE id >= ? AND id < ? ORDER BY id",
    ),
    day: database.prepare<[number, number], Rollup & { id: number }>(
      "SELECT * FROM day_rollups WHERE id >= ? AND id < ? ORDER BY id",
    ),
  };
  // Put together in SQL: a year of hours is then some hundred rows and not nine thousand.
  const added = (table: string) =>
    database.prepare<[number, number, number, number], Rollup & { bin: number }>(
      `SELECT (id - CAST(? AS INTEGER)) / CAST(? AS INTEGER) AS bin, sum(n1) AS n1, sum(n2) AS n2, sum(n3) AS n3,
         sum(n4) AS n4, sum(n9) AS n9, sum(covered) AS covered, sum(total) AS total, sum(side) AS side,
         min(least) AS least, max(most) AS most
       FROM ${table} WHERE id >= ? AND id < ? GROUP BY bin ORDER BY bin`,
    );
  const sums = { hour: added("hour_rollups"), day: added("day_rollups") };
  const hourPage = (order: string) =>
    database.prepare<[number, number, number, number], Rollup & { id: number }>(
      `SELECT * FROM hour_rollups WHERE id >= ? AND id < ? ORDER BY id ${order} LIMIT ? OFFSET ?`,
    );
  const pageOn = hourPage("");
  const pageBack = hourPage("DESC");
  const firstHour = database
    .prepare<[number, number], number | null>("SELECT min(id) FROM hour_rollups WHERE id >= ? AND id < ?")
    .pluck();
  const totalCount = database
    .prepare<[number, number], number | null>(
      "SELECT sum(n1 + n2 + n3 + n4 + n9) FROM day_rollups WHERE id >= ? AND id < ?",
    )
    .pluck();

  const channels = (): Channel[] =>
    allChannels.all().map((row) => {
      const reference = words.text(row.reference);
      const correction = words.text(row.correction);
      return {
        id: row.id,
        site: words.text(row.site) as SiteId,
        device: words.text(row.device) as DeviceId,
        sensor: words.text(row.sensor) as SensorId,
        metric: words.text(row.metric) as Metric,
        unit: words.text(row.unit) as Unit,
        ...(reference !== "" && { reference: reference as ReferenceState }),
        ...(correction !== "" && { correction }),
      };
    });

  type Owner = { readonly id: number; readonly averaging: number };
  const flags = flagReader(database);
  const flagsOver = (channel: number, from: number, to: number): EffectiveFlag =>
    effectiveFlag(flags(channel, from, to));
  const stored = ({ id, averaging }: Owner, p: Packed, flag: EffectiveFlag): StoredReading => ({
    series: id,
    sequence: p.sequence as Sequence,
    at: p.at as Instant,
    averaging: averaging as Millis,
    value: p.value,
    quality: flag(p.at, p.quality),
    device: p.quality,
    clock: p.clock,
    received: (p.at + p.delay) as Instant,
  });
  /** Blocks begin on whole hours or parts of them, so that an hour holds whole blocks only. */
  const hourOf = (at: number): number => at - (at % hourSpan);
  const between = (series: number, from: number, to: number): [number, number] => [
    series * blockStep + hourOf(from) / minuteSpan,
    series * blockStep + Math.min(blockStep, Math.ceil(to / minuteSpan)),
  ];
  const order = (a: StoredReading, b: StoredReading): number =>
    a.at - b.at || a.series - b.series || a.sequence - b.sequence;

  const latest = (channel: Channel): StoredReading | undefined => {
    let newest: StoredReading | undefined;
    const own = seriesOf.all(channel.id);
    if (own.length === 0)
      return hoursOf(channel, 0, latestHour, { limit: 24, skip: 0, newestFirst: true }).find((h) => h.quality !== 9);
    const asDevice: EffectiveFlag = (_, device) => device;
    for (const owner of own) {
      const block = lastBlock.get(owner.id * blockStep, (owner.id + 1) * blockStep);
      for (const p of block ? unpack(block.body, blockStart(block.id)) : []) {
        const reading = stored(owner, p, asDevice);
        if (!newest || order(newest, reading) < 0) newest = reading;
      }
    }
    if (!newest) return undefined;
    return { ...newest, quality: flagsOver(channel.id, newest.at, newest.at + 1)(newest.at, newest.device) };
  };
  /** A channel without readings of its own: its hours stand for them. */
  const hoursOf = (
    channel: Channel,
    from: number,
    to: number,
    { limit, skip, newestFirst }: Pick<ReadingPage, "limit" | "skip" | "newestFirst">,
  ): StoredReading[] =>
    (newestFirst ? pageBack : pageOn)
      .all(...range(channel.id, hourSpan, from, Math.min(to, latestHour) + 1), limit, skip)
      .map((row) => {
        const at = ((row.id % rollupStep) * hourSpan) as Instant;
        const quality = flagOf(row);
        return {
          series: 0,
          sequence: (row.id % rollupStep) as Sequence,
          at,
          averaging: hourSpan,
          value: meanOf(row, channel.metric) ?? Number.NaN,
          quality,
          device: quality,
          clock: "unknown",
          received: (at + hourSpan) as Instant,
        };
      });

  const readings = ({ channel, from, to, limit, skip, newestFirst }: ReadingPage): StoredReading[] => {
    const own = seriesOf.all(channel);
    if (own.length === 0) {
      const made = channels().find((c) => c.id === channel);
      return made ? hoursOf(made, from, to, { limit, skip, newestFirst }) : [];
    }
    const out: StoredReading[] = [];
    let left = skip;
    let low = from as number;
    let high = to as number;
    while (low <= high && out.length < limit) {
      // The next hour that has a block of any series of the channel.
      const starts = own.flatMap(({ id }) => {
        const found = (newestFirst ? priorId : nextId).get(...between(id, low, high + 1));
        return typeof found === "number" ? [hourOf((found % blockStep) * minuteSpan)] : [];
      });
      if (starts.length === 0) break;
      const start = newestFirst ? Math.max(...starts) : Math.min(...starts);
      const end = start + hourSpan;
      if (newestFirst) high = start - 1;
      else low = end;
      if (left > 0 && start >= from && end <= to + 1) {
        const count = own.reduce((sum, { id }) => sum + (counted.get(...between(id, start, end)) ?? 0), 0);
        if (count <= left) {
          left -= count;
          continue;
        }
      }
      const flag = flagsOver(channel, start, end);
      const hour = own
        .flatMap((owner) =>
          blocks
            .all(...between(owner.id, start, end))
            .flatMap(({ id, body }) => unpack(body, blockStart(id)).map((p) => stored(owner, p, flag))),
        )
        .filter((r) => r.at >= from && r.at <= to)
        .sort(newestFirst ? (a, b) => order(b, a) : order);
      out.push(...hour.slice(left, left + limit - out.length));
      left = Math.max(0, left - hour.length);
    }
    return out;
  };

  const range = (channel: number, span: number, from: number, to: number): [number, number] => [
    channel * rollupStep + Math.ceil(from / span),
    channel * rollupStep + Math.min(rollupStep, Math.ceil(to / span)),
  ];
  const rollups: ReadingQueries["rollups"] = (channel, span, from, to) => {
    const metric = channels().find((c) => c.id === channel)?.metric;
    const width = span === "hour" ? hourSpan : daySpan;
    if (metric === undefined) return [];
    return rows[span]
      .all(...range(channel, width, from, to))
      .map((row) => binOf(row, metric, (row.id % rollupStep) * width, width));
  };

  const chart: ReadingQueries["chart"] = ({ site, device, sensor, metric, from, to, points }) => {
    const span = to - from;
    const base = span <= longestRaw ? minuteSpan : span <= longestHours ? hourSpan : daySpan;
    const wanted = channels().filter(
      (c) =>
        c.metric === metric &&
        (site === undefined || c.site === site) &&
        (device === undefined || c.device === device) &&
        (sensor === undefined || c.sensor === sensor),
    );
    return wanted.map((channel) => {
      // A channel that the hub made itself has hours and nothing finer.
      const own = base === minuteSpan ? seriesOf.all(channel.id) : [];
      const step = base === minuteSpan && own.length === 0 ? hourSpan : base;
      const width = step * Math.max(1, Math.ceil(span / step / points));
      if (own.length === 0) {
        const span = range(channel.id, step, Math.floor(from / step) * step, to);
        const found = sums[step === hourSpan ? "hour" : "day"].all(channel.id * rollupStep, width / step, ...span);
        return { channel, bins: found.map((sum) => binOf(sum, metric, sum.bin * width, width)) };
      }
      const flag = flagsOver(channel.id, from, to);
      const bins = new Map<number, Rollup>();
      const binAt = (at: number): Rollup => {
        const key = Math.floor(at / width) * width;
        const bin = bins.get(key) ?? noReadings();
        bins.set(key, bin);
        return bin;
      };
      for (const { id: series, averaging } of own)
        for (const { id, body } of blocks.all(...between(series, from, to)))
          for (const { at, value, quality } of unpack(body, blockStart(id)))
            if (at >= from && at < to) addReading(binAt(at), metric, { value, quality: flag(at, quality), averaging });
      return {
        channel,
        bins: [...bins].sort(([a], [b]) => a - b).map(([at, bin]) => binOf(bin, metric, at, width)),
      };
    });
  };

  return {
    channels,
    channelStates: () =>
      channels().map((channel) => {
        const bounds = [channel.id * rollupStep, (channel.id + 1) * rollupStep] as const;
        const first = firstHour.get(...bounds);
        const newest = latest(channel);
        return {
          channel,
          ...(typeof first === "number" && { first: ((first % rollupStep) * hourSpan) as Instant }),
          count: totalCount.get(...bounds) ?? 0,
          ...(newest && { latest: newest }),
        };
      }),
    chart,
    rollups,
    readings,
  };
}

function binOf(rollup: Rollup, metric: Metric, from: number, span: number): ReadingBin {
  const mean = meanOf(rollup, metric);
  return {
    from: from as Instant,
    span: span as Millis,
    ...(mean !== undefined && { mean }),
    ...(rollup.least !== null && { min: rollup.least }),
    ...(rollup.most !== null && { max: rollup.most }),
    // Two outboxes of one device may tell of the same minute.
    coverage: Math.min(1, rollup.covered / span),
    flags: { "1": rollup.n1, "2": rollup.n2, "3": rollup.n3, "4": rollup.n4, "9": rollup.n9 },
  };
}
