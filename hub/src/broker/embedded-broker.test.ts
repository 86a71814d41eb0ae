import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DeviceId, type HubConfig, Trouble, type UpStream } from "@openkerb/contract";
import fc from "fast-check";
import { connectAsync, type IClientOptions } from "mqtt";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openJournal } from "../journal.ts";
import { addressOf } from "./address.ts";
import { openBroker } from "./broker.ts";
import { hashPassword } from "./credential.ts";
import { trialBox, trialCity } from "./trial-box.ts";

/** Waits for something that a busy machine may take its time for. */
const soon = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 20_000, interval: 20 });

type Embedded = Extract<HubConfig["broker"], { kind: "embedded" }>;

async function open(
  config: Partial<Embedded> = {},
  devices: HubConfig["devices"] = [],
  wait?: () => Promise<void> | undefined,
) {
  const heard: { device: string; stream: UpStream; text: string }[] = [];
  const refused: { device: string; why: string }[] = [];
  const registry = new Registry();
  const broker = await openBroker({
    config: { kind: "embedded", host: "127.0.0.1", port: 0, ...config },
    city: trialCity,
    devices,
    onMessage: ({ device }, stream, payload) => {
      heard.push({ device, stream, text: payload.toString() });
      return wait?.();
    },
    onRefused: (device, why) => refused.push({ device, why }),
    journal: openJournal(pino({ level: "silent" }), registry),
  });
  const cuts = async (): Promise<Record<string, number>> => {
    const metric = (await registry.getMetricsAsJSON()).find((m) => m.name === "openkerb_hub_connections_cut_total");
    return Object.fromEntries((metric?.values ?? []).map((v) => [String(v.labels.why), v.value]));
  };
  return {
    broker,
    heard,
    refused,
    cuts,
    url: `mqtt://127.0.0.1:${broker.port}`,
    secure: `mqtts://127.0.0.1:${broker.port}`,
    [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
  };
}

/** The code of the broker's refusal, or what else went wrong. */
const refusal = (url: string, options: IClientOptions): Promise<unknown> =>
  connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0, ...options }).then(
    async (client) => {
      await client.endAsync(true);
      return "let in";
    },
    (error: { code?: unknown }) => error.code,
  );

