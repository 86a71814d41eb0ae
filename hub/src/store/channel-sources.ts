import type { Database } from "./database.ts";
import { words as openWords } from "./words.ts";

/** What ever made values of a channel: profiles of sensors or models with their versions, oldest first. */
export function channelSources(database: Database): (channel: number) => string[] {
  const words = openWords(database);
  const provenances = database
    .prepare<[number], number>("SELECT DISTINCT provenance FROM series WHERE channel = ? ORDER BY id")
    .pluck();
  return (channel) => [
    // The words hold source, config and correction with spaces between.
    ...new Set(provenances.all(channel).map((word) => words.text(word).split(" ")[0] ?? "")),
  ];
}
