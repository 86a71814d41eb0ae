import type { Instant, Reading, Sequence } from "@openkerb/contract";
import type { Database } from "./database.ts";
import { provenanceText } from "./event-rows.ts";
import type { Words } from "./words.ts";

const clocks: readonly Reading["clock"][] = ["synced", "unsynced", "unknown"];

/** Flag and clock quality in one small number. */
export const packQuality = (quality: Reading["quality"], clock: Reading["clock"]): number =>
  quality + 16 * clocks.indexOf(clock);
/** Writes readings next to those of the same series, ordered by time. */
export function readingWriter(
  database: Database,
  words: Words,
): { add(stream: number, sequence: Sequence, received: Instant, reading: Reading): void; forget(): void } {
  const find = database
    .prepare<(number | string)[], number>(
      `SELECT id FROM series WHERE stream = ? AND sensor = ? AND metric = ? AND averaging = ? AND unit = ?
         AND reference = ? AND provenance = ?`,
    )
    .pluck();
  const add = database.prepare(
    `INSERT INTO series (stream, sensor, metric, averaging, unit, reference, provenance) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const insert = database.prepare(
    "INSERT INTO readings (series, at, sequence, value, quality, delay) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const series = new Map<string, number>();
  const seriesNumber = (stream: number, r: Reading): number => {
    const provenance = provenanceText(r.provenance);
    const key = `${stream} ${r.sensor} ${r.metric} ${r.averaging} ${r.unit} ${r.reference ?? ""} ${provenance}`;
    let id = series.get(key);
    if (id === undefined) {
      const row = [
        stream,
        words.number(r.sensor),
        words.number(r.metric),
        r.averaging,
        words.number(r.unit),
        words.number(r.reference ?? ""),
        words.number(provenance),
      ];
      id = find.get(...row) ?? Number(add.run(...row).lastInsertRowid);
      series.set(key, id);
    }
    return id;
  };
  return {
    add(stream, sequence, received, reading) {
      insert.run(
        seriesNumber(stream, reading),
        reading.at,
        sequence,
        reading.value,
        packQuality(reading.quality, reading.clock),
        received - reading.at,
      );
    },
    forget: () => series.clear(),
  };
}
