import type { Instant } from "@openkerb/contract";
import { expect, it } from "vitest";
import { calm, day, hour, qualityOf, reading, start, takeIn } from "../quality/trial-readings.ts";
import { hourReader } from "../store/score-hours.ts";
import { scoreReader, scoreWriter } from "../store/score-table.ts";
import { openStore, type SqliteStore } from "../store/sqlite-store.ts";
import { channelHours } from "./channel-hours.ts";
import { learnChannel } from "./learn-channel.ts";
import { channelScorer } from "./score-channel.ts";

const days = 70;
const end = start + days * day;
const late = (end + day) as Instant;
const smoke = [40 * 24 + 7, 40 * 24 + 8, 40 * 24 + 9, 40 * 24 + 10];
/** Seventy days of hours with four of smoke in between, or of a leaf in the inlet. */
const air = (of: (i: number) => number | undefined) =>
  Array.from({ length: days * 24 }, (_, i) => i).flatMap((i) => {
    const value = of(i);
    return value === undefined ? [] : [reading({ at: start + i * hour, value, averaging: hour as never })];
  });
const usual = (i: number) => calm(i * hour);
const smoky = (i: number) => (smoke.includes(i) ? 700 + i : usual(i));

/** What the scores and the forecast are made of. */
async function watched(store: SqliteStore) {
  const { database } = store;
  const channels = await store.channels();
  const [channel] = channels;
  if (!channel) throw new Error("no channel");
  const read = hourReader(database);
  const reader = scoreReader(database);
  const write = scoreWriter(database);
  channelScorer(read, reader)(channel, end, (scores) => write(channel.id, scores));
  const hours = channelHours(read, channel, channels, { from: start, end, offset: 0 });
  const event = { value: 50, source: "" as never };
  const { look, models } = learnChannel(read, channels, { kind: "learn", channel, end, now: end, event }, 0);
  return {
    scores: new Map(reader.scores(channel.id, 0, end).map(({ at, score }) => [(at - start) / hour, score])),
    taught: smoke.map((i) => hours?.target[i]),
    learnt: { why: look.why, facts: models.map((m) => JSON.parse(m.facts) as object) },
  };
}
/** After the officer's decision on whatever the tests doubt. */
async function decided(store: SqliteStore, flag: 1 | 4) {
  const bed = qualityOf(store);
  takeIn(store, air(smoky));
  await bed.test(late);
  // What was thought before the decision must not stay.
  const before = await watched(store);
  const channel = await bed.channel();
  const items = bed.quality.review.items.list({ state: "open", limit: 50, channels: [channel.id] });
  expect(items.length).toBeGreaterThan(0);
  for (const { id } of items)
    expect(
      bed.quality.review.decide(id, { do: "override", flag, reason: "as the diary says" }, channel, late, "olga"),
    ).toEqual({ kind: "done" });
  return before;
}

it("what an officer calls bad teaches neither the usual values nor the forecast: as if it had never been measured", {
  timeout: 60_000,
}, async () => {
  await using store = openStore({ memory: true });
  await using without = openStore({ memory: true });
  await decided(store, 4);
  takeIn(
    without,
    air((i) => (smoke.includes(i) ? undefined : usual(i))),
  );
  const [found, wanted] = [await watched(store), await watched(without)];
  expect(found.taught).toEqual(smoke.map(() => Number.NaN));
  for (const i of smoke) expect(found.scores.get(i)).toBeUndefined();
  for (const [i, score] of wanted.scores) expect(found.scores.get(i)).toBe(score);
  expect(found.learnt).toEqual(wanted.learnt);
});

it("what an officer calls good after all teaches both, whatever the tests said", { timeout: 60_000 }, async () => {
  await using store = openStore({ memory: true });
  await using undoubted = openStore({ memory: true });
  await decided(store, 1);
  takeIn(undoubted, air(smoky));
  const [found, wanted] = [await watched(store), await watched(undoubted)];
  expect(found.taught).toEqual(smoke.map(smoky));
  expect(found).toEqual(wanted);
});
