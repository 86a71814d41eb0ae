import {
  Birth,
  type CityEvent,
  DeviceState,
  type DownStream,
  downTopic,
  EventBatch,
  Health,
  parseTopic,
  payloadLimit,
  ReadingBatch,
  type Topic,
} from "@openkerb/contract";
import { connectAsync, type MqttClient } from "mqtt";

/** What the hub's side of the protocol heard, and what it may be told to do wrong. */
export interface HubStandIn extends AsyncDisposable {
  readonly births: Birth[];
  readonly states: DeviceState[];
  readonly healths: Health[];
  /** By epoch and sequence; a later copy does not replace the first. */
  readonly stored: Map<string, Map<number, { event?: CityEvent; value?: number; backfill: boolean }>>;
  /** Every sequence in the order it came, copies included. */
  readonly heard: number[];
  readonly batches: { count: number; bytes: number }[];
  copies: number;
  /** Loses acks, or whole batches, while this says so. */
  loseAck: () => boolean;
  loseBatch: () => boolean;
  watermark(epoch: string): number;
  say(stream: DownStream, content: unknown): Promise<void>;
}

/** The hub's part of the protocol in a page: store by key, move the watermark, ack, ask for gaps. */
export async function hubStandIn(url: string, { gaps = true } = {}): Promise<HubStandIn> {
  let client: MqttClient | undefined;
  let device: Topic | undefined;
  const watermarks = new Map<string, number>();
  const hub: HubStandIn = {
    births: [],
    states: [],
    healths: [],
    stored: new Map(),
    heard: [],
    batches: [],
    copies: 0,
    loseAck: () => false,
    loseBatch: () => false,
    watermark: (epoch) => watermarks.get(epoch) ?? 0,
    say: async (stream, content) => {
      if (!device || !client) throw new Error("no device has been heard yet");
      const payload = typeof content === "string" ? content : JSON.stringify(content);
      await client.publishAsync(downTopic(device, stream), payload, { qos: 1 });
    },
    [Symbol.asyncDispose]: async () => {
      await client?.endAsync(true);
    },
  };

  const ack = (epoch: string): void => {
    if (!hub.loseAck()) void hub.say("ack", { v: 1, epoch, upTo: hub.watermark(epoch) }).catch(() => undefined);
  };

  function commit(payload: Buffer, kind: "event" | "reading"): void {
    const batch = (kind === "event" ? EventBatch : ReadingBatch).parse(JSON.parse(payload.toString()));
    hub.batches.push({ count: batch.items.length, bytes: payload.length });
    if (hub.loseBatch()) return;
    const rows = hub.stored.get(batch.epoch) ?? new Map();
    hub.stored.set(batch.epoch, rows);
    for (const item of batch.items) {
      hub.heard.push(item.sequence);
      if (rows.has(item.sequence)) hub.copies++;
      else
        rows.set(item.sequence, {
          ...("event" in item ? { event: item.event } : { value: item.reading.value }),
          backfill: item.backfill ?? false,
        });
      if ("event" in item && item.event.kind === "lost-range" && item.event.to !== undefined) {
        const lost = hub.stored.get(item.event.epoch) ?? new Map();
        for (let n: number = item.event.from; n <= item.event.to; n++)
          if (!lost.has(n)) lost.set(n, { backfill: false });
      }
    }
    let upTo = hub.watermark(batch.epoch);
    while (rows.has(upTo + 1)) upTo++;
    watermarks.set(batch.epoch, upTo);
    ack(batch.epoch);
    const highest = Math.max(...rows.keys());
    if (gaps && highest > upTo) {
      let to = upTo + 1;
      while (!rows.has(to + 1)) to++;
      void hub.say("resend", { v: 1, epoch: batch.epoch, from: upTo + 1, to }).catch(() => undefined);
    }
  }

  client = await connectAsync(url, { protocolVersion: 4, reconnectPeriod: 50, clientId: "hub-stand-in" });
  client.on("error", () => undefined);
  client.on("message", (topic, payload) => {
    if (payload.length > payloadLimit) throw new Error(`a payload of ${payload.length} bytes`);
    const place = parseTopic(topic);
    if (place?.way !== "up") throw new Error(`heard on ${topic}`);
    device = place;
    const content = (): unknown => JSON.parse(payload.toString());
    switch (place.stream) {
      case "birth": {
        const birth = Birth.parse(content());
        hub.births.push(birth);
        return ack(birth.epoch);
      }
      case "state":
        hub.states.push(DeviceState.parse(content()));
        return;
      case "health":
        hub.healths.push(Health.parse(content()));
        return;
      case "events":
        return commit(payload, "event");
      case "readings":
        return commit(payload, "reading");
      default:
        place satisfies never;
    }
  });
  await client.subscribeAsync("openkerb/1/+/+/+/up/#", { qos: 1 });
  return hub;
}
