import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { futureLimit, type Instant, type SiteId } from "@openkerb/contract";
import Sqlite from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crossed, trialProvenance } from "../broker/trial-box.ts";
import { redactHealth } from "../redact/redact.ts";
import { trialFolder } from "../trial-folder.ts";
import { fileName } from "./database.ts";
import { openStore } from "./sqlite-store.ts";
import { type HubRecord, type Item, StoreFailure } from "./store.ts";
import {
  birth,
  device,
  epoch,
  events,
  item,
  items,
  lostRange,
  minute,
  noon,
  other,
  reading,
  site,
  state,
  stored,
} from "./trial-records.ts";

describe("the store", () => {
  it("stores each event once, however often it comes, and says how far it has come", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth()]);
    expect(store.commit([events(1, 2), events(2, 3)])).toMatchObject({
      stored: 3,
      known: 1,
      streams: [{ device, epoch, upTo: 3, known: 3 }],
    });
    expect(store.commit([events(1, 2, 3)])).toMatchObject({ stored: 0, known: 3, events: [], streams: [{ upTo: 3 }] });
    expect(stored(store)).toEqual([1, 2, 3]);
  });

  it("keeps its files from other people of this machine, in a folder that was there already too", async () => {
    using folder = trialFolder();
    chmodSync(folder.path, 0o755);
    await using store = openStore({ folder: folder.path });
    store.commit([birth()]);
    for (const name of readdirSync(folder.path))
      expect([name, statSync(join(folder.path, name)).mode & 0o077]).toEqual([name, 0]);
  });

  it("a box whose outbox was deleted is shown as it is, whatever its old connection still says", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth({ session: 500 }), state("online", 500)]);
    store.commit([birth({ session: 3, epoch: other }), state("online", 3)]);
    store.commit([state("lost", 500)]);
    expect(store.device(device)?.state).toBe("online");
    store.commit([birth({ session: 4, epoch: other })]);
    store.commit([state("lost", 4)]);
    expect(store.device(device)?.state).toBe("lost");
  });

  it("gives back every kind of event exactly as it came", async () => {
    const stamp = {
      at: noon + 17,
      clock: "unsynced",
      quality: 3,
      provenance: { ...trialProvenance, correction: "barkjohn@1" },
    };
    const seen = { ...stamp, camera: "north" };
    const all = [
      crossed(noon),
      { ...seen, kind: "zone-entered", zone: "stop", class: "bus" },
      { ...seen, kind: "zone-left", zone: "stop", class: "bus", dwell: 0 },
      { ...seen, kind: "vehicle-stopped", zone: "stop", class: "car", dwell: 61_234, active: true },
      { ...seen, kind: "vehicle-stopped", zone: "stop", class: "car", dwell: 61_234, active: false },
      { ...seen, kind: "minute-counted", span: 60_000, watched: 1, lines: [], zones: [] },
      { ...seen, kind: "camera-troubled", trouble: "frozen", active: true },
      { ...stamp, kind: "device-troubled", trouble: "hot", active: false },
      { ...stamp, kind: "command-answered", command: "0123456789abcdef", outcome: "done" },
    ];
    using folder = trialFolder();
    await using store = openStore({ folder: folder.path });
    store.commit([birth()]);
    const { events: told } = store.commit([items(all.map((event, n) => item(n + 1, event)))]);
    const read = await store.eventsAfter(0, 100);
    expect(read.map((e) => e.event)).toEqual(all);
    expect(read).toEqual(told);
    expect(await store.eventsAfter(7, 1)).toEqual([told[7]]);
    expect(await store.eventsAfter(0, 100, "elsewhere" as SiteId)).toEqual([]);
    expect(await store.eventsAfter(0, 2, site)).toEqual(told.slice(0, 2));
  });

  it("knows after a restart what it knew before", async () => {
    using folder = trialFolder();
    {
      await using store = openStore({ folder: folder.path });
      store.commit([birth(), events(1, 2, 5, 6, 9), items([lostRange(10, { from: 7, to: 8 })])]);
    }
    await using store = openStore({ folder: folder.path });
    expect(store.gaps()).toEqual([
      { device, epoch, upTo: 2, known: 10, gap: { from: 3, to: 4 }, ahead: true, current: true },
    ]);
    expect(store.commit([events(3, 4, 5)])).toMatchObject({ stored: 2, known: 1, streams: [{ upTo: 10 }] });
    expect(store.lastEvent()).toBe(8);
    expect(store.device(device)).toMatchObject({ stored: 8, lost: 2, missing: 0 });
  });

  it("agrees with a plain model over restarts, whatever comes in whatever order", async () => {
    type Step = { take: number[] } | "restart" | "give up";
    const number = fc.integer({ min: 1, max: 30 });
    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 6, arbitrary: fc.array(number, { minLength: 1, maxLength: 6 }).map((take) => ({ take })) },
      fc.constant<Step>("restart"),
      fc.constant<Step>("give up"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        using folder = trialFolder();
        let store = openStore({ folder: folder.path });
        store.commit([birth()]);
        const have = new Set<number>();
        const lost = new Set<number>();
        for (const s of steps) {
          if (s === "restart") {
            await store[Symbol.asyncDispose]();
            store = openStore({ folder: folder.path });
          } else if (s === "give up") {
            const gap = store.gaps()[0]?.gap;
            if (gap) {
              store.commit([{ kind: "given-up", device, epoch, received: noon, ...gap }]);
              for (let n = gap.from as number; n <= gap.to; n++) lost.add(n);
            }
          } else {
            store.commit([events(...s.take)]);
            for (const n of s.take) {
              have.add(n);
              lost.delete(n);
            }
          }
          let upTo = 0;
          while (have.has(upTo + 1) || lost.has(upTo + 1)) upTo++;
          expect(store.progress(device)?.upTo).toBe(upTo);
          expect(stored(store).sort((a, b) => a - b)).toEqual([...have].sort((a, b) => a - b));
          expect(store.device(device)?.lost).toBe(lost.size);
        }
        await store[Symbol.asyncDispose]();
      }),
      { numRuns: 40 },
    );
  });

  it("moves past a refused item, and keeps where and why but not what", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth()]);
    const refused: Item = { kind: "refused", sequence: 2 as never, why: "unknown-field" };
    expect(store.commit([items([item(1), refused, item(3)])])).toMatchObject({
      stored: 2,
      refused: 1,
      streams: [{ upTo: 3 }],
    });
    expect(store.database.prepare("SELECT sequence, why, body FROM set_aside").all()).toEqual([
      { sequence: 2, why: "unknown-field", body: null },
    ]);
    expect(store.refusals()).toEqual([{ device, why: "unknown-field", count: 1, first: noon, last: noon }]);
    expect(store.device(device)).toMatchObject({ stored: 2, refused: 1 });
  });

  it("sets aside what claims to come from the future, so that it counts nowhere", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth()]);
    const soon = noon + futureLimit;
    const committed = store.commit([
      items([item(1, crossed(soon)), item(2, crossed(soon + 1)), minute(3, noon + 86_400_000)]),
    ]);
    expect(committed).toMatchObject({ stored: 1, refused: 2, streams: [{ upTo: 3 }] });
    expect(committed.events).toHaveLength(1);
    expect(await store.eventsAfter(0, 10)).toHaveLength(1);
    const { bins } = await store.counts({ site, from: noon, to: (noon + 2 * 86_400_000) as Instant, bin: "day" });
    expect(bins.every((b) => b.watched === 0 && b.lines.length === 0)).toBe(true);
  });

  it("takes nothing from a box that never said who it is, and takes it when it has", async () => {
    await using store = openStore({ memory: true });
    expect(store.commit([events(1)])).toMatchObject({ stored: 0, streams: [], unborn: [device] });
    expect(store.commit([birth(), events(1)])).toMatchObject({ stored: 1, streams: [{ upTo: 1 }] });
  });

  it("tells of a gap that only a birth speaks of", async () => {
    await using store = openStore({ memory: true });
    const { streams } = store.commit([birth({ next: 6 }), events(1)]);
    expect(streams).toMatchObject([{ upTo: 1, gap: { from: 2, to: 5 }, ahead: false }]);
    expect(store.device(device)?.missing).toBe(4);
  });

  it("shows what an outbox had to give up as missing data, and goes on behind it", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth(), events(1, 2)]);
    const committed = store.commit([items([lostRange(8, { from: 3, to: 7, why: "disk-full" })])]);
    expect(committed.streams).toMatchObject([{ upTo: 8 }]);
    expect(committed.lost).toEqual([{ device, epoch, from: 3, to: 7, why: "disk-full", noted: noon }]);
    expect(await store.missing(site)).toEqual(committed.lost);
    expect(store.device(device)).toMatchObject({ lost: 5, missing: 0 });
  });

  it("never loses by a lost range what has arrived, nor what comes after all", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth(), events(1, 4)]);
    expect(store.commit([items([lostRange(7, { from: 2, to: 99 })])]).lost.map(({ from, to }) => [from, to])).toEqual([
      [2, 3],
      [5, 6],
    ]);
    expect(store.commit([events(3, 8)])).toMatchObject({ stored: 2, streams: [{ upTo: 8 }] });
    expect((await store.missing()).map(({ from, to }) => [from, to]).sort()).toEqual([
      [2, 2],
      [5, 6],
    ]);
    expect(stored(store)).toEqual([1, 4, 7, 3, 8]);
  });

  it("closes the books of a damaged outbox whose end nobody knows", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth({ next: 6 }), events(1, 2, 5)]);
    const renewed = birth({ epoch: other, session: 1, next: 2 });
    const committed = store.commit([renewed, items([lostRange(1, { from: 3, why: "damaged" })], other)]);
    expect(committed.lost).toEqual([
      { device, epoch, from: 3, to: 4, why: "damaged", noted: noon },
      { device, epoch, from: 6, why: "damaged", noted: noon },
    ]);
    expect(store.gaps()).toEqual([]);
    expect(store.progress(device)).toMatchObject({ epoch: other, upTo: 1 });
  });

  it("begins anew with a new outbox and still takes what the old one owed", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth({ session: 7 }), events(1, 2, 3)]);
    store.commit([birth({ epoch: other, session: 1 }), items([item(1), item(2)], other)]);
    expect(store.commit([events(4)])).toMatchObject({ stored: 1, streams: [{ epoch, upTo: 4, current: false }] });
    expect(store.progress(device)).toMatchObject({ epoch: other, upTo: 2 });
    expect(store.device(device)?.stored).toBe(6);
  });

  it("is not fooled by the will of an old connection", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth({ session: 3 })]);
    expect(store.commit([state("lost", 2)]).devices).toEqual([]);
    expect(store.device(device)?.state).toBe("online");
    expect(store.commit([state("lost", 3, (noon + 5) as Instant)]).devices).toEqual([device]);
    expect(store.device(device)).toMatchObject({ state: "lost", since: noon + 5 });
    store.commit([birth({ session: 4 })]);
    expect(store.device(device)?.state).toBe("online");
    expect(store.commit([birth({ session: 2 })]).devices).toEqual([]);
  });

  it("keeps the newest health, and forgets after a start who was there", async () => {
    using folder = trialFolder();
    const health = (uptime: number, received: number): HubRecord => {
      const value = redactHealth({ v: 1, at: noon, uptime, memory: 1, outbox: { depth: 0, lost: 0 }, cameras: [] });
      if (value.kind === "refused") throw new Error(value.why);
      return { kind: "health", device, received: received as Instant, health: value.health };
    };
    {
      await using store = openStore({ folder: folder.path });
      store.commit([birth(), health(1, noon), health(2, noon + 10)]);
    }
    await using store = openStore({ folder: folder.path });
    store.forgetStates((noon + 20) as Instant);
    expect(store.device(device)).toMatchObject({
      state: "unknown",
      since: noon + 20,
      heard: noon + 10,
      health: { uptime: 2 },
    });
    store.commit([health(3, noon + 30)]);
    expect(store.device(device)).toMatchObject({ state: "online", since: noon + 30, health: { uptime: 3 } });
  });

  it("stores readings next to those of their series", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth()]);
    const doubtful = (sequence: number, at: number, value: number): Item =>
      reading(sequence, { at, value, clock: "unsynced", quality: 3 });
    // Twice the same moment is two readings: neither may push out the other.
    store.commit([items([doubtful(1, noon, 5), doubtful(2, noon - 60_000, 6.5), doubtful(3, noon, 7)])]);
    const at = { from: (noon - 3_600_000) as Instant, to: noon };
    const page = await store.readings({ channel: 1, ...at, limit: 10, skip: 0, newestFirst: false });
    expect(page).toMatchObject([
      { at: noon - 60_000, sequence: 2, value: 6.5, quality: 3, clock: "unsynced", received: noon },
      { at: noon, sequence: 1, value: 5, received: noon },
      { at: noon, sequence: 3, value: 7 },
    ]);
    expect(store.database.prepare("SELECT count(*) AS n FROM series").get()).toEqual({ n: 1 });
  });
});

