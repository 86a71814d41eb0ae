import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Epoch, Instant, Sequence } from "@openkerb/contract";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addressOf } from "../broker/address.ts";
import { openBroker } from "../broker/broker.ts";
import { crossed, trialBox, trialCity } from "../broker/trial-box.ts";
import { openJournal } from "../journal.ts";
import { openStore } from "../store/sqlite-store.ts";
import type { Committed, Store } from "../store/store.ts";
import { inboxToRecords } from "./inbox-to-records.ts";
import { mqttToInbox } from "./mqtt-to-inbox.ts";
import { recordsToStore } from "./records-to-store.ts";

/** Waits for something that a busy machine may take its time for. */
const soon = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 20_000, interval: 20 });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "openkerb-flow-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The hub from its door to its store, without what comes after. */
async function ingest(options: { now?: () => number; store?: (store: Store) => Store; mayDie?: true } = {}) {
  const lines: string[] = [];
  const journal = openJournal(pino({ level: "debug" }, { write: (line) => lines.push(line) }), new Registry());
  const now = (): Instant => (options.now?.() ?? Date.now()) as Instant;
  const store = openStore({ folder });
  const inbox = mqttToInbox(now);
  const broker = await openBroker({
    config: { kind: "embedded", host: "127.0.0.1", port: 0 },
    city: trialCity,
    devices: [],
    onMessage: inbox.take,
    onRefused: inbox.refuse,
    journal,
  });
  const committed: Committed[] = [];
  const used = options.store?.(store) ?? store;
  const flow = (async () => {
    const records = inboxToRecords(inbox, journal);
    for await (const c of recordsToStore(records, { store: used, send: broker.send, city: trialCity, journal, now }))
      committed.push(c);
  })();
  flow.catch(() => {});
  return {
    store,
    broker,
    committed,
    lines,
    url: `mqtt://127.0.0.1:${broker.port}`,
    async [Symbol.asyncDispose]() {
      await broker[Symbol.asyncDispose]();
      inbox.close();
      if (options.mayDie) await flow.catch(() => {});
      else await flow;
      await store[Symbol.asyncDispose]();
    },
  };
}

const batch = (box: { epoch: string }, items: unknown[], more = {}): unknown => ({
  v: 1,
  epoch: box.epoch,
  sent: Date.now(),
  items,
  ...more,
});

