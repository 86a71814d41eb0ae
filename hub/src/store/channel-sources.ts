import type { Database } from "./database.ts";
import { words as openWords } from "./words.ts";

/**
 * What ever made values of a channel: profiles of sensors or models with their versions, oldest first; for corrected
 * hours of the hub those of the raw channel beneath.
 */
export function channelSources(database: Database): (channel: number) => string[] {
  const words = openWords(database);
  const provenances = database
    .prepare<[number, number], number>(
      `SELECT DISTINCT provenance FROM series WHERE channel = ? OR channel IN
         (SELECT channel FROM correction_uses WHERE gives = ?) ORDER BY id`,
    )
    .pluck();
  return (channel) => [
    // The words hold source, config and correction with spaces between.
    ...new Set(provenances.all(channel, channel).map((word) => words.text(word).split(" ")[0] ?? "")),
  ];
}
