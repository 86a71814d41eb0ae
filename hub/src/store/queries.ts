import type {
  CameraId,
  CountBin,
  Counts,
  DeviceId,
  Epoch,
  Instant,
  LineId,
  Millis,
  RoadClass,
  Share,
  SiteId,
  StoredEvent,
  ZoneId,
} from "@openkerb/contract";
import { type ChartText, chartText } from "./chart-text.ts";
import { type ColocationQueries, colocationQueries } from "./colocation-queries.ts";
import type { Database } from "./database.ts";
import { eventReader } from "./event-rows.ts";
import { type QualityQueries, qualityQueries } from "./quality-queries.ts";
import { type ChartQuery, type ReadingQueries, readingQueries } from "./reading-queries.ts";
import { type CountQuery, daySpan, hourSpan, type MissingRange, type MissingReason, minuteSpan } from "./store.ts";
import { words as openWords, type Words } from "./words.ts";

/** The most bins one answer may have. */
export const binLimit = 20_000;

/** The long questions, answered on whatever connection they are given. */
export type Queries = ReadingQueries &
  QualityQueries &
  ColocationQueries & {
    eventsAfter(after: number, limit: number, site?: SiteId): StoredEvent[];
    counts(query: CountQuery): Counts;
    missing(site?: SiteId): MissingRange[];
    chartText(query: ChartQuery): ChartText;
  };

export function queries(database: Database, words: Words = openWords(database)): Queries {
  const readings = readingQueries(database, words);
  return {
    eventsAfter: eventReader(database, words),
    counts: counts(database, words),
    missing: missing(database),
    ...readings,
    chartText: chartText(readings.chart),
    ...qualityQueries(database),
    ...colocationQueries(database),
  };
}

function counts(database: Database, words: Words): (query: CountQuery) => Counts {
  const cameras = database.prepare<[string], { id: number; camera: string }>(
    "SELECT id, camera FROM cameras WHERE site = ?",
  );
  const births = database.prepare<[string], string>("SELECT birth FROM devices WHERE site = ?").pluck();
  const range = "camera = ? AND span = ? AND start >= ? AND start < ?";
  // Bins are put together in SQL: a year of hours is then a few rows and not a million.
  const bin = "CAST((start + ?) / ? AS INTEGER) AS bin";
  const watched = database.prepare<number[], { bin: number; watched: number }>(
    `SELECT ${bin}, sum(watched) AS watched FROM watched WHERE ${range} GROUP BY bin`,
  );
  const lines = database.prepare<number[], { bin: number; line: number; class: number; in: number; out: number }>(
    `SELECT ${bin}, line, class, sum(came_in) AS 'in', sum(went_out) AS 'out'
     FROM line_counts WHERE ${range} GROUP BY bin, line, class`,
  );
  const zones = database.prepare<
    number[],
    { bin: number; zone: number; class: number; entered: number; occupied: number; most: number }
  >(
    `SELECT ${bin}, zone, class, sum(entered) AS entered, sum(occupied) AS occupied, max(most) AS most
     FROM zone_counts WHERE ${range} GROUP BY bin, zone, class`,
  );
  return ({ site, from, to, bin, offset = 0 }) => {
    const span = bin === "minute" ? minuteSpan : bin === "hour" ? hourSpan : daySpan;
    // Hours are kept added up; days of a place half an hour off need the minutes.
    const rows = bin !== "minute" && offset % hourSpan === 0 ? hourSpan : minuteSpan;
    const first = Math.floor((from + offset) / span);
    const end = Math.ceil((to + offset) / span);
    if (end - first > binLimit) throw new RangeError(`${end - first} bins asked for, at most ${binLimit} are given`);
    const bins = Array.from({ length: Math.max(0, end - first) }, () => ({
      watched: 0,
      lines: new Map<string, CountBin["lines"][number]>(),
      zones: new Map<string, CountBin["zones"][number] & { occupied: number; seen: number }>(),
    }));
    const own = cameras.all(site);
    const seen = new Set<CameraId>();
    for (const camera of own) {
      const where = [offset, span, camera.id, rows, first * span - offset, end * span - offset];
      const seenByBin = new Map<number, number>();
      for (const row of watched.all(...where)) {
        const target = bins[row.bin - first];
        if (target) target.watched += row.watched;
        seenByBin.set(row.bin, row.watched);
        seen.add(camera.camera as CameraId);
      }
      for (const row of lines.all(...where)) {
        const key = `${row.line} ${row.class}`;
        const line = words.text(row.line) as LineId;
        const sum = bins[row.bin - first]?.lines;
        const before = sum?.get(key) ?? { line, class: words.text(row.class) as RoadClass, in: 0, out: 0 };
        sum?.set(key, { ...before, in: before.in + row.in, out: before.out + row.out });
      }
      for (const row of zones.all(...where)) {
        const key = `${row.zone} ${row.class}`;
        const zone = words.text(row.zone) as ZoneId;
        const sum = bins[row.bin - first]?.zones;
        const empty = { zone, class: words.text(row.class) as RoadClass, entered: 0, mean: 0, max: 0 };
        const before = sum?.get(key) ?? { ...empty, occupied: 0, seen: 0 };
        sum?.set(key, {
          ...before,
          entered: before.entered + row.entered,
          max: Math.max(before.max, row.most),
          occupied: before.occupied + row.occupied,
          seen: before.seen + (seenByBin.get(row.bin) ?? 0),
        });
      }
    }
    // A camera that should be there and says nothing lowers the share; one that was taken down long ago does not.
    for (const birth of births.all(site))
      for (const camera of (JSON.parse(birth) as { cameras: { id: CameraId }[] }).cameras) seen.add(camera.id);
    const whole = span * Math.max(1, seen.size);
    return {
      site,
      bins: bins.map((b, i) => ({
        from: ((first + i) * span - offset) as Instant,
        span: span as Millis,
        watched: Math.min(1, b.watched / whole) as Share,
        lines: [...b.lines.values()],
        zones: [...b.zones.values()].map(({ occupied, seen, ...zone }) => ({
          ...zone,
          mean: seen > 0 ? occupied / seen : 0,
        })),
      })),
    };
  };
}

function missing(database: Database): (site?: SiteId) => MissingRange[] {
  const all = database.prepare<
    [string | null, string | null],
    { device: string; epoch: string; from: number; to: number | null; why: string; noted: number }
  >(
    `SELECT d.device, s.epoch, m.first AS 'from', m.last AS 'to', m.why, m.noted
     FROM missing m JOIN streams s ON s.id = m.stream JOIN devices d ON d.id = s.device
     WHERE ? IS NULL OR d.site = ? ORDER BY m.noted DESC, m.first LIMIT 10000`,
  );
  return (site) =>
    all.all(site ?? null, site ?? null).map(({ device, epoch, from, to, why, noted }) => ({
      device: device as DeviceId,
      epoch: epoch as Epoch,
      from,
      ...(to === null ? {} : { to }),
      why: why as MissingReason,
      noted: noted as Instant,
    }));
}
