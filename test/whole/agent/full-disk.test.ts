import { join } from "node:path";
import { millis } from "@openkerb/contract";
import { crossing, type Fact, numberOf, type Outbox, openSqliteOutbox, tell } from "@openkerb/edge-agent";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { ask, hubIn, madeFolder, until } from "../hub-bed.ts";
import { mayMount, smallDisk } from "../small-disk.ts";
import { freePort } from "./brokers.ts";
import { startUplink } from "./uplink.ts";

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const crossings = (from: number, to: number): Fact[] => range(from, to).map((n) => ({ event: crossing(n) }));
const pace = { ackWithin: millis(500), firstPause: millis(100) };

function inStore<T>(folder: string, look: (database: Sqlite.Database) => T): T {
  const database = new Sqlite(join(folder, "hub.sqlite"), { readonly: true });
  try {
    return look(database);
  } finally {
    database.close();
  }
}
/** What was seen on the street, by its number; reports of the box itself bear today's date. */
const crossingsIn = (database: Sqlite.Database): number[] =>
  database
    .prepare<[], { at: number }>("SELECT at FROM events WHERE at < 1710000000000 ORDER BY at")
    .all()
    .map(numberOf);

describe.skipIf(!mayMount)("on a file system that is really full (needs the right to mount)", () => {
  it("the hub acknowledges nothing, says so, and goes on by itself when there is room, with everything once", async () => {
    await using folder = await madeFolder();
    const data = join(folder.path, "data");
    await using disk = smallDisk(data, "96m");
    await using hub = await hubIn(folder.path, { city: "testville" });
    await using outbox = await openSqliteOutbox(join(folder.path, "box"), { tell });
    await using _uplink = startUplink(outbox, `mqtt://127.0.0.1:${hub.brokerPort}`, { pace });
    await outbox.append(crossings(1, 500));
    await until(() => expect(outbox.standing().depth).toBe(0));

    disk.fill();
    for (let n = 501; n <= 20_500; n += 500) await outbox.append(crossings(n, n + 499));
    await until(async () => {
      const { status, body } = await ask(hub.pageUrl, "/readyz");
      expect(status).toBe(503);
      expect((body as { troubles: string[] }).troubles).toContain("The database cannot be written.");
    });
    const metrics = (await ask(hub.pageUrl, "/metrics")).text;
    expect(metrics).toContain("openkerb_hub_store_writable 0");
    const kept = inStore(data, crossingsIn);
    expect(kept.length).toBeLessThan(20_500);
    // Whatever was acknowledged is there; what is not there is still in the box.
    expect(outbox.standing().acked).toBeLessThanOrEqual(kept.length);
    expect((await ask(hub.pageUrl, "/livez")).status).toBe(200);

    disk.free();
    await until(() => expect(outbox.standing()).toMatchObject({ depth: 0, lost: 0 }), 40_000);
    expect(inStore(data, crossingsIn)).toEqual(range(1, 20_500));
    await until(async () => expect((await ask(hub.pageUrl, "/readyz")).status).toBe(200));
  });

  it("a box keeps the newest, says what it gave up, and goes on by itself when there is room", async () => {
    await using folder = await madeFolder();
    const card = join(folder.path, "card");
    await using disk = smallDisk(card, "8m");
    const port = await freePort();
    await using outbox: Outbox = await openSqliteOutbox(card, { tell });
    await using _uplink = startUplink(outbox, `mqtt://127.0.0.1:${port}`, { pace });
    await outbox.append(crossings(1, 2000));
    disk.fill();
    for (let n = 2001; n <= 30_000; n += 500) await outbox.append(crossings(n, Math.min(30_000, n + 499)));
    expect(outbox.standing()).toMatchObject({ full: true });
    disk.free();
    await outbox.append(crossings(30_001, 30_500));

    // Only now is there a hub.
    await using hub = await hubIn(folder.path, { city: "testville", broker: { kind: "embedded", port } });
    await until(() => expect(outbox.standing().depth).toBe(0), 40_000);
    await outbox.append(crossings(30_501, 31_000));
    await until(() => expect(outbox.standing()).toMatchObject({ depth: 0, full: false }), 40_000);
    const stored = inStore(join(folder.path, "data"), crossingsIn);
    expect(new Set(stored).size).toBe(stored.length);
    expect(stored.slice(-1000)).toEqual(range(30_001, 31_000));
    // Nothing is gone without a word: each number is stored, or known to be missing and why.
    const { watermark, all, missing } = inStore(join(folder.path, "data"), (database) => ({
      watermark: database.prepare<[], number>("SELECT watermark FROM streams").pluck().get(),
      all: database.prepare<[], number>("SELECT count(*) FROM events").pluck().get() ?? 0,
      missing: database
        .prepare<[], number>("SELECT total(last - first + 1) FROM missing WHERE why = 'disk-full'")
        .pluck()
        .get(),
    }));
    expect(missing).toBeGreaterThan(0);
    expect(all + (missing ?? 0)).toBe(watermark);
    expect((await ask(hub.pageUrl, "/readyz")).status).toBe(200);
  });
});