describe("from a device to the store", () => {
  it("acknowledges what is committed, and a repeated batch again", async () => {
    await using hub = await ingest();
    await using box = await trialBox(hub.url, "box-1");
    await box.birth();
    await soon(() => expect(box.heard).toEqual([{ stream: "ack", message: { v: 1, epoch: box.epoch, upTo: 0 } }]));
    await box.events(1, 2, 3);
    await soon(() => expect(box.acked()).toBe(3));
    const before = box.heard.length;
    await box.events(1, 2, 3);
    await soon(() => expect(box.heard.length).toBeGreaterThan(before));
    expect(hub.store.device(box.device)?.stored).toBe(3);
  });

  it("never acknowledges before the commit is on the disk", async () => {
    const at: { committed: number[]; acked: number[] } = { committed: [], acked: [] };
    await using hub = await ingest({
      store: (store) => ({
        ...store,
        commit(records) {
          const result = store.commit(records);
          at.committed.push(result.streams[0]?.upTo ?? -1);
          return result;
        },
      }),
    });
    await using box = await trialBox(hub.url, "box-1");
    await box.birth();
    for (let n = 1; n <= 200; n += 2) await box.events(n, n + 1);
    await soon(() => expect(box.acked()).toBe(200));
    for (const { stream, message } of box.heard) if (stream === "ack") at.acked.push(Number(message.upTo));
    expect(at.acked.every((upTo) => at.committed.includes(upTo))).toBe(true);
    expect(at.acked).toEqual([...at.acked].sort((a, b) => a - b));
  });

  it("stores once what was committed when the hub died before it could say so", async () => {
    {
      await using hub = await ingest({
        mayDie: true,
        store: (store) => ({
          ...store,
          commit(records) {
            const done = store.commit(records);
            if (done.stored > 0) throw new Error("struck by lightning");
            return done;
          },
        }),
      });
      await using box = await trialBox(hub.url, "box-1");
      await box.birth();
      await box.events(1, 2, 3);
      await soon(() => expect(hub.store.device(box.device)?.stored).toBe(3));
      expect(box.acked()).toBe(0);
    }
    await using hub = await ingest();
    await using box = await trialBox(hub.url, "box-1", { session: 2 });
    await box.birth();
    await soon(() => expect(box.acked()).toBe(3));
    await box.events(1, 2, 3, 4);
    await soon(() => expect(box.acked()).toBe(4));
    expect(await hub.store.eventsAfter(0, 10)).toHaveLength(4);
  });

  it("puts many messages of many boxes into few commits", async () => {
    await using hub = await ingest();
    const boxes = await Promise.all(["a", "b", "c", "d"].map((name) => trialBox(hub.url, name)));
    for (const box of boxes) await box.birth();
    await Promise.all(boxes.flatMap((box) => Array.from({ length: 250 }, (_, n) => box.events(n + 1))));
    for (const box of boxes) await soon(() => expect(box.acked()).toBe(250));
    expect(hub.committed.length).toBeLessThan(300);
    expect(hub.committed.reduce((sum, c) => sum + c.stored, 0)).toBe(1000);
    for (const box of boxes) await box.bye();
  });

  it("asks for what is missing and goes on when it has come", async () => {
    await using hub = await ingest();
    await using box = await trialBox(hub.url, "box-1");
    await box.birth();
    await box.events(1, 2);
    await box.events(5, 6);
    await soon(() =>
      expect(box.heard.filter((h) => h.stream === "resend")).toEqual([
        { stream: "resend", message: { v: 1, epoch: box.epoch, from: 3, to: 4 } },
      ]),
    );
    expect(box.acked()).toBe(2);
    await box.events(3, 4);
    await soon(() => expect(box.acked()).toBe(6));
  });

  it("comes to an end when a box does not have any more what this hub never got", async () => {
    // As after putting back an old copy of the hub's database: the box has forgotten what an earlier hub acknowledged.
    let ahead = 0;
    await using hub = await ingest({ now: () => Date.now() + ahead });
    await using box = await trialBox(hub.url, "box-1");
    await box.birth({ next: 103 as never });
    await box.events(101, 102);
    await soon(async () => {
      ahead += 2000;
      await box.events(102);
      expect(box.acked()).toBe(102);
    });
    expect(await hub.store.missing()).toMatchObject([{ from: 1, to: 100, why: "not-held" }]);
    expect(box.heard.filter((h) => h.stream === "resend")).toHaveLength(5);
    await box.events(50);
    await soon(() => expect(hub.store.device(box.device)).toMatchObject({ stored: 3, lost: 99 }));
  });

  it("asks a box it does not know for its birth, and takes its events then", async () => {
    await using hub = await ingest();
    await using box = await trialBox(hub.url, "box-1");
    await box.events(1);
    await soon(() => expect(box.heard).toMatchObject([{ stream: "command", message: { do: "send-birth" } }]));
    expect(hub.store.devices()).toEqual([]);
    await box.birth();
    await box.events(1);
    await soon(() => expect(box.acked()).toBe(1));
  });

  it("asks nothing of a box that says who it is a moment after saying that it is there", async () => {
    await using hub = await ingest();
    await using box = await trialBox(hub.url, "box-1");
    await Promise.all([box.say("state", { v: 1, state: "online", session: 1 }), box.birth()]);
    await box.events(1);
    await soon(() => expect(box.acked()).toBe(1));
    // Whoever is to be asked is asked after a second.
    await new Promise((resolve) => setTimeout(resolve, 1600));
    expect(box.heard.filter((h) => h.stream === "command")).toEqual([]);
  });

  it("asks a box it knows for the birth of another outbox, whose birth it missed", async () => {
    await using hub = await ingest();
    await using box = await trialBox(hub.url, "box-1");
    await box.birth();
    const epoch = "00000000000000bb";
    await box.say("events", batch({ epoch }, [{ sequence: 1, event: crossed(Date.now()) }]));
    await soon(() => expect(box.heard.filter((h) => h.stream === "command")).toHaveLength(1));
    expect(hub.store.device(box.device)?.stored).toBe(0);
    await box.birth({ epoch: epoch as Epoch, session: 2, next: 2 as Sequence });
    // Before it sends again by itself: the birth tells of one that is not here.
    await soon(() => expect(box.heard.filter((h) => h.stream === "resend")).toHaveLength(1));
    await box.say("events", batch({ epoch }, [{ sequence: 1, event: crossed(Date.now()) }]));
    await soon(() => expect(hub.store.device(box.device)?.stored).toBe(1));
  });

  it.each([
    ["is not JSON", "not-json", () => "{oops"],
    ["is empty", "not-json", () => ""],
    ["is of another version", "wrong-version", (box: { epoch: string }) => batch(box, [{}], { v: 2 })],
    ["has no items", "wrong-shape", (box: { epoch: string }) => batch(box, [])],
    ["has another envelope", "unknown-field", (box: { epoch: string }) => batch(box, [{}], { jpeg: "AAAA" })],
    ["is a list", "wrong-shape", () => []],
    ["has too many items", "wrong-shape", (box: { epoch: string }) => batch(box, Array(501).fill({ sequence: 1 }))],
  ])("refuses a message that %s, counts it as %s and goes on", async (_what, why, message) => {
    await using hub = await ingest();
    await using box = await trialBox(hub.url, "box-1");
    await box.birth();
    await box.say("events", message(box));
    await box.events(1);
    await soon(() => expect(box.acked()).toBe(1));
    expect(hub.store.refusals()).toMatchObject([{ device: "box-1", why, count: 1 }]);
    expect(box.connected).toBe(true);
  });

  it("refuses a birth that speaks of another box", async () => {
    await using hub = await ingest();
    await using box = await trialBox(hub.url, "box-1");
    await box.birth({ device: "box-2" as never });
    await soon(() => expect(hub.store.refusals()).toMatchObject([{ device: "box-1", why: "foreign-topic" }]));
    expect(hub.store.devices()).toEqual([]);
  });

  it("acknowledges past a bad item, stores the good ones around it and counts one that has no place", async () => {
    await using hub = await ingest();
    await using box = await trialBox(hub.url, "box-1");
    await box.birth();
    const good = (sequence: number) => ({ sequence, event: crossed(Date.now()) });
    await box.say(
      "events",
      batch(box, [good(1), { sequence: 2, event: { kind: "face-seen" } }, { event: 5 }, good(3)]),
    );
    await soon(() => expect(box.acked()).toBe(3));
    expect(hub.store.device(box.device)).toMatchObject({ stored: 2, refused: 2 });
  });

  it("says lost when a box is gone, and online when it is back", async () => {
    await using hub = await ingest();
    const box = await trialBox(hub.url, "box-1", { session: 1 });
    await box.birth();
    await soon(() => expect(hub.store.device(box.device)?.state).toBe("online"));
    await box.vanish();
    await soon(() => expect(hub.store.device(box.device)?.state).toBe("lost"));
    await using again = await trialBox(hub.url, "box-1", { session: 2 });
    await again.birth();
    await soon(() => expect(hub.store.device(box.device)?.state).toBe("online"));
  });
});

