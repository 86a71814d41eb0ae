import type { QualityFlag } from "@openkerb/contract";
import type { Database } from "./database.ts";
import { unpack } from "./reading-block.ts";
import { blockStart, blockStep } from "./reading-rows.ts";
import { hourSpan, minuteSpan } from "./store.ts";

/** What tests and rollups need of a reading; `quality` is the device's own flag. */
export type PlainReading = {
  readonly at: number;
  readonly value: number;
  readonly quality: QualityFlag;
  readonly averaging: number;
};

/** Readings of a channel from `from` to before `to`, by time; those of several outboxes together. */
export function plainReadings(database: Database): (channel: number, from: number, to: number) => PlainReading[] {
  const seriesOf = database.prepare<[number], { id: number; averaging: number }>(
    "SELECT id, averaging FROM series WHERE channel = ?",
  );
  const blocks = database.prepare<[number, number], { id: number; body: Buffer }>(
    "SELECT id, body FROM reading_blocks WHERE id >= ? AND id < ? ORDER BY id",
  );
  return (channel, from, to) => {
    // Blocks begin on whole hours or parts of them.
    const first = (from - (from % hourSpan)) / minuteSpan;
    const end = Math.min(blockStep, Math.ceil(to / minuteSpan));
    const found: PlainReading[] = [];
    for (const { id: series, averaging } of seriesOf.all(channel))
      for (const { id, body } of blocks.all(series * blockStep + first, series * blockStep + end))
        for (const { at, value, quality } of unpack(body, blockStart(id)))
          if (at >= from && at < to) found.push({ at, value, quality, averaging });
    return found.sort((a, b) => a.at - b.at);
  };
}