describe("a store in trouble", () => {
  it("stores nothing of a commit for which the disk has no room, and goes on when it has", async () => {
    using folder = trialFolder();
    await using store = openStore({ folder: folder.path });
    store.commit([birth(), events(1, 2, 3)]);
    const pages = store.database.pragma("page_count", { simple: true }) as number;
    store.database.pragma(`max_page_count = ${pages}`);
    const many = items(Array.from({ length: 20_000 }, (_, n) => item(n + 4)));
    expect(() => store.commit([state("lost", 1), many])).toThrow(StoreFailure);
    expect(store.progress(device)).toMatchObject({ upTo: 3 });
    expect(store.device(device)?.state).toBe("online");
    expect(store.lastEvent()).toBe(3);
    expect(stored(store)).toEqual([1, 2, 3]);
    store.database.pragma("max_page_count = 1000000");
    expect(store.probe()).toBe(true);
    expect(store.commit([many])).toMatchObject({ stored: 20_000, streams: [{ upTo: 20_003 }] });
    expect(await store.eventsAfter(20_002, 10)).toHaveLength(1);
  });

  it("lets one hub at a time hold a folder", async () => {
    using folder = trialFolder();
    const first = openStore({ folder: folder.path });
    expect(() => openStore({ folder: folder.path })).toThrow(/another hub is running/);
    await first[Symbol.asyncDispose]();
    await openStore({ folder: folder.path })[Symbol.asyncDispose]();
  });

  it("does not touch the database of a newer program", async () => {
    using folder = trialFolder();
    await openStore({ folder: folder.path })[Symbol.asyncDispose]();
    const database = new Sqlite(join(folder.path, fileName));
    database.prepare("INSERT INTO migrations (file) VALUES ('9999-from-tomorrow.sql')").run();
    database.close();
    const before = readFileSync(join(folder.path, fileName));
    expect(() => openStore({ folder: folder.path })).toThrow(/made by a newer hub: it knows 9999-from-tomorrow.sql/);
    expect(readFileSync(join(folder.path, fileName)).equals(before)).toBe(true);
  });

  it("says in words that the file is no database", () => {
    using folder = trialFolder();
    writeFileSync(join(folder.path, fileName), "this is a shopping list, not a database\n".repeat(200));
    expect(() => openStore({ folder: folder.path })).toThrow(/is damaged/);
  });

  it("says in words that the folder cannot be used", () => {
    using folder = trialFolder();
    const file = join(folder.path, "not-a-folder");
    writeFileSync(file, "");
    expect(() => openStore({ folder: file })).toThrow(/cannot be opened/);
  });
});