describe("a hub whose disk is full", () => {
  it("acknowledges nothing, stays up, and takes everything when there is room again", async () => {
    await using hub = await ingest();
    await using box = await trialBox(hub.url, "box-1");
    await box.birth();
    await box.events(1);
    await soon(() => expect(box.acked()).toBe(1));
    const pages = hub.store.database.pragma("page_count", { simple: true }) as number;
    hub.store.database.pragma(`max_page_count = ${pages}`);
    const numbers = Array.from({ length: 3000 }, (_, n) => n + 2);
    const send = async (): Promise<void> => {
      for (let n = 0; n < numbers.length; n += 500) await box.events(...numbers.slice(n, n + 500));
    };
    await send();
    await soon(() => expect(hub.lines.some((line) => line.includes('"store-failed"'))).toBe(true));
    expect(box.acked()).toBeLessThan(3001);
    const stuck = box.acked();
    await box.say("state", { v: 1, state: "stopped", session: 1 });
    hub.store.database.pragma("max_page_count = 1000000");
    await soon(() => expect(hub.lines.some((line) => line.includes('"store-recovered"'))).toBe(true));
    await soon(() => expect(hub.store.device(box.device)?.state).toBe("stopped"));
    await send();
    await soon(() => expect(box.acked()).toBe(3001));
    expect(stuck).toBeLessThan(3001);
    expect(hub.store.device(box.device)?.stored).toBe(3001);
  });
});

