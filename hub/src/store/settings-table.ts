import type { Metric } from "@openkerb/contract";
import type { Database } from "./database.ts";

/** How a metric is tested from the hour `start` on, until the next one. `body` is JSON. */
export type StoredSettings = {
  readonly metric: Metric;
  readonly start: number;
  readonly id: string;
  readonly body: string;
};

export function settingsTable(database: Database): {
  /** Oldest first. */
  all(): StoredSettings[];
  put(settings: StoredSettings): void;
} {
  const all = database.prepare<[], StoredSettings>("SELECT * FROM quality_settings ORDER BY metric, start");
  const put = database.prepare<[string, number, string, string]>(
    "INSERT OR REPLACE INTO quality_settings (metric, start, id, body) VALUES (?, ?, ?, ?)",
  );
  return { all: () => all.all(), put: ({ metric, start, id, body }) => void put.run(metric, start, id, body) };
}
