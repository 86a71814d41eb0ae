import { randomBytes } from "node:crypto";
import {
  type Address,
  type DeviceId,
  type DownStream,
  downTopic,
  type HubConfig,
  parseTopic,
  payloadLimit,
  root,
} from "@openkerb/contract";
import { connect, type IClientOptions, type MqttClient } from "mqtt";
import { addressOf } from "./address.ts";
import type { Broker, BrokerParts } from "./broker.ts";
import { namedFile } from "./named-file.ts";

type External = Extract<HubConfig["broker"], { kind: "external" }>;

/** How long the start waits for the first connection before it goes on without. */
const patience = 5000;
/** Bytes that may wait for a broker that does not read; what is beyond is not sent, and said again later. */
const waitingLimit = 1024 * 1024;

/**
 * A broker beside the hub, of any make that speaks MQTT 3.1.1. Who may say what is that broker's business; the hub
 * checks only that a topic is well formed. It may lose anything: nothing here is believed to have arrived.
 */
export async function openExternalBroker(parts: BrokerParts & { readonly config: External }): Promise<Broker> {
  const { config, city, onMessage, onRefused, journal, shards } = parts;
  const client = connect(config.url, {
    ...login(config),
    clientId: `openkerb-hub-${city}-${randomBytes(4).toString("hex")}`,
    protocolVersion: 4,
    clean: true,
    keepalive: 30,
    reconnectPeriod: 1000,
    connectTimeout: patience,
    queueQoSZero: false,
  });
  const here = new Set<DeviceId>();
  /** What must stand in the broker even when it was away or has forgotten. */
  const retained = new Map<string, string>();

  // mqtt.js hands over one message at a time and answers it when told: here a full hub slows the broker down.
  client.handleMessage = (packet, done) => {
    const topic = parseTopic(packet.topic);
    if (topic === undefined || topic.way !== "up") return done();
    const { stream, device } = topic;
    const payload = packet.payload as Buffer;
    if (topic.city !== city || addressOf(city, device).shard !== topic.shard) {
      onRefused(device, "foreign-topic");
      return done();
    }
    if (payload.length > payloadLimit) {
      onRefused(device, "too-large");
      return done();
    }
    if (stream === "state") notePresence(here, device, payload);
    const wait = onMessage({ city, shard: topic.shard, device }, stream, payload);
    if (wait === undefined) return done();
    wait.then(() => done(), done);
  };
  client.on("connect", () => {
    journal.brokerReached(config.url);
    const filters = (shards ?? ["+"]).map((shard) => `${root}/${city}/${shard}/+/up/+`);
    client.subscribe(filters, { qos: 1 });
    for (const [topic, payload] of retained) client.publish(topic, payload, { qos: 1, retain: true });
  });
  let told = "";
  client.on("error", (error: Error & { code?: string | number }) => {
    told = String(error.code ?? error.name);
    journal.brokerLost(config.url, told);
  });
  client.on("offline", () => {
    here.clear();
    if (told === "") journal.brokerLost(config.url, "offline");
    told = "";
  });
  await firstConnection(client);

  return {
    port: undefined,
    send(address: Address, stream: DownStream, payload: string, options: { readonly retain?: boolean } = {}) {
      const topic = downTopic(address, stream);
      const retain = options.retain === true;
      if (retain) retained.set(topic, payload);
      if (!client.connected || client.stream.writableLength > waitingLimit) return false;
      client.publish(topic, payload, { qos: 1, retain });
      return true;
    },
    connected: () => [...here],
    async [Symbol.asyncDispose]() {
      // What the broker has not confirmed by now is not worth waiting for.
      await client.endAsync(true);
    },
  };
}

/** Who is there stands in the retained state; its meaning is read here only for that, and parsed strictly elsewhere. */
function notePresence(here: Set<DeviceId>, device: DeviceId, payload: Buffer): void {
  if (payload.includes('"state":"online"')) here.add(device);
  else here.delete(device);
}

/** Waits for a while; the journal tells why when it was in vain, and the client goes on trying. */
const firstConnection = (client: MqttClient): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, patience);
    client.once("connect", () => {
      clearTimeout(timer);
      resolve();
    });
  });

function login({ user, passwordFile, authority }: External): IClientOptions {
  const read = (what: string, file: string): Buffer => namedFile(what, file, "broker");
  return {
    ...(user === undefined ? {} : { username: user }),
    ...(passwordFile === undefined ? {} : { password: read("password file", passwordFile).toString().trim() }),
    ...(authority === undefined ? {} : { ca: read("authority", authority) }),
  };
}
