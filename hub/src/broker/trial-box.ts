import {
  type Birth,
  type CityEvent,
  type CityId,
  type DeviceId,
  type DeviceState,
  type DownStream,
  downTopic,
  parseTopic,
  type UpStream,
  upTopic,
} from "@openkerb/contract";
import { connectAsync, type IClientOptions } from "mqtt";
import { addressOf } from "./address.ts";

/** A device for tests: it says what it is told to say and remembers what it hears. */
export type TrialBox = AsyncDisposable & {
  readonly device: DeviceId;
  readonly epoch: string;
  readonly heard: { readonly stream: DownStream; readonly message: { [key: string]: unknown } }[];
  say(stream: UpStream, message: unknown, options?: { retain?: boolean; qos?: 0 | 1 | 2 }): Promise<void>;
  birth(more?: Partial<Birth> & Record<string, unknown>): Promise<void>;
  /** Sends events with these sequences in one batch. */
  events(...sequences: number[]): Promise<void>;
  /** The highest sequence the hub has acknowledged. */
  acked(): number;
  readonly connected: boolean;
  /** Stops reading, as a box whose program hangs. */
  freeze(): void;
  /** Ends the connection properly. */
  bye(): Promise<void>;
  /** Goes without a word, as in a power cut. */
  vanish(): Promise<void>;
};

export const trialCity = "trial" as CityId;
export const trialProvenance = { source: "model:centernet6@0123456789ab", config: "0123456789ab" };

export const crossed = (at: number, more: Record<string, unknown> = {}): CityEvent =>
  ({
    kind: "line-crossed",
    at,
    clock: "synced",
    quality: 1,
    provenance: trialProvenance,
    camera: "north",
    line: "kerb",
    direction: "in",
    class: "car",
    ...more,
  }) as CityEvent;

/** A camera with one line and one zone, as its box describes it. */
export const trialCamera = (camera: string, name: string, line: [string, string], zone: [string, string]) => ({
  id: camera,
  name,
  model: { name: "centernet6", sha256: "0".repeat(64) },
  lines: [{ id: line[0], name: line[1] }],
  zones: [{ id: zone[0], name: zone[1] }],
});

export const trialBirth = (device: string, epoch: string, more: Record<string, unknown> = {}): Birth => {
  const birth: unknown = {
    v: 1,
    device,
    site: "street",
    session: 1,
    epoch,
    next: 1,
    software: "trial",
    config: "0123456789ab",
    cameras: [trialCamera("north", "North", ["kerb", "Kerb"], ["stop", "Bus stop"])],
    sensors: [],
    ...more,
  };
  return birth as Birth;
};

export async function trialBox(
  url: string,
  name: string,
  options: IClientOptions & { epoch?: string; session?: number; listen?: boolean } = {},
): Promise<TrialBox> {
  const { epoch = "00000000000000aa", session = 1, listen = true, ...mqtt } = options;
  const device = name as DeviceId;
  const address = addressOf(trialCity, device);
  const heard: { stream: DownStream; message: { [key: string]: unknown } }[] = [];
  const state = (now: DeviceState["state"]): string => JSON.stringify({ v: 1, state: now, session });
  const client = await connectAsync(url, {
    clientId: name,
    protocolVersion: 4,
    reconnectPeriod: 0,
    will: { topic: upTopic(address, "state"), payload: Buffer.from(state("lost")), qos: 1, retain: true },
    ...mqtt,
  });
  client.on("error", () => {});
  client.on("message", (topic, payload) => {
    const parsed = parseTopic(topic);
    if (parsed?.way === "down") heard.push({ stream: parsed.stream, message: JSON.parse(payload.toString()) });
  });
  if (listen) await client.subscribeAsync(downTopic(address, "ack").replace(/ack$/, "#"), { qos: 1 });
  const box: TrialBox = {
    device,
    epoch,
    heard,
    async say(stream, message, { retain = false, qos = 1 } = {}) {
      const payload = Buffer.isBuffer(message) || typeof message === "string" ? message : JSON.stringify(message);
      await client.publishAsync(upTopic(address, stream), payload, { qos, retain });
    },
    birth: (more = {}) => box.say("birth", trialBirth(name, epoch, { session, ...more })),
    events: (...sequences) =>
      box.say("events", {
        v: 1,
        epoch,
        sent: Date.now(),
        items: sequences.map((sequence) => ({ sequence, event: crossed(Date.now()) })),
      }),
    acked: () =>
      Math.max(
        0,
        ...heard.filter((h) => h.stream === "ack" && h.message.epoch === epoch).map((h) => Number(h.message.upTo)),
      ),
    get connected() {
      return client.connected;
    },
    freeze: () => void client.stream.pause(),
    bye: () => client.endAsync(),
    async vanish() {
      client.stream.destroy();
      await client.endAsync(true);
    },
    async [Symbol.asyncDispose]() {
      await client.endAsync(true);
    },
  };
  return box;
}
