import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { millis, upTopic } from "@openkerb/contract";
import {
  crossing,
  type Fact,
  numberOf,
  type Outbox,
  openMemoryOutbox,
  openSqliteOutbox,
  reading,
  tell,
} from "@openkerb/edge-agent";
import { connectAsync } from "mqtt";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { aedesBroker, freePort, mosquittoBroker } from "./brokers.ts";
import { certificates } from "./certificates.ts";
import { type HubStandIn, hubStandIn } from "./hub-stand-in.ts";
import { address, startUplink } from "./uplink.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "uplink-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const crossings = (from: number, to: number): Fact[] => range(from, to).map((n) => ({ event: crossing(n) }));
const open = (): Promise<Outbox> => openSqliteOutbox(folder, { tell });
const within = { timeout: 30_000, interval: 10 };
const drained = (outbox: Outbox): Promise<void> => vi.waitFor(() => expect(outbox.standing().depth).toBe(0), within);
const storedNumbers = (hub: HubStandIn, { epoch }: Outbox): number[] =>
  [...(hub.stored.get(epoch)?.values() ?? [])].map(({ event, value }) => value ?? numberOf(event!));
const command = (order: object): object => ({
  v: 1,
  id: randomBytes(8).toString("hex"),
  expires: Date.now() + 60_000,
  ...order,
});

describe.each([
  ["aedes", aedesBroker],
  ["mosquitto", mosquittoBroker],
])("with %s", (_name, startBroker) => {
  it("tells who it is, that it is online, and brings everything in order", async () => {
    await using broker = await startBroker();
    await using hub = await hubStandIn(broker.url, { gaps: false });
    await using outbox = await open();
    await outbox.append(crossings(1, 3));
    await using uplink = startUplink(outbox, broker.url);
    await outbox.append([{ reading: reading(4) }, ...crossings(5, 6)]);
    await drained(outbox);
    expect(hub.births).toMatchObject([{ device: "box-7", epoch: outbox.epoch }]);
    expect(hub.states).toEqual([{ v: 1, state: "online", session: hub.births[0]?.session }]);
    expect(storedNumbers(hub, outbox).sort()).toEqual(range(1, 6));
    expect(hub.copies).toBe(0);
    await vi.waitFor(() => expect(hub.healths.length).toBe(1), within);
    await uplink.stop();
  });

  it("keeps events while the broker is away and delivers them in order when it is back", async () => {
    await using broker = await startBroker();
    await broker.kill();
    await using outbox = await open();
    await using uplink = startUplink(outbox, broker.url);
    for (let n = 1; n <= 3000; n += 100) await outbox.append(crossings(n, n + 99));
    await vi.waitFor(() => expect(uplink.said.map(([name]) => name)).toContain("hubLost"), within);
    expect(outbox.standing().depth).toBe(3000);
    await broker.start();
    await using hub = await hubStandIn(broker.url);
    await drained(outbox);
    expect(storedNumbers(hub, outbox)).toEqual(range(1, 3000));
  });

  it("survives a broker that dies again and again in the middle of the stream", async () => {
    await using broker = await startBroker();
    await using outbox = await open();
    await using _uplink = startUplink(outbox, broker.url, { pace: { ackWithin: millis(300) } });
    await using hub = await hubStandIn(broker.url);
    let made = 0;
    for (let round = 0; round < 5; round++) {
      const before = hub.heard.length;
      for (let i = 0; i < 20; i++) {
        await outbox.append(crossings(made + 1, made + 25));
        made += 25;
      }
      await vi.waitFor(() => expect(hub.heard.length).toBeGreaterThan(before), within);
      await broker.kill();
      await outbox.append(crossings(made + 1, made + 25));
      made += 25;
      await broker.start();
    }
    await drained(outbox);
    expect(storedNumbers(hub, outbox).sort((a, b) => a - b)).toEqual(range(1, made));
    expect(hub.births.length).toBeGreaterThan(3);
    const sessions = hub.births.map(({ session }) => session);
    expect([...new Set(sessions)].sort((a, b) => a - b)).toEqual(sessions);
  });

  it("says `lost` through the broker when it dies and `stopped` when it ends in order, with its session", async () => {
    await using broker = await startBroker();
    await using hub = await hubStandIn(broker.url);
    await using outbox = await open();
    {
      await using uplink = startUplink(outbox, broker.url);
      await vi.waitFor(() => expect(hub.births.length).toBe(1), within);
      await uplink.stop();
    }
    await vi.waitFor(() => expect(hub.states.at(-1)?.state).toBe("stopped"), within);
    expect(new Set(hub.states.map(({ session }) => session)).size).toBe(1);
    // The same name on another connection: the broker throws the first one out, whose will must name its own session.
    await using _first = startUplink(outbox, broker.url, { pace: { firstPause: millis(60_000) }, random: () => 1 });
    await vi.waitFor(() => expect(hub.births.length).toBe(2), within);
    const second = await connectAsync(broker.url, { protocolVersion: 4, clientId: address.device });
    await vi.waitFor(() => expect(hub.states.at(-1)?.state).toBe("lost"), within);
    expect(hub.states.at(-1)?.session).toBe(hub.births[1]?.session);
    // Whoever comes later still sees it.
    const late = await connectAsync(broker.url, { protocolVersion: 4 });
    const retained = new Promise<unknown>((heard) => {
      late.on("message", (_topic, payload, { retain }) => heard({ retain, ...JSON.parse(payload.toString()) }));
    });
    await late.subscribeAsync(upTopic(address, "state"), { qos: 1 });
    expect(await retained).toMatchObject({ retain: true, state: "lost", session: hub.births[1]?.session });
    await late.endAsync();
    await second.endAsync();
  });

  it("keeps batches small when little happens and below the limits when much has waited", async () => {
    await using broker = await startBroker();
    await using hub = await hubStandIn(broker.url);
    await using outbox = await open();
    await outbox.append(crossings(1, 4000));
    await using _uplink = startUplink(outbox, broker.url);
    await drained(outbox);
    expect(Math.max(...hub.batches.map(({ count }) => count))).toBeLessThanOrEqual(500);
    expect(Math.max(...hub.batches.map(({ bytes }) => bytes))).toBeLessThan(256 * 1024);
    expect(hub.batches.length).toBeLessThanOrEqual(10);
    hub.batches.length = 0;
    for (let n = 4001; n <= 4005; n++) {
      await outbox.append(crossings(n, n));
      await drained(outbox);
    }
    expect(hub.batches.map(({ count }) => count)).toEqual([1, 1, 1, 1, 1]);
  });
});

