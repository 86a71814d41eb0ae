import type { Epoch, Instant } from "@openkerb/contract";
import { expect, it } from "vitest";
import { openStore } from "./sqlite-store.ts";
import { birth, device, item, items, lostRange, noon, other, stored } from "./trial-records.ts";

const hour = 3_600_000;
const made = (n: number): Epoch => n.toString(16).padStart(16, "0") as Epoch;
const bornAt = (n: number, at: number) => birth({ epoch: made(n), session: n }, at as Instant);

it("items of an outbox that no birth told of are left with the box, and it is asked who it is", async () => {
  await using store = openStore({ memory: true });
  store.commit([birth(), items([item(1)])]);
  const committed = store.commit([items([item(1), item(2)], other)]);
  expect(committed).toMatchObject({ unborn: [device], streams: [], stored: 0, refused: 0 });
  expect(stored(store)).toEqual([1]);
  store.commit([birth({ epoch: other, session: 2 })]);
  expect(store.commit([items([item(1), item(2)], other)])).toMatchObject({ stored: 2, streams: [{ upTo: 2 }] });
});

it("a box that makes up one outbox after another is stopped, told of, and goes on within the hour with the ones it has", async () => {
  await using store = openStore({ memory: true });
  for (let n = 1; n <= 30; n++) expect(store.commit([bornAt(n, noon)]).streams).toMatchObject([{ epoch: made(n) }]);
  expect(store.commit([bornAt(31, noon)])).toMatchObject({ streams: [], refused: 1 });
  expect(store.refusals()).toMatchObject([{ device, why: "too-many-outboxes", count: 1 }]);
  expect(store.commit([items([item(1)], made(31))])).toMatchObject({ unborn: [device], stored: 0 });
  expect(store.commit([items([item(1)], made(30))])).toMatchObject({ stored: 1 });
  // Nor by way of what it says that others have lost.
  store.commit([items([lostRange(2, { epoch: made(99), from: 1, to: 5 })], made(30))]);
  const count = () => store.database.prepare("SELECT count(*) FROM streams").pluck().get();
  expect(count()).toBe(30);
  expect(store.commit([bornAt(31, noon + hour)]).streams).toMatchObject([{ epoch: made(31) }]);
  expect(store.commit([items([item(1)], made(31), (noon + hour) as Instant)])).toMatchObject({ stored: 1 });
});
