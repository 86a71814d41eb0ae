import type { Instant } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { calm, day, hour, minutesOf, qualityOf, start, takeIn } from "../../quality/trial-readings.ts";
import { queries } from "../../store/queries.ts";
import { openStore, type SqliteStore } from "../../store/sqlite-store.ts";
import { decisionReader } from "./decisions.ts";

const late = (start + 10 * day) as Instant;
const moist = { metric: "humidity", unit: "%" } as const;
const stands = (store: SqliteStore, channel: number) =>
  decisionReader(store.database, queries(store.database))(channel, start, start + 10 * hour).validations.map((v) => [
    (v.from - start) / hour,
    (v.to - start) / hour,
  ]);

/** Ten hours but for the last half of the fourth, corrected, tested; an officer stands for raw and corrected values. */
async function validated(store: SqliteStore) {
  const bed = qualityOf(store);
  const gap = (at: number): boolean => at >= start + 3.5 * hour && at < start + 4 * hour;
  takeIn(
    store,
    minutesOf(start, 600).filter((i) => i.kind !== "reading" || !gap(i.reading.at)),
  );
  takeIn(
    store,
    minutesOf(start, 600, () => 50, moist),
  );
  const { corrections, review } = bed.quality;
  const order = { channel: 1, correction: { id: "epa-2021-atm@1" }, from: start as Instant, reason: "by protocol" };
  corrections.apply(order, await store.channels(), late, "olga");
  while (corrections.catchUp(late));
  await bed.test(late);
  const channels = await store.channels();
  const raw = channels.find((c) => c.metric === "pm25" && c.correction === undefined);
  const corrected = channels.find((c) => c.correction !== undefined);
  if (!raw || !corrected) throw new Error("a channel is missing");
  for (const channel of [raw, corrected]) {
    const all = { channel: channel.id, from: start as Instant, to: (start + 10 * hour) as Instant, reason: "checked" };
    expect(review.validate(all, channel, late, "anna")).toEqual({ kind: "done" });
  }
  return { bed, raw, corrected };
}

describe("hours an officer stood for", () => {
  it("are provisional again when readings came in after that, the corrected ones as well, and stay so when raw readings are deleted", async () => {
    await using store = openStore({ memory: true });
    const { bed, raw, corrected } = await validated(store);
    for (const { id } of [raw, corrected]) expect(stands(store, id)).toEqual([[0, 10]]);
    takeIn(store, minutesOf(start + 3.5 * hour, 30));
    const left = [
      [0, 3],
      [4, 10],
    ];
    for (const { id } of [raw, corrected]) expect(stands(store, id)).toEqual(left);
    while (store.prune({ events: 0 as Instant, minutes: 0 as Instant, readings: late }));
    for (const { id } of [raw, corrected]) expect(stands(store, id)).toEqual(left);
    const again = { channel: corrected.id, from: start as Instant, to: (start + 5 * hour) as Instant, reason: "seen" };
    expect(bed.quality.review.validate(again, corrected, late, "otto")).toEqual({ kind: "done" });
    expect(stands(store, corrected.id)).toContainEqual([0, 5]);
  });

  it("are provisional again in corrected values when their humidity came in after that", async () => {
    await using store = openStore({ memory: true });
    const { raw, corrected } = await validated(store);
    takeIn(
      store,
      minutesOf(start + 7 * hour + 1000, 5, () => 90, moist),
    );
    expect(stands(store, raw.id)).toEqual([[0, 10]]);
    expect(stands(store, corrected.id)).toEqual([
      [0, 7],
      [8, 10],
    ]);
  });

  it("are provisional again when a test doubts them after that, until the doubt is decided and somebody stands for them", async () => {
    await using store = openStore({ memory: true });
    const bed = qualityOf(store);
    takeIn(
      store,
      minutesOf(start, 600, (at, i) => (i >= 210 && i < 240 ? 1400 + i : calm(at))),
    );
    const channel = await bed.channel();
    const { review } = bed.quality;
    const all = { channel: 1, from: start as Instant, to: (start + 10 * hour) as Instant, reason: "looked at" };
    expect(review.validate(all, channel, late, "anna")).toEqual({ kind: "done" });
    expect(stands(store, 1)).toEqual([[0, 10]]);
    await bed.test(late);
    expect(stands(store, 1)).not.toContainEqual([0, 10]);
    for (const { id } of review.items.list({ state: "open", limit: 5, channels: [1] }))
      expect(review.decide(id, { do: "override", flag: 4, reason: "a leaf" }, channel, late, "anna")).toEqual({
        kind: "done",
      });
    expect(review.validate(all, channel, late, "anna")).toEqual({ kind: "done" });
    expect(stands(store, 1)).toContainEqual([0, 10]);
  });
});
