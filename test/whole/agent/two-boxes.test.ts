import { cpSync } from "node:fs";
import { join } from "node:path";
import { type Alert, millis } from "@openkerb/contract";
import { crossing, type Fact, numberOf, openSqliteOutbox, tell } from "@openkerb/edge-agent";
import { describe, expect, it } from "vitest";
import { ask, hubIn, madeFolder, until } from "../hub-bed.ts";
import { mosquittoBroker } from "./brokers.ts";
import { startUplink } from "./uplink.ts";

const crossings = (from: number, count: number): Fact[] =>
  Array.from({ length: count }, (_, i) => ({ event: crossing(from + i) }));

const pace = { firstPause: millis(20), ackWithin: millis(500), answerWithin: millis(2000) };

describe.each(["embedded", "mosquitto"] as const)("two boxes with the same id, %s broker", (kind) => {
  it.each(["each with a card of its own", "with copies of one card"])("are told by name, %s", async (cards) => {
    await using folder = await madeFolder();
    await using outer = kind === "mosquitto" ? await mosquittoBroker() : undefined;
    const broker = outer ? { kind: "external", url: outer.url } : { kind: "embedded", port: 0 };
    await using hub = await hubIn(folder.path, { city: "testville", broker });
    const url = outer?.url ?? `mqtt://127.0.0.1:${hub.brokerPort}`;
    const [one, two] = [join(folder.path, "one"), join(folder.path, "two")];
    if (cards === "with copies of one card") {
      {
        await using outbox = await openSqliteOutbox(one, { tell });
        await outbox.append(crossings(1, 10));
      }
      cpSync(one, two, { recursive: true });
    }
    await using first = await openSqliteOutbox(one, { tell });
    await using second = await openSqliteOutbox(two, { tell });
    await using _a = startUplink(first, url, { pace });
    await using _b = startUplink(second, url, { pace });
    let made = 0;
    const told = async (): Promise<Alert[]> => {
      const { body } = await ask(hub.pageUrl, "/api/v1/alerts?state=open");
      return (body as { alerts: { alert: Alert }[] }).alerts.map(({ alert }) => alert);
    };
    await until(async () => {
      await first.append(crossings(1001 + made, 3));
      await second.append(crossings(1004 + made, 3));
      made += 6;
      expect((await told()).filter((alert) => alert.kind === "device-doubled")).toMatchObject([
        { condition: "active", place: { device: "box-7", site: "corner" }, occurrences: 1 },
      ]);
    }, 40_000);
    const { body } = await ask(hub.pageUrl, "/api/v1/alerts?state=open");
    expect(JSON.stringify(body)).toContain("Two boxes call themselves box-7");

    // What each of them measured is there once, although they threw each other out all the while.
    await until(async () => expect([first.standing().depth, second.standing().depth]).toEqual([0, 0]), 40_000);
    const { body: page } = await ask(hub.pageUrl, "/api/v1/events?limit=500&after=0");
    const { events } = page as { events: { event: { at: number } }[] };
    const seen = events.map(({ event }) => numberOf(event)).filter((n) => n > 10);
    expect(seen.length).toBe(new Set(seen).size);
    if (cards === "each with a card of its own") expect(seen.length).toBe(made);
  });
});