describe("the door for devices", () => {
  it("ends a connection that publishes under the name of another device, and tells nobody what it said", async () => {
    await using trial = await open();
    const box = await trialBox(trial.url, "box-1");
    const other = addressOf(trialCity, "box-2" as DeviceId);
    const client = await connectAsync(trial.url, { clientId: "rogue", protocolVersion: 4, reconnectPeriod: 0 });
    client.on("error", () => {});
    client.publish(`openkerb/1/${trialCity}/${other.shard}/box-2/up/events`, "as another", { qos: 1 });
    await soon(() => expect(client.connected).toBe(false));
    expect(trial.heard).toEqual([]);
    expect(trial.refused).toEqual([{ device: "rogue", why: "foreign-topic" }]);
    await box.say("events", "mine");
    expect(trial.heard.map((h) => h.text)).toEqual(["mine"]);
    await client.endAsync(true);
    await box.bye();
  });

  it.each([
    ["in another city", "openkerb/1/elsewhere/{shard}/rogue/up/events"],
    ["in another shard", "openkerb/1/trial/3f/rogue/up/events"],
    ["as the hub", "openkerb/1/trial/{shard}/rogue/down/ack"],
    ["anywhere else", "some/topic"],
    ["into the broker's own topics", "$SYS/anything"],
  ])("ends a connection that publishes %s", async (_what, topic) => {
    await using trial = await open();
    const client = await connectAsync(trial.url, { clientId: "rogue", protocolVersion: 4, reconnectPeriod: 0 });
    client.on("error", () => {});
    const { shard } = addressOf(trialCity, "rogue" as DeviceId);
    client.publish(topic.replace("{shard}", shard), "x", { qos: 0 });
    await soon(() => expect(client.connected).toBe(false));
    expect(trial.heard).toEqual([]);
    await client.endAsync(true);
  });

  it("lets a device listen to its own orders and to nothing else", async () => {
    await using trial = await open();
    const spy = await connectAsync(trial.url, { clientId: "spy", protocolVersion: 4, reconnectPeriod: 0 });
    const heard: string[] = [];
    spy.on("message", (topic) => heard.push(topic));
    for (const filter of ["#", "+/#", "openkerb/1/trial/+/+/up/#", "openkerb/1/trial/+/box-1/down/#", "$SYS/#"])
      await expect(spy.subscribeAsync(filter, { qos: 1 })).rejects.toThrow();
    await using box = await trialBox(trial.url, "box-1");
    await box.say("events", "private");
    trial.broker.send(addressOf(trialCity, box.device), "ack", '{"upTo":1}');
    await soon(() => expect(box.heard).toHaveLength(1));
    expect(heard).toEqual([]);
    await spy.endAsync(true);
  });

  it("cuts off a device that stops reading, while the others are served as before", async () => {
    await using trial = await open();
    const frozen = await trialBox(trial.url, "frozen");
    await using lively = await trialBox(trial.url, "lively");
    frozen.freeze();
    const address = addressOf(trialCity, frozen.device);
    const filler = JSON.stringify({ fill: "x".repeat(20_000) });
    await soon(() => {
      for (let n = 0; n < 50; n++) trial.broker.send(address, "command", filler);
      expect(trial.broker.connected()).toEqual(["lively"]);
    });
    expect(await trial.cuts()).toEqual({ "too-slow": 1 });
    trial.broker.send(addressOf(trialCity, lively.device), "ack", '{"upTo":1}');
    await lively.say("events", "fine");
    await soon(() => expect(lively.heard).toHaveLength(1));
    await frozen.vanish();
  });

  it("serves every other device at once while one is asked to wait, and loses nothing of that one", async () => {
    let free = (): void => {};
    const gate = new Promise<void>((resolve) => {
      free = resolve;
    });
    let held = true;
    await using trial = await open({}, [], () => (held ? gate : undefined));
    await using fast = await trialBox(trial.url, "fast");
    const flood = Promise.all(Array.from({ length: 3000 }, (_, n) => fast.say("events", `${n} ${"x".repeat(300)}`)));
    await soon(() => expect(trial.heard.length).toBeGreaterThan(0));
    const sofar = trial.heard.length;
    held = false;
    await using other = await trialBox(trial.url, "other");
    await other.say("events", "me too");
    expect(trial.heard.filter((h) => h.device === "other")).toHaveLength(1);
    expect(sofar).toBeLessThan(3000);
    free();
    await flood;
    const numbers = trial.heard.filter((h) => h.device === "fast").map((h) => Number(h.text.split(" ")[0]));
    expect(numbers).toEqual(Array.from({ length: 3000 }, (_, n) => n));
  });

  it("hangs up on a packet that announces more than the limit, before it has arrived", async () => {
    await using trial = await open();
    const socket = connect(trial.broker.port ?? 0, "127.0.0.1");
    await once(socket, "connect");
    socket.write(Buffer.from("100f00044d51545404020000000362626203".slice(0, 34), "hex"));
    await once(socket, "data");
    // PUBLISH of 200 MB: only the head is ever sent.
    socket.write(Buffer.from([0x32, 0x80, 0x84, 0xaf, 0x5f]));
    await once(socket, "close");
    expect(await trial.cuts()).toEqual({ "too-large": 1 });
    expect(trial.refused).toEqual([{ device: "bbb", why: "too-large" }]);
  });

  it("hangs up on what is not MQTT", async () => {
    await using trial = await open();
    const socket = connect(trial.broker.port ?? 0, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: hub\r\n\r\n");
    await once(socket, "close");
    await using box = await trialBox(trial.url, "box-1");
    await box.say("events", "still serving");
    expect(trial.heard).toHaveLength(1);
  });

  it("refuses names that are no device ids, wills of others, and MQTT 5", async () => {
    await using trial = await open();
    expect(await refusal(trial.url, { clientId: "Not A Name" })).toBe(2);
    expect(
      await refusal(trial.url, {
        clientId: "box",
        will: { topic: "a/b", payload: Buffer.from(""), qos: 0, retain: false },
      }),
    ).toBe(5);
    expect(await refusal(trial.url, { clientId: "box", protocolVersion: 5 })).not.toBe("let in");
    expect(await refusal(trial.url, { clientId: "box" })).toBe("let in");
  });

  it("lets the new connection of a box replace the old one, whose will is heard first", async () => {
    await using trial = await open();
    const old = await trialBox(trial.url, "box-1", { session: 1 });
    await using fresh = await trialBox(trial.url, "box-1", { session: 2 });
    await fresh.say("events", "after");
    expect(trial.heard.map((h) => h.text)).toEqual(['{"v":1,"state":"lost","session":1}', "after"]);
    expect(trial.broker.connected()).toEqual(["box-1"]);
    await old.vanish();
  });

  it("counts nobody as connected who left while being let in", async () => {
    await using trial = await open();
    const hello = Buffer.from("100f00044d51545404020000000362626203".slice(0, 34), "hex");
    const leaving = Array.from({ length: 20 }, async (_, n) => {
      const socket = connect(trial.broker.port ?? 0, "127.0.0.1");
      await once(socket, "connect");
      const name = Buffer.from(`${n + 100}`);
      socket.end(Buffer.concat([hello.subarray(0, hello.length - 3), name]));
      await once(socket.resume(), "close");
    });
    await Promise.all(leaving);
    await using box = await trialBox(trial.url, "box-1");
    await box.say("events", "still served");
    await soon(() => expect(trial.broker.connected()).toEqual(["box-1"]));
  });

  it("says nothing about its guests when it closes itself", async () => {
    const trial = await open();
    const box = await trialBox(trial.url, "box-1");
    await trial.broker[Symbol.asyncDispose]();
    expect(trial.heard).toEqual([]);
    await box.vanish();
  });

  it("says which port is taken and what to do", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as { port: number };
    await expect(open({ port })).rejects.toThrow(
      new Trouble(
        `port ${port} on 127.0.0.1 is taken`,
        "end the program that holds it (perhaps another hub or mosquitto), or set broker.port to another",
      ),
    );
    holder.close();
  });

  it("does not listen beyond this machine without encryption, nor for anybody", async () => {
    await expect(open({ host: "0.0.0.0" })).rejects.toThrow(/without encryption/);
    await expect(open({ host: "0.0.0.0", tls: { key: "k", certificate: "c" } })).rejects.toThrow(/for anybody/);
  });
});

