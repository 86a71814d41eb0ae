import { cpSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { millis } from "@openkerb/contract";
import { crossing, type Fact, numberOf, type Outbox, openSqliteOutbox, tell } from "@openkerb/edge-agent";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { hubIn, madeFolder, until } from "../hub-bed.ts";
import { mosquittoBroker } from "./brokers.ts";
import { startUplink } from "./uplink.ts";

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const crossings = (from: number, to: number): Fact[] => range(from, to).map((n) => ({ event: crossing(n) }));

/** What the hub has on its disk, by what was seen and not by its number. */
function storedIn(folder: string): number[] {
  const database = new Sqlite(join(folder, "data", "hub.sqlite"), { readonly: true });
  try {
    return database
      .prepare<[], { at: number }>("SELECT at FROM events")
      .all()
      .map(numberOf)
      .sort((a, b) => a - b);
  } finally {
    database.close();
  }
}

describe.each(["embedded", "mosquitto"] as const)("a box restored from an image of its card, %s broker", (kind) => {
  it("has everything stored once that it sees from then on, whatever the hub knew of it before", async () => {
    await using folder = await madeFolder();
    await using outer = kind === "mosquitto" ? await mosquittoBroker() : undefined;
    const broker = outer ? { kind: "external", url: outer.url } : { kind: "embedded", port: 0 };
    await using hub = await hubIn(folder.path, { city: "testville", broker });
    const url = outer?.url ?? `mqtt://127.0.0.1:${hub.brokerPort}`;
    const card = join(folder.path, "card");
    const open = (): Promise<Outbox> => openSqliteOutbox(card, { tell });
    const bringing = async (facts: Fact[]): Promise<void> => {
      await using outbox = await open();
      await outbox.append(facts);
      await using uplink = startUplink(outbox, url, { pace: { answerWithin: millis(10_000) } });
      await until(() => expect(outbox.standing().depth).toBe(0));
      await uplink.stop();
    };

    await bringing(crossings(1, 5));
    cpSync(card, join(folder.path, "image"), { recursive: true });
    await bringing(crossings(6, 105));
    await rm(card, { recursive: true });
    cpSync(join(folder.path, "image"), card, { recursive: true });

    // More than the hub knows, and started anew, before it gets to the hub.
    for (const from of [2001, 2201]) {
      await using outbox = await open();
      await outbox.append(crossings(from, from + 199));
    }
    await bringing(crossings(2401, 2410));
    expect(storedIn(folder.path)).toEqual([...range(1, 105), ...range(2001, 2410)]);
  });
});
