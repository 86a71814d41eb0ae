import { asWritten, type Instant } from "@openkerb/contract";
import { expect, it } from "vitest";
import { queries } from "../../store/queries.ts";
import { openOverlay } from "../../store/reading-overlay.ts";
import { reviewTable } from "../../store/review-table.ts";
import { openStore } from "../../store/sqlite-store.ts";
import { birth, items, noon, reading } from "../../store/trial-records.ts";
import { validationTable } from "../../store/validation-table.ts";
import { decisionReader } from "./decisions.ts";

const hour = 3_600_000;
const start = noon - (noon % hour);

it("tells what an hour was before an officer decided, with the reason, and who stands for what", async () => {
  await using store = openStore({ memory: true });
  const batch = Array.from({ length: 120 }, (_, i) =>
    // The device itself throws away one of them.
    reading(i + 1, { at: start + i * 60_000, metric: "pm10", value: i < 30 ? 90 : 10, quality: i === 0 ? 4 : 1 }),
  );
  store.commit([birth(), items(batch, undefined, (start + 3 * hour) as Instant)]);
  const { database } = store;
  const decision = reviewTable(database).note({
    at: noon,
    by: "anna" as never,
    action: "review-overridden",
    channel: 1,
    words: asWritten("bad"),
    reason: "a lorry idled beside the inlet",
  });
  openOverlay(database).decide(1, { start, stop: start + 30 * 60_000, flag: 4, decision, replaces: true });
  // What a test of the hub says is not a decision: before and after it counts the same.
  openOverlay(database).test(1, start, [{ start: start + 59 * 60_000, stop: start + hour, flag: 4 }]);
  const validations = validationTable(database);
  const seen = (start + 4 * hour) as Instant;
  const stand = { channel: 1, from: start as Instant, to: (start + hour) as Instant, reason: "checked" };
  validations.add(stand, "anna", seen);
  validations.add({ ...stand, to: (start + 2 * hour) as Instant }, "anna", seen);
  validations.withdraw(2, seen);

  const read = decisionReader(database, queries(database));
  const { hours, validations: standing } = read(1, start, start + 2 * hour);
  expect(hours).toEqual([
    {
      from: start,
      // 29 minutes of 90 and 29 of 10 are left of the device's and the tests' sixty.
      mean: 50,
      coverage: 58 / 60,
      why: "a lorry idled beside the inlet (anna)",
    },
  ]);
  expect(standing).toEqual([{ from: start, to: start + hour }]);
  expect(read(1, start + hour, start + 2 * hour).hours).toEqual([]);
});

it("nobody stands for an hour that got readings after it was looked at, until it is looked at again", async () => {
  await using store = openStore({ memory: true });
  const all = Array.from({ length: 240 }, (_, i) => reading(i + 1, { at: start + i * 60_000, metric: "pm10" }));
  const [late, soon] = [all.slice(100, 104), [...all.slice(0, 100), ...all.slice(104)]];
  store.commit([birth(), items(soon, undefined, (start + 4 * hour) as Instant)]);
  const validations = validationTable(store.database);
  const stand = { channel: 1, from: start as Instant, to: (start + 4 * hour) as Instant, reason: "checked" };
  validations.add(stand, "anna", (start + 5 * hour) as Instant);
  const read = decisionReader(store.database, queries(store.database));
  expect(read(1, start, start + 4 * hour).validations).toEqual([{ from: start, to: start + 4 * hour }]);

  store.care.forget();
  store.commit([items(late, undefined, (start + 6 * hour) as Instant)]);
  expect(read(1, start, start + 4 * hour).validations).toEqual([
    { from: start, to: start + hour },
    { from: start + 2 * hour, to: start + 4 * hour },
  ]);
  validations.add(
    { ...stand, from: (start + hour) as Instant, to: (start + 2 * hour) as Instant },
    "otto",
    (start + 7 * hour) as Instant,
  );
  expect(read(1, start, start + 4 * hour).validations).toContainEqual({ from: start + hour, to: start + 2 * hour });
});