describe("who is let in", () => {
  const folder = mkdtempSync(join(tmpdir(), "openkerb-tls-"));
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => void execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  /** A new key, and with it a request for a certificate or one of its own. */
  const request = (name: string, ...more: string[]): void =>
    openssl(
      "req",
      ...more,
      ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
      ...["-keyout", `${name}.key`, "-subj", `/CN=${name}`],
    );
  const signed = (name: string, authority: string): void => {
    request(name, "-out", `${name}.csr`);
    openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      "-CA",
      `${authority}.pem`,
      "-CAkey",
      `${authority}.key`,
      "-CAcreateserial",
      "-out",
      `${name}.pem`,
      "-days",
      "2",
    );
  };
  const authority = (name: string): void => request(name, "-x509", "-out", `${name}.pem`, "-days", "2");
  let devices: HubConfig["devices"];

  beforeAll(async () => {
    authority("city");
    authority("stranger");
    for (const name of ["localhost", "box-1"]) signed(name, "city");
    signed("box-9", "stranger");
    devices = [{ device: "box-2" as DeviceId, password: await hashPassword("of box 2") }];
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const tls = () => ({
    key: file("localhost.key"),
    certificate: file("localhost.pem"),
    clientAuthority: file("city.pem"),
  });
  const trust = (): IClientOptions => ({ ca: readFileSync(file("city.pem")), servername: "localhost" });
  const certificate = (name: string): IClientOptions => ({
    ...trust(),
    key: readFileSync(file(`${name}.key`)),
    cert: readFileSync(file(`${name}.pem`)),
  });

  it("says which file it cannot read and where it is named", async () => {
    const broken = open({ tls: { ...tls(), clientAuthority: file("nowhere.pem") } });
    await expect(broken).rejects.toMatchObject({
      message: `the broker's client authority ${file("nowhere.pem")} cannot be read (ENOENT)`,
      next: "check broker.tls in the hub's file",
    });
  });

  it("knows a box by its certificate or by its password, and nobody by neither", async () => {
    await using trial = await open({ tls: tls() }, devices);
    expect(await refusal(trial.secure, { clientId: "box-1", ...certificate("box-1") })).toBe("let in");
    expect(
      await refusal(trial.secure, { clientId: "box-2", ...trust(), username: "box-2", password: "of box 2" }),
    ).toBe("let in");
    // Twice, because the second answer comes from memory.
    expect(
      await refusal(trial.secure, { clientId: "box-2", ...trust(), username: "box-2", password: "of box 2" }),
    ).toBe("let in");
    for (const wrong of [
      { clientId: "box-2", ...trust(), username: "box-2", password: "guess" },
      { clientId: "box-3", ...trust(), username: "box-2", password: "of box 2" },
      { clientId: "box-3", ...trust(), username: "box-3", password: "of box 2" },
      { clientId: "box-2", ...trust() },
      { clientId: "box-2", ...certificate("box-1") },
      { clientId: "box-9", ...certificate("box-9") },
    ])
      expect(await refusal(trial.secure, wrong)).toBe(4);
  });

  it("lets no flood of wrong logins keep out a box that it knows, and tells the others to come again", async () => {
    await using trial = await open({}, devices);
    const right = { clientId: "box-2", username: "box-2", password: "of box 2" };
    expect(await refusal(trial.url, right)).toBe("let in");
    const flood = Array.from({ length: 200 }, (_, n) =>
      refusal(trial.url, { clientId: `box-${n + 100}`, username: `box-${n + 100}`, password: "guess" }),
    );
    expect(await refusal(trial.url, right)).toBe("let in");
    const answers = await Promise.all(flood);
    // Thirty from one address are looked at and one more every two seconds; 3 is "come again", 4 is "wrong".
    const looked = answers.filter((code) => code === 4).length;
    expect(looked).toBeGreaterThanOrEqual(30);
    expect(looked).toBeLessThan(60);
    expect(answers.filter((code) => code === 3)).toHaveLength(200 - looked);
    expect(await trial.cuts()).toMatchObject({ "login-refused": looked, "too-many-logins": 200 - looked });
  });

  it("asks for passwords on this machine too, as soon as any is configured", async () => {
    await using trial = await open({}, devices);
    expect(await refusal(trial.url, { clientId: "box-2" })).toBe(4);
    expect(await refusal(trial.url, { clientId: "box-2", username: "box-2", password: "of box 2" })).toBe("let in");
  });

  it("carries data over TLS as over TCP", async () => {
    await using trial = await open({ tls: tls() }, devices);
    await using box = await trialBox(trial.secure, "box-1", certificate("box-1"));
    await box.say("events", "sealed");
    trial.broker.send(addressOf(trialCity, box.device), "ack", '{"upTo":1}');
    await soon(() => expect(box.heard).toHaveLength(1));
    expect(trial.heard.map((h) => h.text)).toEqual(["sealed"]);
  });

  it("says which file of the certificate cannot be read", async () => {
    await expect(open({ tls: { ...tls(), key: file("nowhere.key") } }, devices)).rejects.toThrow(
      /nowhere\.key cannot be read \(ENOENT\)/,
    );
  });
});

describe("the bytes of a connection", () => {
  const message = (head: number, topic: string, id: number, payload: Buffer): Buffer => {
    const name = Buffer.from(topic);
    const body = Buffer.concat([
      Buffer.from([name.length >> 8, name.length & 255]),
      name,
      ...((head & 6) === 0 ? [] : [Buffer.from([id >> 8, id & 255])]),
      payload,
    ]);
    const length: number[] = [];
    for (let n = body.length; ; n = Math.floor(n / 128)) {
      length.push(n < 128 ? n : (n % 128) | 128);
      if (n < 128) break;
    }
    return Buffer.concat([Buffer.from([head, ...length]), body]);
  };

  it("get through to the last from a box that is asked to wait now and then, with pings and health between", async () => {
    let told = 0;
    const wait = (): Promise<void> | undefined =>
      ++told % 5 === 0 ? new Promise((resolve) => setTimeout(resolve, 3)) : undefined;
    await using trial = await open({}, [], wait);
    const { shard } = addressOf(trialCity, "bbb" as DeviceId);
    const topic = (stream: string): string => `openkerb/1/trial/${shard}/bbb/up/${stream}`;
    const bytes = Buffer.concat(
      Array.from({ length: 40 }, (_, n) => [
        message(0x32, topic("events"), n + 1, Buffer.alloc((n % 4) * 20_000, 97)),
        ...(n % 3 === 0 ? [message(0x30, topic("health"), 0, Buffer.from("h"))] : [Buffer.from([0xc0, 0])]),
      ]).flat(),
    );
    for (let round = 0; round < 10; round++) {
      trial.heard.length = 0;
      const socket = connect(trial.broker.port ?? 0, "127.0.0.1").setNoDelay(true);
      await once(socket, "connect");
      socket.write(Buffer.from("100f00044d51545404020000000362626203".slice(0, 34), "hex"));
      await once(socket, "data");
      socket.resume();
      for (let at = 0; at < bytes.length; at += 17_000 + round * 5000) {
        socket.write(bytes.subarray(at, at + 17_000 + round * 5000));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await vi.waitFor(() => expect(trial.heard.length).toBe(54), { timeout: 5000, interval: 10 });
      const gone = once(socket, "close");
      socket.destroy();
      await gone;
    }
  });

  it("mean the same however the network cuts them into pieces", async () => {
    await using trial = await open();
    const { shard } = addressOf(trialCity, "bbb" as DeviceId);
    const topic = (stream: string): string => `openkerb/1/trial/${shard}/bbb/up/${stream}`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ size: fc.oneof(fc.nat(300), fc.nat(40_000)), head: fc.constantFrom(0x30, 0x32, 0x3a, 0x33) }),
          {
            minLength: 1,
            maxLength: 12,
          },
        ),
        fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 30 }),
        async (messages, cuts) => {
          trial.heard.length = 0;
          const payloads = messages.map(({ size }, n) => Buffer.alloc(size, 97 + n));
          const ping = Buffer.from([0xc0, 0]);
          const bytes = Buffer.concat(
            messages.flatMap(({ head }, n) => [message(head, topic("events"), n + 1, payloads[n] as Buffer), ping]),
          );
          const socket = connect(trial.broker.port ?? 0, "127.0.0.1");
          await once(socket, "connect");
          socket.write(Buffer.from("100f00044d51545404020000000362626203".slice(0, 34), "hex"));
          await once(socket, "data");
          const answers: Buffer[] = [];
          socket.on("data", (data: Buffer) => answers.push(data));
          for (let at = 0, n = 0; at < bytes.length; n++) {
            const size = cuts[n % cuts.length] as number;
            await new Promise((resolve) => socket.write(bytes.subarray(at, at + size), resolve));
            at += size;
          }
          const acknowledged = messages.flatMap(({ head }, n) => (head === 0x30 ? [] : [n + 1]));
          const wanted = acknowledged.length * 4 + messages.length * 2;
          await soon(() => expect(Buffer.concat(answers).length).toBe(wanted));
          await soon(() => expect(trial.heard).toHaveLength(messages.length));
          expect(trial.heard.map((h) => h.text)).toEqual(payloads.map(String));
          const ids: number[] = [];
          const all = Buffer.concat(answers);
          for (let at = 0; at < all.length; ) {
            if (all[at] === 0x40) ids.push(all.readUInt16BE(at + 2));
            at += all[at] === 0x40 ? 4 : 2;
          }
          expect(ids).toEqual(acknowledged);
          const gone = once(socket, "close");
          socket.destroy();
          await gone;
          await soon(() => expect(trial.broker.connected()).toEqual([]));
        },
      ),
      { numRuns: 25 },
    );
  });
});
