import type { DeviceId, Epoch, Instant, Sequence } from "@openkerb/contract";
import type { Database } from "./database.ts";
import { gap, highest, lose, noProgress, type Progress, type Span, take } from "./progress.ts";
import type { MissingRange, MissingReason, StreamProgress } from "./store.ts";

/** One outbox of one device, as the hub remembers it. */
export type Stream = {
  readonly id: number;
  readonly device: DeviceId;
  readonly epoch: Epoch;
  readonly progress: Progress;
  /** The highest sequence a birth told of. */
  claimed: number;
  stored: number;
  refused: number;
};

/** The streams in memory and on disk. Memory runs ahead within a transaction; after a lost one, `load` it again. */
export type Streams = {
  load(): void;
  of(device: DeviceId, epoch: Epoch): Stream | undefined;
  open(device: DeviceId, deviceRow: number, epoch: Epoch): Stream;
  all(): Iterable<Stream>;
  ofDevice(device: DeviceId): Iterable<Stream>;
  take(stream: Stream, sequence: Sequence): "new" | "known" | "full";
  lose(stream: Stream, range: Span, why: MissingReason, at: Instant): MissingRange[];
  loseRest(stream: Stream, from: number, why: MissingReason, at: Instant): MissingRange[];
  save(stream: Stream): void;
};

export function streamProgress(stream: Stream, current: boolean): StreamProgress {
  const known = Math.max(highest(stream.progress), current ? stream.claimed : 0);
  const open = gap(stream.progress, known);
  const plain = {
    device: stream.device,
    epoch: stream.epoch,
    upTo: stream.progress.upTo,
    known,
    ahead: stream.progress.ahead.length > 0,
    current,
  };
  return open === undefined ? plain : { ...plain, gap: { from: open.from as Sequence, to: open.to as Sequence } };
}

/** Sequences that exist and are neither here nor known to be lost. */
export function notYet(stream: Stream, current: boolean): number {
  const { upTo, ahead } = stream.progress;
  const known = Math.max(highest(stream.progress), current ? stream.claimed : 0);
  return ahead.reduce((left, span) => left - (span.to - span.from + 1), known - upTo);
}

export const lostOf = (stream: Stream): number =>
  stream.progress.missing.reduce((sum, span) => sum + span.to - span.from + 1, 0);

export function streams(database: Database): Streams {
  const sql = {
    streams: database.prepare<
      [],
      { id: number; device: string; epoch: string; watermark: number; stored: number; refused: number }
    >(
      "SELECT s.id, d.device, s.epoch, s.watermark, s.stored, s.refused FROM streams s JOIN devices d ON d.id = s.device",
    ),
    ahead: database.prepare<[number], Span>("SELECT first AS 'from', last AS 'to' FROM ahead WHERE stream = ?"),
    missing: database.prepare<[number], Span>(
      `SELECT first AS 'from', last AS 'to' FROM missing WHERE stream = ? AND last IS NOT NULL ORDER BY first`,
    ),
    open: database.prepare("INSERT INTO streams (device, epoch) VALUES (?, ?)"),
    save: database.prepare("UPDATE streams SET watermark = ?, stored = ?, refused = ? WHERE id = ?"),
    dropAhead: database.prepare("DELETE FROM ahead WHERE stream = ?"),
    addAhead: database.prepare("INSERT INTO ahead (stream, first, last) VALUES (?, ?, ?)"),
    addMissing: database.prepare(
      "INSERT OR IGNORE INTO missing (stream, first, last, why, noted) VALUES (?, ?, ?, ?, ?)",
    ),
    holding: database.prepare<[number, number, number], { first: number; last: number; why: string; noted: number }>(
      "SELECT first, last, why, noted FROM missing WHERE stream = ? AND first <= ? AND last >= ?",
    ),
    dropMissing: database.prepare("DELETE FROM missing WHERE stream = ? AND first = ?"),
  };
  const byDevice = new Map<DeviceId, Map<Epoch, Stream>>();
  /** Streams whose rows in `ahead` are not what memory says. */
  const aheadOnDisk = new Map<number, boolean>();

  const keep = (stream: Stream): Stream => {
    const epochs = byDevice.get(stream.device) ?? new Map<Epoch, Stream>();
    epochs.set(stream.epoch, stream);
    byDevice.set(stream.device, epochs);
    return stream;
  };

  const found = (stream: Stream, from: number, to: number | undefined, why: MissingReason, noted: Instant) => ({
    device: stream.device,
    epoch: stream.epoch,
    from,
    ...(to === undefined ? {} : { to }),
    why,
    noted,
  });

  return {
    load() {
      byDevice.clear();
      aheadOnDisk.clear();
      for (const row of sql.streams.all()) {
        const ahead = sql.ahead.all(row.id).sort((a, b) => a.from - b.from);
        aheadOnDisk.set(row.id, ahead.length > 0);
        keep({
          id: row.id,
          device: row.device as DeviceId,
          epoch: row.epoch as Epoch,
          progress: { upTo: row.watermark, ahead, missing: joined(sql.missing.all(row.id)) },
          claimed: 0,
          stored: row.stored,
          refused: row.refused,
        });
      }
    },
    of: (device, epoch) => byDevice.get(device)?.get(epoch),
    open: (device, deviceRow, epoch) =>
      keep({
        id: Number(sql.open.run(deviceRow, epoch).lastInsertRowid),
        device,
        epoch,
        progress: noProgress(),
        claimed: 0,
        stored: 0,
        refused: 0,
      }),
    *all() {
      for (const epochs of byDevice.values()) yield* epochs.values();
    },
    ofDevice: (device) => byDevice.get(device)?.values() ?? [],
    take(stream, sequence) {
      const wasMissing = stream.progress.missing.length;
      const outcome = take(stream.progress, sequence);
      // Something believed lost has come after all: what is left of the range stays missing.
      if (outcome === "new" && wasMissing > 0)
        for (const row of sql.holding.all(stream.id, sequence, sequence)) {
          sql.dropMissing.run(stream.id, row.first);
          if (row.first < sequence) sql.addMissing.run(stream.id, row.first, sequence - 1, row.why, row.noted);
          if (row.last > sequence) sql.addMissing.run(stream.id, sequence + 1, row.last, row.why, row.noted);
        }
      return outcome;
    },
    lose(stream, range, why, at) {
      return lose(stream.progress, range).map(({ from, to }) => {
        sql.addMissing.run(stream.id, from, to, why, at);
        return found(stream, from, to, why, at);
      });
    },
    loseRest(stream, from, why, at) {
      const { changes } = sql.addMissing.run(stream.id, from, null, why, at);
      return changes > 0 ? [found(stream, from, undefined, why, at)] : [];
    },
    save(stream) {
      sql.save.run(stream.progress.upTo, stream.stored, stream.refused, stream.id);
      const { ahead } = stream.progress;
      if (ahead.length > 0 || aheadOnDisk.get(stream.id) === true) {
        sql.dropAhead.run(stream.id);
        for (const { from, to } of ahead) sql.addAhead.run(stream.id, from, to);
        aheadOnDisk.set(stream.id, ahead.length > 0);
      }
    },
  };
}

/** Rows that touch but differ in their reason are one span in memory. */
function joined(spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const span of spans) {
    const last = out.at(-1);
    if (last && span.from <= last.to + 1) out[out.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else out.push(span);
  }
  return out;
}
