import type { DeviceId, Instant } from "@openkerb/contract";
import type { Database } from "./database.ts";
import type { Refusal, RefusalCount } from "./store.ts";

/** How often what was refused from whom. */
export type Refusals = {
  load(): void;
  add(device: DeviceId, why: Refusal, count: number, at: Instant): void;
  of(device: DeviceId): number;
  all(): RefusalCount[];
};

export function refusalCounts(database: Database): Refusals {
  const read = database.prepare<[], { device: string; count: number }>(
    "SELECT device, sum(count) AS count FROM refusals GROUP BY device",
  );
  const all = database.prepare<[], RefusalCount>("SELECT * FROM refusals ORDER BY device, why");
  const add = database.prepare(
    `INSERT INTO refusals (device, why, count, first, last) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count, last = excluded.last`,
  );
  const totals = new Map<DeviceId, number>();
  return {
    load() {
      totals.clear();
      for (const { device, count } of read.all()) totals.set(device as DeviceId, count);
    },
    add(device, why, count, at) {
      add.run(device, why, count, at, at);
      totals.set(device, (totals.get(device) ?? 0) + count);
    },
    of: (device) => totals.get(device) ?? 0,
    all: () => all.all(),
  };
}
