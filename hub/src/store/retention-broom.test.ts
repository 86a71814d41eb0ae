import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Instant, millis } from "@openkerb/contract";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { confirmClock, openBroom } from "./retention-broom.ts";
import { openStore, type SqliteStore } from "./sqlite-store.ts";
import { birth, item, items, noon, stored } from "./trial-records.ts";

const day = 86_400_000;
const epoch = "00000000000000aa" as Parameters<typeof items>[1];

let folder: string;
let store: SqliteStore;
/** The wall clock, which can be set, and the other, which cannot. */
let wall: number;
let steady: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "openkerb-broom-"));
  store = openStore({ folder });
  wall = noon;
  steady = 0;
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const pass = (time: number): void => {
  wall += time;
  steady += time;
};
const said: string[] = [];
const open = (eventDays = 30) =>
  openBroom({
    store,
    folder,
    keep: { eventDays, minuteDays: 1830 },
    now: () => wall as Instant,
    steady: () => steady,
    every: millis(5),
    journal: {
      clockAhead: () => said.push("ahead"),
      clockPlausible: () => said.push("plausible"),
      sweepFailed: (err) => said.push(String(err)),
    },
  });
/** Some beats of the broom; what it should not have done by then it would not do later. */
const beats = (): Promise<void> => new Promise((done) => setTimeout(done, 100));
const keep = (): void => {
  store.commit([birth(), items([item(1)], epoch, wall as Instant)]);
  pass(10 * day);
  store.commit([items([item(2)], epoch, wall as Instant)]);
};

describe("old data and a clock that is wrong", () => {
  it("is deleted in its time while the clock walks", async () => {
    keep();
    await using broom = open();
    pass(1.5 * day);
    await beats();
    for (let days = 0; days < 20; days++) {
      pass(day);
      await vi.waitFor(() => expect(believed()).toBe(wall), { interval: 1 });
    }
    await vi.waitFor(() => expect(stored(store)).toEqual([2]));
    expect(broom.trouble()).toBeUndefined();
  });

  it.each([30, 400, 40_000])(
    "stays when the clock leaps %i days ahead while the hub runs, and says so",
    async (days) => {
      keep();
      said.length = 0;
      await using broom = open();
      await beats();
      wall += days * day;
      await vi.waitFor(() => expect(broom.trouble()).toMatch(/trust-clock/));
      expect(broom.trouble()).toContain(`${days} days later`);
      await beats();
      expect(stored(store)).toEqual([1, 2]);
      // What comes in under the wrong time does not make it right, nor does a restart.
      store.commit([items([item(3)], epoch, wall as Instant)]);
      await using again = open();
      await beats();
      expect(again.trouble()).toBeDefined();
      expect(stored(store)).toEqual([1, 2, 3]);
      wall -= days * day;
      await vi.waitFor(() => expect(broom.trouble()).toBeUndefined());
      expect(said.filter((s) => s === "ahead")).toHaveLength(2);
      expect(said).toContain("plausible");
    },
  );

  it("stays when the hub starts with a clock far ahead, also for the first time with this program", async () => {
    keep();
    store.database.exec("DELETE FROM counters WHERE name = 'believed-time'");
    wall += 60 * day;
    await using broom = open();
    await beats();
    expect(broom.trouble()).toContain("60 days later");
    expect(stored(store)).toEqual([1, 2]);
  });

  it("goes when a person says that the clock is right, and only for that time", async () => {
    keep();
    await using broom = open();
    wall += 60 * day;
    confirmClock(folder, (wall - day) as Instant);
    await beats();
    expect(stored(store)).toEqual([1, 2]);
    confirmClock(folder, wall as Instant);
    await vi.waitFor(() => expect(stored(store)).toEqual([]));
    expect(broom.trouble()).toBeUndefined();
    wall += 60 * day;
    await vi.waitFor(() => expect(broom.trouble()).toBeDefined());
  });

  it("is not asked about after a weekend, but after a tenth of a short time of keeping", async () => {
    keep();
    {
      await using broom = open();
      wall += 1.9 * day;
      await beats();
      expect(broom.trouble()).toBeUndefined();
    }
    await using broom = open(1);
    wall += day / 8;
    await vi.waitFor(() => expect(broom.trouble()).toContain("3 hours later"));
  });

  it("is asked about after a first start far ahead too, once the clock was right for a day", async () => {
    wall += 3650 * day;
    await using broom = open();
    wall -= 3650 * day;
    keep();
    await beats();
    pass(2 * day);
    await vi.waitFor(() => expect(believed()).toBe(wall));
    wall += 31 * day;
    await vi.waitFor(() => expect(broom.trouble()).toBeDefined());
    expect(stored(store)).toEqual([1, 2]);
  });
});

const believed = (): unknown =>
  store.database.prepare("SELECT value FROM counters WHERE name = 'believed-time'").pluck().get();