describe("with a hub that errs", () => {
  it("sends again when acks get lost, and the hub stores nothing twice", async () => {
    await using broker = await aedesBroker();
    await using hub = await hubStandIn(broker.url);
    let acks = 0;
    hub.loseAck = () => acks++ < 6;
    await using outbox = await open();
    await using uplink = startUplink(outbox, broker.url, {
      pace: { ackWithin: millis(100), answerWithin: millis(100), strangerWait: millis(100) },
    });
    await outbox.append(crossings(1, 20));
    await drained(outbox);
    expect(storedNumbers(hub, outbox)).toEqual(range(1, 20));
    expect(hub.copies).toBeGreaterThan(0);
    expect(uplink.said.map(([name]) => name)).toContain("ackMissing");
  });

  it("waits longer each time while no ack comes, and does not flood", async () => {
    await using broker = await aedesBroker();
    await using hub = await hubStandIn(broker.url);
    hub.loseAck = () => true;
    await using outbox = await open();
    await outbox.append(crossings(1, 3000));
    await using uplink = startUplink(outbox, broker.url, {
      pace: { ackWithin: millis(50), answerWithin: millis(50), strangerWait: millis(50), itemsUnacked: 1000 },
    });
    const waited = (): unknown[] => uplink.said.filter(([name]) => name === "ackMissing").map(([, span]) => span);
    await vi.waitFor(() => expect(waited().length).toBe(4), within);
    expect(waited()).toEqual([50, 100, 200, 400]);
    expect(Math.max(...hub.heard)).toBe(1000);
    // The first thousand, then five hundred at a time.
    expect(hub.heard.length).toBeLessThanOrEqual(1000 + 4 * 500);
    hub.loseAck = () => false;
    await drained(outbox);
    expect(storedNumbers(hub, outbox)).toEqual(range(1, 3000));
  });

  it("fills the gap when the hub asks for what never came", async () => {
    await using broker = await aedesBroker();
    await using hub = await hubStandIn(broker.url);
    let batches = 0;
    hub.loseBatch = () => batches++ === 1;
    await using outbox = await open();
    await using uplink = startUplink(outbox, broker.url, { pace: { ackWithin: millis(60_000) } });
    for (let n = 1; n <= 5; n++) {
      await outbox.append(crossings(n, n));
      await vi.waitFor(() => expect(hub.batches.length).toBeGreaterThanOrEqual(n), within);
    }
    await drained(outbox);
    expect(storedNumbers(hub, outbox).sort()).toEqual(range(1, 5));
    expect(uplink.said.map(([name]) => name)).toContain("resendAsked");
  });

  it("says what is lost when the hub asks for what was forgotten, so that nobody waits for ever", async () => {
    await using broker = await aedesBroker();
    await using outbox = await open();
    await outbox.append(crossings(1, 10));
    outbox.acked(outbox.epoch, 10);
    await outbox.append(crossings(11, 11));
    // A hub that came back from an old backup knows nothing of 1 to 10.
    await using hub = await hubStandIn(broker.url);
    await using _uplink = startUplink(outbox, broker.url);
    await drained(outbox);
    expect(hub.watermark(outbox.epoch)).toBe(12);
    expect(hub.stored.get(outbox.epoch)?.get(12)?.event).toMatchObject({
      kind: "lost-range",
      from: 1,
      to: 10,
      why: "age",
    });
  });

  it("does not lose data to acks of another epoch, of the future, or of nonsense", async () => {
    await using broker = await aedesBroker();
    await using hub = await hubStandIn(broker.url);
    hub.loseAck = () => true;
    await using outbox = await open();
    await outbox.append(crossings(1, 5));
    const { epoch } = outbox;
    await using uplink = startUplink(outbox, broker.url, {
      pace: { answerWithin: millis(100), strangerWait: millis(100) },
    });
    await vi.waitFor(() => expect(hub.heard.length).toBe(5), within);
    await hub.say("ack", { v: 1, epoch: "ffffffffffffffff", upTo: 5 });
    await hub.say("ack", { v: 1, epoch, upTo: 6 });
    await hub.say("ack", { v: 1, epoch, upTo: -1 });
    await hub.say("ack", { v: 1, epoch, upTo: 5, really: true });
    await hub.say("ack", { v: 2, epoch, upTo: 5 });
    await hub.say("ack", "ack!");
    await hub.say("resend", { v: 1, epoch, from: 3, to: 2 });
    await hub.say("resend", { v: 1, epoch, from: 600, to: 900 });
    await hub.say("resend", { v: 1, epoch: "ffffffffffffffff", from: 1, to: 2 });
    await hub.say("command", "x".repeat(300_000));
    await vi.waitFor(() => expect(uplink.said.length).toBeGreaterThanOrEqual(12), within);
    expect(uplink.said[1]?.[0]).toBe("birthUnanswered");
    expect(uplink.said.slice(2)).toEqual([
      ["ackRefused", "other-epoch"],
      ["ackRefused", "never-appended"],
      ["orderRefused", "ack", "shape"],
      ["orderRefused", "ack", "shape"],
      ["orderRefused", "ack", "shape"],
      ["orderRefused", "ack", "json"],
      ["orderRefused", "resend", "shape"],
      ["resendRefused"],
      ["resendRefused"],
      ["orderRefused", "command", "size"],
    ]);
    expect(outbox.standing().depth).toBe(5);
    expect(JSON.stringify(uplink.said)).not.toContain("ack!");
    await hub.say("ack", { v: 1, epoch, upTo: 5 });
    await drained(outbox);
  });

  it("gets everything through a broker that drops most of a queue", async () => {
    await using broker = await mosquittoBroker("max_queued_messages 3", "max_inflight_messages 1");
    await using hub = await hubStandIn(broker.url);
    await using outbox = await open();
    await using _uplink = startUplink(outbox, broker.url, { pace: { ackWithin: millis(200), smallBatch: 1 } });
    for (let n = 1; n <= 200; n++) await outbox.append(crossings(n, n));
    await drained(outbox);
    expect(storedNumbers(hub, outbox).sort((a, b) => a - b)).toEqual(range(1, 200));
  });

  it("marks what it had to keep for long as backfill, and only that", async () => {
    await using broker = await aedesBroker();
    await using hub = await hubStandIn(broker.url);
    let now = Date.now() - 3_600_000;
    await using outbox = await openMemoryOutbox({
      tell,
      clock: { now: () => now as ReturnType<typeof crossing>["at"], trusted: () => true },
    });
    await outbox.append(crossings(1, 2));
    now = Date.now();
    await outbox.append(crossings(3, 4));
    await using _uplink = startUplink(outbox, broker.url);
    await drained(outbox);
    expect([...(hub.stored.get(outbox.epoch)?.values() ?? [])].map(({ backfill }) => backfill)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("begins anew with the hub when the outbox had to begin a new epoch", async () => {
    await using broker = await aedesBroker();
    await using hub = await hubStandIn(broker.url);
    const box = { of: await openMemoryOutbox({ tell }) };
    const swapping = new Proxy({} as Outbox, { get: (_, key) => Reflect.get(box.of, key) });
    await using _uplink = startUplink(swapping, broker.url);
    await box.of.append(crossings(1, 5));
    await drained(box.of);
    const old = box.of;
    box.of = await openMemoryOutbox({ tell });
    await box.of.append(crossings(6, 8));
    await old.append(crossings(9, 9));
    await drained(box.of);
    expect(hub.births.map(({ epoch }) => epoch)).toEqual([old.epoch, box.of.epoch]);
    expect(storedNumbers(hub, box.of)).toEqual([6, 7, 8]);
  });
});

describe("commands", () => {
  const answers = (hub: HubStandIn, { epoch }: Outbox): unknown[] =>
    [...(hub.stored.get(epoch)?.values() ?? [])].flatMap(({ event }) =>
      event?.kind === "command-answered" ? [[event.command, event.outcome]] : [],
    );

  it("are done once, answered once, and not at all when they come too late", async () => {
    await using broker = await aedesBroker();
    await using hub = await hubStandIn(broker.url);
    await using outbox = await open();
    const obeyed: string[] = [];
    await using _uplink = startUplink(outbox, broker.url, {
      obey: async ({ id, camera }) => {
        obeyed.push(id);
        if (camera === undefined) throw new Error("which?");
        return camera === "north" ? "done" : "refused";
      },
    });
    await vi.waitFor(() => expect(hub.births.length).toBe(1), within);
    const orders = [
      command({ id: "000000000000000a", do: "restart-camera", camera: "north" }),
      command({ id: "000000000000000a", do: "restart-camera", camera: "north" }),
      command({ id: "000000000000000b", do: "restart-camera", camera: "south" }),
      command({ id: "000000000000000c", do: "restart-camera" }),
      command({ id: "000000000000000d", do: "restart-camera", camera: "north", expires: Date.now() - 1 }),
      command({ id: "000000000000000e", do: "send-birth" }),
      command({ id: "000000000000000f", do: "send-health" }),
    ];
    for (const order of orders) await hub.say("command", order);
    await vi.waitFor(() => expect(answers(hub, outbox).length).toBe(6), within);
    expect(answers(hub, outbox).sort()).toEqual([
      ["000000000000000a", "done"],
      ["000000000000000b", "refused"],
      ["000000000000000c", "failed"],
      ["000000000000000d", "expired"],
      ["000000000000000e", "done"],
      ["000000000000000f", "done"],
    ]);
    expect(obeyed).toEqual(["000000000000000a", "000000000000000b", "000000000000000c"]);
    expect(hub.births.length).toBe(2);
    expect(hub.healths.length).toBe(2);
  });

  it("pass on what the hub wants this box to run", async () => {
    await using broker = await aedesBroker();
    await using hub = await hubStandIn(broker.url);
    await using outbox = await open();
    const wanted: unknown[] = [];
    await using _uplink = startUplink(outbox, broker.url, { desired: (desired) => wanted.push(desired) });
    await vi.waitFor(() => expect(hub.births.length).toBe(1), within);
    await hub.say("desired", { v: 1, config: "0123456789ab", models: [] });
    await vi.waitFor(() => expect(wanted).toEqual([{ v: 1, config: "0123456789ab", models: [] }]), within);
  });
});

describe("names what is wrong with the way to the hub", () => {
  const troubleOf = async (url: string): Promise<unknown> => {
    await using outbox = await open();
    await using uplink = startUplink(outbox, url);
    await vi.waitFor(() => expect(uplink.said.length).toBeGreaterThan(0), within);
    const [first] = uplink.said;
    return first?.[1];
  };

  it("nobody there", async () => {
    expect(await troubleOf(`mqtt://127.0.0.1:${await freePort()}`)).toMatchObject({ trouble: "unreachable" });
  });

  it("a wrong password", async () => {
    await using broker = await mosquittoBroker("allow_anonymous false");
    expect(await troubleOf(broker.url)).toMatchObject({ trouble: "login-refused", passing: false });
  });

  it("no certificate where one is expected", async () => {
    await using broker = await aedesBroker();
    expect(await troubleOf(broker.url.replace("mqtt:", "mqtts:"))).toMatchObject({ name: "HubError" });
  });

  it("a certificate of somebody else; with the right one and a password it works", async () => {
    const { authority, other, lines } = await certificates(folder, "box-7", "pässword");
    await using broker = await mosquittoBroker("allow_anonymous false", ...lines);
    const url = broker.url.replace("mqtt://127.0.0.1", "mqtts://localhost");
    const login = { url, user: "box-7", password: "pässword" };
    await using outbox = await open();
    await outbox.append(crossings(1, 1));
    const first = async (hub: object): Promise<unknown> => {
      await using uplink = startUplink(outbox, url, { hub: { ...login, ...hub } });
      await vi.waitFor(() => expect(uplink.said.length).toBeGreaterThan(0), within);
      const [name, what] = uplink.said[0] ?? [];
      return name === "hubConnected" ? name : (what as { trouble: string }).trouble;
    };
    expect(await first({ authority: other })).toBe("certificate");
    expect(await first({})).toBe("certificate");
    expect(await first({ authority, password: "wrong" })).toBe("login-refused");
    expect(await first({ authority })).toBe("hubConnected");
  });

  it("something that closes at once", async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    expect(await troubleOf(`mqtt://127.0.0.1:${port}`)).toMatchObject({ trouble: "lost" });
    server.close();
  });
});
