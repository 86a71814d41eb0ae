import type { Instant } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { openStore, type SqliteStore } from "../store/sqlite-store.ts";
import { testsWith } from "./own-settings.ts";
import { day, hour, minutesOf, qualityOf, start, takeIn } from "./trial-readings.ts";

const late = (start + 10 * day) as Instant;
const strict = (most: number) =>
  testsWith({ pm25: { gross_range_test: { fail_span: [-10, 5000], suspect_span: [-5, most] } } });
/** Hours since the start that the tests doubt. */
const doubted = (store: SqliteStore) => [
  ...new Set(
    store.database
      .prepare<[], number>("SELECT start FROM flag_ranges WHERE decision = 0 ORDER BY start")
      .pluck()
      .all()
      .map((at) => Math.floor((at - start) / hour)),
  ),
];

describe("tests that a city changed", () => {
  it("hold from the hour of the change on; what was measured before keeps the tests of its time, however late it comes", async () => {
    await using store = openStore({ memory: true });
    const before = qualityOf(store, {}, strict(1000), start);
    takeIn(store, minutesOf(start, 300));
    await before.test(start + 5 * hour + 20 * 60_000);
    expect(doubted(store)).toEqual([]);

    const changed = start + 5 * hour + 30 * 60_000;
    const after = qualityOf(store, {}, strict(5), changed);
    takeIn(store, minutesOf(start + 5 * hour, 180));
    // Half an hour of the past that came late.
    takeIn(store, minutesOf(start + 2 * hour + 1000, 30));
    await after.test(late);
    expect(doubted(store)).toEqual([5, 6, 7]);
    const [entry] = after.quality.review.items.audit({ limit: 1 });
    expect(entry).toMatchObject({ action: "tests-changed", by: "hub", at: changed, from: start + 5 * hour });
    expect(entry?.words).toMatch(/pm25 is tested by settings [0-9a-f]{12} from 2026-06-01T05:00 UTC on/);
    const ids = [4, 5].map((h) => after.quality.settings("pm25", start + h * hour));
    expect(ids.map(({ from }) => from)).toEqual([0, start + 5 * hour]);
    expect(entry?.words).toContain(ids[1]?.id);
  });

  it("are noted once, and not at all when a hub is only started again", async () => {
    await using store = openStore({ memory: true });
    const entries = () => qualityOf(store, {}, strict(5), start + day).quality.review.items.audit({ limit: 100 });
    qualityOf(store, {}, strict(1000), start);
    expect(entries()).toHaveLength(1);
    expect(entries()).toHaveLength(1);
    // Back again: the old tests under their old name, from now on.
    const back = qualityOf(store, {}, strict(1000), start + 2 * day).quality;
    expect(back.review.items.audit({ limit: 100 })).toHaveLength(2);
    const ids = [0, day, 2 * day].map((at) => back.settings("pm25", start + at).id);
    expect(ids[2]).toBe(ids[0]);
    expect(ids[1]).not.toBe(ids[0]);
  });
});
