import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CityEvent } from "@openkerb/contract";
import { expect, it } from "vitest";
import { openSqliteOutbox } from "../outbox/sqlite-outbox.ts";
import { crossing, numberOf, tell } from "../outbox/synthetic.ts";
import { eventsToOutbox } from "./events-to-outbox.ts";

async function* street(count: number): AsyncGenerator<CityEvent, void, undefined> {
  for (let i = 1; i <= count; i++) yield crossing(i);
}

it("has every event on the disk, in order, when the street ends", async () => {
  const folder = await mkdtemp(join(tmpdir(), "outbox-"));
  {
    await using outbox = await openSqliteOutbox(folder, { tell });
    await eventsToOutbox(street(5000), outbox);
    const items = outbox.waiting(0, { items: 10_000, bytes: 1e9 });
    expect(items.map(({ body }) => numberOf(JSON.parse(body)))).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
  }
  await rm(folder, { recursive: true });
});

it("does not wait for the disk before it takes the next event, but does not run away from it either", async () => {
  let taken = 0;
  async function* counted(): AsyncGenerator<CityEvent, void, undefined> {
    for (;;) {
      taken++;
      yield crossing(taken);
    }
  }
  const stuck = { append: () => new Promise<void>(() => undefined) };
  void eventsToOutbox(counted(), stuck);
  for (let before = -1; before !== taken; ) {
    before = taken;
    await new Promise((done) => setTimeout(done, 20));
  }
  expect(taken).toBeGreaterThan(100);
  expect(taken).toBeLessThanOrEqual(1000);
});

it("closes the street and fails when the outbox cannot take any more", async () => {
  let closed = false;
  async function* endless(): AsyncGenerator<CityEvent, void, undefined> {
    try {
      for (let i = 1; ; i++) {
        yield crossing(i);
        await new Promise(setImmediate);
      }
    } finally {
      closed = true;
    }
  }
  let room = 3;
  const broken = {
    append: async () => {
      if (room-- === 0) throw new Error("the disk is gone");
    },
  };
  await expect(eventsToOutbox(endless(), broken)).rejects.toThrow("the disk is gone");
  expect(closed).toBe(true);
});