describe("a hub that could not write while a box came and went", () => {
  it("shows the box as it was last, not as it was in between", async () => {
    await using hub = await ingest();
    await using box = await trialBox(hub.url, "box-1");
    await box.birth({ session: 1 });
    await soon(() => expect(hub.store.device(box.device)?.state).toBe("online"));
    const pages = hub.store.database.pragma("page_count", { simple: true }) as number;
    hub.store.database.pragma(`max_page_count = ${pages}`);
    await box.events(...Array.from({ length: 500 }, (_, n) => n + 1));
    await box.events(...Array.from({ length: 500 }, (_, n) => n + 501));
    await box.events(...Array.from({ length: 500 }, (_, n) => n + 1001));
    await soon(() => expect(hub.lines.some((line) => line.includes('"store-failed"'))).toBe(true));
    await box.say("state", { v: 1, state: "lost", session: 1 });
    await box.birth({ session: 2, software: "second" });
    await box.say("state", { v: 1, state: "lost", session: 2 });
    hub.store.database.pragma("max_page_count = 1000000");
    await soon(() => expect(hub.store.device(box.device)?.software).toBe("second"));
    // The first try after the trouble may come between the two messages.
    await soon(() => expect(hub.store.device(box.device)?.state).toBe("lost"));
  });
});

describe("what nobody may keep", () => {
  const secrets = {
    crop: "Q1JPUC1PRi1BLUZBQ0UtOTkx",
    plate: "ZZ99 PLT",
    embedding: "0.918273645",
    name: "Winifred Sanderson-Quill",
    phone: "0171 555 0199",
  };

  it("is in no file of the database and in no line of the log", async () => {
    const lines: string[] = [];
    {
      await using hub = await ingest();
      await using box = await trialBox(hub.url, "box-1");
      await box.birth({
        cameras: [
          {
            id: "north",
            name: `North, call ${secrets.phone}, ${secrets.plate}`,
            model: { name: "centernet6", sha256: "0".repeat(64) },
            lines: [],
            zones: [],
          },
        ] as never,
      });
      const bad = [
        { crop: secrets.crop },
        { plate: secrets.plate },
        { embedding: [Number(secrets.embedding)] },
        { kind: "face-seen", who: secrets.name },
        { camera: secrets.name },
        { [secrets.name]: true },
      ];
      await box.say(
        "events",
        batch(box, [
          ...bad.map((more, n) => ({ sequence: n + 1, event: { ...crossed(Date.now()), ...more } })),
          { sequence: bad.length + 1, event: crossed(Date.now()), still: secrets.crop },
          { sequence: bad.length + 2, event: crossed(Date.now()) },
        ]),
      );
      await box.say("events", `not json ${secrets.name} ${secrets.crop}`);
      await box.say("health", { v: 1, note: secrets.name });
      await box.say("events", batch(box, [{ sequence: 99, event: crossed(Date.now()) }], { thumbnail: secrets.crop }));
      await soon(() => expect(box.acked()).toBe(bad.length + 2));
      await soon(() => expect(hub.store.device(box.device)?.refused).toBe(bad.length + 4));
      expect(hub.store.births()[0]?.birth.cameras[0]?.name).toBe("North, call ***, ***");
      lines.push(...hub.lines);
      searchFor(lines);
    }
    searchFor(lines);
  });

  function searchFor(lines: readonly string[]): void {
    const files = readdirSync(folder);
    expect(files).toContain("hub.sqlite");
    for (const secret of Object.values(secrets)) {
      for (const file of files)
        expect(readFileSync(join(folder, file)).includes(secret), `${secret} in ${file}`).toBe(false);
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
    // The search itself must be able to find something.
    expect(files.some((file) => readFileSync(join(folder, file)).includes("centernet6"))).toBe(true);
    expect(lines.some((line) => line.includes("unknown-field"))).toBe(true);
  }
});

it("knows where a device of a city speaks", () => {
  expect(addressOf(trialCity, "box-1" as never)).toEqual({ city: "trial", shard: "16", device: "box-1" });
});
