import { createHash } from "node:crypto";
import { type Instant, type Metric, type PersonName, say } from "@openkerb/contract";
import type { z } from "zod";
import { settingsTable } from "../store/settings-table.ts";
import type { SqliteStore } from "../store/sqlite-store.ts";
import { hourSpan } from "../store/store.ts";
import type { ReviewDesk } from "./review-desk.ts";
import type { MetricTests } from "./settings.ts";

/** The tests of a metric in some time; `id` follows from them, `from` is 0 for those that always held. */
export type DatedTests = { readonly id: string; readonly from: number; readonly tests: MetricTests };

/** How each hour is tested: as was set in its time, like a day is judged by the law of that day. */
export type DatedSettings = (metric: Metric, hour: number) => DatedTests;

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, of]) => [key, sorted(of)]),
        )
      : value;

/**
 * Compares how metrics are tested with how they were when the hub ran last. What differs holds from the hour of `now` on
 * and is written into the audit log; hours before keep their tests, also when their readings come in later.
 */
export function datedSettings(
  { database, atOnce }: Pick<SqliteStore, "database" | "atOnce">,
  desk: Pick<ReviewDesk, "note">,
  tests: Readonly<Record<Metric, MetricTests>>,
  now: Instant,
): DatedSettings {
  const table = settingsTable(database);
  const known = new Map<Metric, DatedTests[]>();
  for (const { metric, start, id, body } of table.all())
    known.set(metric, [...(known.get(metric) ?? []), { id, from: start, tests: JSON.parse(body) as MetricTests }]);
  const hour = now - (now % hourSpan);
  atOnce(() => {
    for (const [metric, own] of Object.entries(tests) as [Metric, MetricTests][]) {
      const body = JSON.stringify(sorted(own));
      const id = createHash("sha256").update(body).digest("hex").slice(0, 12);
      const before = known.get(metric) ?? [];
      const last = before.at(-1);
      if (last?.id === id) continue;
      // A clock that was set back does not change what was set for hours that are tested already.
      const from = last ? Math.max(hour, last.from) : 0;
      if (last)
        desk.note({
          at: now,
          by: "hub" as z.infer<typeof PersonName>,
          action: "tests-changed",
          from: from as Instant,
          words: say("audit.tests-changed", {
            ...{ metric, id, before: last.id },
            hour: new Date(from).toISOString().slice(0, 13),
          }),
        });
      table.put({ metric, start: from, id, body });
      known.set(metric, [...before.filter((s) => s.from < from), { id, from, tests: own }]);
    }
  });
  return (metric, at) => {
    const all = known.get(metric) ?? [];
    const found = all.findLast(({ from }) => from <= at) ?? all[0];
    return found ?? { id: "", from: 0, tests: tests[metric] };
  };
}
