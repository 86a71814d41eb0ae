import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeviceId, HubConfig, UpStream } from "@openkerb/contract";
import { pino } from "pino";
import { Registry } from "prom-client";
import { describe, expect, it, vi } from "vitest";
import { openJournal } from "../journal.ts";
import type { Refusal } from "../store/store.ts";
import { addressOf } from "./address.ts";
import { type Broker, openBroker } from "./broker.ts";
import { trialBox, trialCity } from "./trial-box.ts";

/** Waits for something that a busy machine may take its time for. */
const soon = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 20_000, interval: 20 });

type Trial = AsyncDisposable & {
  readonly broker: Broker;
  readonly url: string;
  readonly heard: { device: string; stream: UpStream; text: string }[];
  readonly refused: { device: string; why: Refusal }[];
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  server.close();
  await once(server, "close");
  return port;
}

async function mosquitto(): Promise<AsyncDisposable & { url: string }> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "openkerb-broker-"));
  const file = join(folder, "mosquitto.conf");
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  const child: ChildProcess = spawn("mosquitto", ["-c", file], { stdio: "ignore" });
  await soon(async () => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.destroy();
  });
  return {
    url: `mqtt://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, "exit");
      rmSync(folder, { recursive: true });
    },
  };
}

async function open(config: HubConfig["broker"], url?: string, other?: AsyncDisposable): Promise<Trial> {
  const heard: Trial["heard"] = [];
  const refused: Trial["refused"] = [];
  const broker = await openBroker({
    config,
    city: trialCity,
    devices: [],
    onMessage: ({ device }, stream, payload) => {
      heard.push({ device, stream, text: payload.toString() });
      return undefined;
    },
    onRefused: (device, why) => refused.push({ device, why }),
    journal: openJournal(pino({ level: "silent" }), new Registry()),
  });
  return {
    broker,
    url: url ?? `mqtt://127.0.0.1:${broker.port}`,
    heard,
    refused,
    async [Symbol.asyncDispose]() {
      await broker[Symbol.asyncDispose]();
      await other?.[Symbol.asyncDispose]();
    },
  };
}

const embedded = (): Promise<Trial> => open({ kind: "embedded", host: "127.0.0.1", port: 0 });
const external = async (): Promise<Trial> => {
  const child = await mosquitto();
  return open({ kind: "external", url: child.url }, child.url, child);
};

describe.each([
  ["the embedded endpoint", embedded],
  ["mosquitto", external],
])("a broker (%s)", (_name, start) => {
  it("brings what a device says to the hub, with who said it", async () => {
    await using trial = await start();
    await using box = await trialBox(trial.url, "box-1");
    await box.say("events", "one");
    await box.say("health", "two", { qos: 0 });
    await box.say("state", "three", { retain: true });
    await soon(() => expect(trial.heard).toHaveLength(3));
    expect(trial.heard).toEqual([
      { device: "box-1", stream: "events", text: "one" },
      { device: "box-1", stream: "health", text: "two" },
      { device: "box-1", stream: "state", text: "three" },
    ]);
  });

  it("keeps the order of one device and loses nothing under a flood", async () => {
    await using trial = await start();
    await using box = await trialBox(trial.url, "box-1");
    const wanted = Array.from({ length: 800 }, (_, n) => String(n));
    await Promise.all(wanted.map((text) => box.say("events", text)));
    await soon(() => expect(trial.heard).toHaveLength(800));
    expect(trial.heard.map((h) => h.text)).toEqual(wanted);
  });

  it("brings what the hub says to that device and to no other", async () => {
    await using trial = await start();
    await using one = await trialBox(trial.url, "box-1");
    await using two = await trialBox(trial.url, "box-2");
    expect(trial.broker.send(addressOf(trialCity, one.device), "ack", '{"upTo":7}')).toBe(true);
    await soon(() => expect(one.heard).toEqual([{ stream: "ack", message: { upTo: 7 } }]));
    await trial.broker.send(addressOf(trialCity, two.device), "ack", '{"upTo":1}');
    await soon(() => expect(two.heard).toHaveLength(1));
    expect(one.heard).toHaveLength(1);
  });

  it("keeps what is retained for a device that comes later, the newest only", async () => {
    await using trial = await start();
    const address = addressOf(trialCity, "late" as DeviceId);
    trial.broker.send(address, "desired", '{"n":1}', { retain: true });
    trial.broker.send(address, "desired", '{"n":2}', { retain: true });
    trial.broker.send(address, "ack", '{"n":3}');
    await using box = await trialBox(trial.url, "late");
    await soon(() => expect(box.heard).toEqual([{ stream: "desired", message: { n: 2 } }]));
  });

  it("speaks the last will of a box that lost its power, and not of one that said goodbye", async () => {
    await using trial = await start();
    const gone = await trialBox(trial.url, "box-1", { session: 4 });
    const polite = await trialBox(trial.url, "box-2", { session: 1 });
    await polite.say("state", JSON.stringify({ v: 1, state: "stopped", session: 1 }));
    await polite.bye();
    await gone.vanish();
    await soon(() => expect(trial.heard.at(-1)?.device).toBe("box-1"));
    expect(trial.heard.map((h) => [h.device, JSON.parse(h.text)])).toEqual([
      ["box-2", { v: 1, state: "stopped", session: 1 }],
      ["box-1", { v: 1, state: "lost", session: 4 }],
    ]);
  });

  it("knows which devices are there", async () => {
    await using trial = await start();
    const box = await trialBox(trial.url, "box-1");
    await box.say("state", '{"v":1,"state":"online","session":1}', { retain: true });
    await soon(() => expect(trial.broker.connected()).toEqual(["box-1"]));
    await box.vanish();
    await soon(() => expect(trial.broker.connected()).toEqual([]));
  });

  it("refuses a payload above 256 KiB and goes on serving the others", async () => {
    await using trial = await start();
    const big = await trialBox(trial.url, "box-1");
    await using other = await trialBox(trial.url, "box-2");
    // The embedded endpoint hangs up on such a packet, so that its PUBACK never comes.
    void big.say("events", Buffer.alloc(256 * 1024 + 2000, 65)).catch(() => {});
    await soon(() => expect(trial.refused).toEqual([{ device: "box-1", why: "too-large" }]));
    await other.say("events", "still here");
    await soon(() => expect(trial.heard.map((h) => h.text).filter((t) => t === "still here")).toHaveLength(1));
    expect(trial.heard.some((h) => h.text.includes("AAAA"))).toBe(false);
    await big.vanish();
  });

  it("takes a payload of exactly 256 KiB", async () => {
    await using trial = await start();
    await using box = await trialBox(trial.url, "box-1");
    await box.say("events", Buffer.alloc(256 * 1024, 66));
    await soon(() => expect(trial.heard[0]?.text).toHaveLength(256 * 1024));
  });
});
