import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Address,
  type CityId,
  type DeviceId,
  downTopic,
  type Instant,
  millis,
  type StreamMessage,
  shardOf,
  upTopic,
} from "@openkerb/contract";
import { checkHubConfig, type Hub, type HubParts, startHub } from "@openkerb/hub";
import { connectAsync } from "mqtt";
import { trialBirth, trialProvenance } from "../../hub/src/broker/trial-box.ts";
import { heardBlocks } from "../../hub/src/heard-blocks.ts";
import { lampPost } from "../../hub/src/made-box.ts";

/** Waits for what must become true; the time is only for machines with much else to do. */
export async function until(check: () => void | Promise<void>, patience = 20_000): Promise<void> {
  const deadline = performance.now() + patience;
  for (;;)
    try {
      await check();
      return;
    } catch (err) {
      if (performance.now() > deadline) throw err;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
}

/** A folder that is gone at the end of the block. */
export async function madeFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "openkerb-hub-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A hub of the test's own on free ports of this machine. */
export async function hubIn(folder: string, config: object = {}, overrides: HubParts["overrides"] = {}): Promise<Hub> {
  const settings = await checkHubConfig(
    { version: 1, city: "demo", data: "data", page: { port: 0 }, broker: { kind: "embedded", port: 0 }, ...config },
    folder,
  );
  return startHub(settings, { overrides: { patience: { lost: millis(500) }, ...overrides } });
}

/** How long a box waits for an ack before it says the same again, milliseconds. */
const ackWithin = 3000;

/** One box, speaking MQTT as the contract has it and nothing more: what is not acknowledged it says again. */
export async function boxAt(port: number, name = "kerb-01", site = "mill-road") {
  const device = name as DeviceId;
  const address: Address = {
    city: "demo" as CityId,
    device,
    shard: shardOf(createHash("sha256").update(device).digest()),
  };
  const will = {
    topic: upTopic(address, "state"),
    payload: Buffer.from('{"v":1,"state":"lost","session":1}'),
    qos: 1,
    retain: true,
  } as const;
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
    clientId: device,
    protocolVersion: 4,
    reconnectPeriod: 0,
    will,
  });
  const epoch = "0123456789abcdef";
  let sequence = 0;
  let acked = 0;
  client.on("message", (topic, payload) => {
    if (topic.endsWith("/ack")) acked = Math.max(acked, JSON.parse(payload.toString()).upTo);
  });
  await client.subscribeAsync(downTopic(address, "ack"), { qos: 1 });
  const say = (stream: "birth" | "state" | "events" | "health", message: object) =>
    client.publishAsync(upTopic(address, stream), JSON.stringify({ v: 1, ...message }), { qos: 1 });
  const unacked = new Map<number, object>();
  const bring = (items: readonly (readonly [number, object])[]) =>
    say("events", { epoch, sent: Date.now(), items: items.map(([at, event]) => ({ sequence: at, event })) });
  const again = setInterval(() => {
    for (const at of unacked.keys()) if (at <= acked) unacked.delete(at);
    if (unacked.size > 0 && client.connected) bring([...unacked].slice(0, 500)).catch(() => {});
  }, ackWithin).unref();
  client.once("close", () => clearInterval(again));
  const stamp = () => ({
    at: Date.now(),
    clock: "synced",
    quality: 1,
    provenance: trialProvenance,
    camera: "cam-1",
  });
  return {
    client,
    say,
    get sent() {
      return sequence;
    },
    get acked() {
      return acked;
    },
    birth: (next = 1) => {
      sequence = next - 1;
      const sensors = [{ id: "air", name: "Dust on the lamp post", profile: "sensirion-sps30" }];
      const more = { site, next, software: "0.1.0", cameras: [lampPost], sensors };
      return say("birth", trialBirth(device, epoch, more));
    },
    tell: (...events: object[]) => {
      const items = events.map((event) => [++sequence, { ...stamp(), ...event }] as const);
      for (const [at, event] of items) unacked.set(at, event);
      return bring(items);
    },
    crossed: { kind: "line-crossed", line: "west", direction: "in", class: "car" },
    dark: (active: boolean) => ({ kind: "camera-troubled", trouble: "dark", active }),
    [Symbol.asyncDispose]: () => client.endAsync(true),
  };
}

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  readonly text: string;
};
export type Ask = {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly authority?: string;
};

/** One request with exactly these headers, as no browser would let a test write them. */
export function ask(
  url: string,
  path: string,
  { method = "GET", headers = {}, body, authority }: Ask = {},
): Promise<Answer> {
  const send = url.startsWith("https:") ? httpsRequest : httpRequest;
  const payload = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = send(
      new URL(path, url),
      {
        method,
        agent: false,
        ...(authority !== undefined && { ca: authority }),
        headers: { ...(payload !== undefined && { "content-type": "application/json" }), ...headers },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece) => {
          text += piece;
        });
        response.on("error", reject);
        response.on("end", () => {
          const json = response.headers["content-type"]?.includes("json") === true && text !== "";
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            body: json ? JSON.parse(text) : undefined,
          });
        });
      },
    );
    request.on("error", reject);
    request.end(payload);
  });
}

/** A visitor with a cookie and a token, as a page has them. */
export async function visitor(url: string, authority?: string) {
  let cookie = "";
  let csrf = "";
  const more = authority === undefined ? {} : { authority };
  const go = async (path: string, { headers, ...rest }: Ask = {}): Promise<Answer> => {
    const answer = await ask(url, path, {
      ...more,
      ...rest,
      headers: {
        ...(cookie && { cookie }),
        ...(rest.method && rest.method !== "GET" && { "x-csrf-token": csrf }),
        ...headers,
      },
    });
    const set = answer.headers["set-cookie"]?.[0];
    if (set) cookie = set.split(";")[0] ?? "";
    if (path.endsWith("/session") && answer.status === 200) csrf = (answer.body as { csrf: string }).csrf;
    return answer;
  };
  await go("/api/v1/session");
  return {
    go,
    get cookie() {
      return cookie;
    },
    get csrf() {
      return csrf;
    },
    post: (path: string, body: unknown) => go(path, { method: "POST", body }),
    login: (person: string, password: string) => go("/api/v1/session", { method: "POST", body: { person, password } }),
  };
}

/** Follows the stream as a browser does, and comes again with its last id when the hub was away. */
export function follow(url: () => string, headers: Record<string, string> = {}) {
  const stop = new AbortController();
  const heard: { id: string; message: StreamMessage; at: Instant }[] = [];
  let id: string | undefined;
  let opened = 0;
  const once = async (): Promise<void> => {
    const answer = await fetch(`${url()}/api/v1/stream`, {
      signal: stop.signal,
      headers: { ...headers, ...(id !== undefined && { "last-event-id": id }) },
    });
    if (!answer.ok || !answer.body) throw new Error(`the stream answers ${answer.status}`);
    opened++;
    let text = "";
    for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
      text += piece;
      const whole = text.lastIndexOf("\n\n") + 2;
      if (whole === 1) continue;
      const said = heardBlocks(text.slice(0, whole));
      text = text.slice(whole);
      for (const { data, ...block } of said) {
        id = block.id ?? id;
        if (data !== undefined) heard.push({ id: id ?? "", message: JSON.parse(data), at: Date.now() as Instant });
      }
    }
  };
  const running = (async () => {
    while (!stop.signal.aborted) {
      await once().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return {
    heard,
    get opened() {
      return opened;
    },
    get ready() {
      return id !== undefined;
    },
    events: () => heard.flatMap(({ message }) => (message.type === "event" ? [message.stored.id] : [])),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}
