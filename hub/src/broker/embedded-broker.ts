import type { Socket } from "node:net";
import { type DeviceId, downTopic, type HubConfig, payloadLimit, upTopic } from "@openkerb/contract";
import { Aedes, type Client, type PublishPacket } from "aedes";
import type { CutReason } from "../journal.ts";
import { addressOf } from "./address.ts";
import { admission } from "./admission.ts";
import type { Broker, BrokerParts } from "./broker.ts";
import { openDeviceSocket, refuseToStandOpen } from "./device-socket.ts";
import { type Guest, guestAt, hears, mayListen } from "./guest.ts";
import { isLoopback } from "./loopback.ts";
import { shortWay } from "./short-way.ts";

type Embedded = Extract<HubConfig["broker"], { kind: "embedded" }>;

/** Bytes that may wait for a device that does not read; then it is cut off, keeps its data and comes again. */
const waitingLimit = 256 * 1024;
/** How long a device that does not read may hold what waits for it. */
const drainTime = 10_000;
/** A payload with its topic, lengths and packet id. */
const packetLimit = payloadLimit + 1024;
/** Nobody needs more to say who they are. */
const connectLimit = 8 * 1024;
const connectTime = 10_000;

/** Parts of aedes 1.2 that its types leave out; the tests of this file notice when they change. */
type Inside = { readonly _will: { readonly topic: string } | undefined };
type Registering = { readonly clients: Record<string, Client>; unregisterClient(client: Client): void };
type Retaining = { readonly persistence: { storeRetained(packet: PublishPacket): Promise<void> } };

/** CONNACK return codes of MQTT 3.1.1, table 3.1. A box that was not looked at is to come again soon. */
const returnCodes = { "unknown-name": 2, "too-many-logins": 3, "login-refused": 4 } as const;

/**
 * The door for devices inside the hub: an ingest endpoint that speaks MQTT 3.1.1, not a general broker. What devices
 * publish goes to the hub and to nobody else, and each hears only its own `down/`, so that no reader can hold up
 * another. Sessions are not kept: everything that matters is said again by the protocol above.
 */
export async function openEmbeddedBroker(parts: BrokerParts & { readonly config: Embedded }): Promise<Broker> {
  const { config, city, devices, onMessage, onRefused, journal } = parts;
  const { host } = config;
  refuseToStandOpen(config, devices);
  const open = isLoopback(host) && devices.length === 0 && config.tls?.clientAuthority === undefined;
  const admit = admission(devices);
  const known = new WeakMap<Client, Guest>();
  const guests = new Map<DeviceId, { client: Client; guest: Guest; socket: Socket }>();
  let closing = false;

  const cut = (client: Client, why: CutReason): void => {
    if (client.conn.destroyed) return;
    journal.connectionCut(why, known.get(client)?.address.device);
    client.conn.destroy();
  };

  const broker = new Aedes({
    connectTimeout: connectTime,
    drainTimeout: drainTime,
    maxTopicLevels: 8,
    maxInflightInbound: 10,
    maxClientsIdLength: 32,
    preConnect: (_client, packet, done) => {
      // Kept sessions would pile up messages for boxes that are away.
      packet.clean = true;
      done(null, true);
    },
    authenticate: (client, user, password, done) => {
      const refuse = (why: CutReason, returnCode: 2 | 3 | 4 | 5): void => {
        journal.connectionCut(why);
        done(Object.assign(new Error(why), { returnCode }), false);
      };
      admit(client.conn as Socket, client.id, user, password, open).then(
        (admitted) => {
          if (admitted.kind === "refused") {
            refuse(admitted.why, returnCodes[admitted.why]);
            return;
          }
          const address = addressOf(city, admitted.device);
          const will = (client as unknown as Inside)._will;
          if (will && will.topic !== upTopic(address, "state")) {
            refuse("foreign-will", 5);
            return;
          }
          known.set(client, guestAt(address));
          done(null, true);
        },
        () => refuse("login-refused", 3),
      );
    },
    // Called before the PUBACK: a device that sends faster than the hub takes waits here, and only this device.
    authorizePublish: (client, packet, done) => {
      const guest = client && known.get(client);
      if (!guest || closing) {
        done(new Error("closing"));
        return;
      }
      const stream = guest.up.get(packet.topic);
      if (stream === undefined) {
        journal.connectionCut("foreign-topic", guest.address.device);
        onRefused(guest.address.device, "foreign-topic");
        done(new Error("foreign topic"));
        return;
      }
      const payload = packet.payload as Buffer;
      if (payload.length > payloadLimit) {
        journal.connectionCut("too-large", guest.address.device);
        onRefused(guest.address.device, "too-large");
        done(new Error("too large"));
        return;
      }
      const wait = onMessage(guest.address, stream, payload);
      if (wait === undefined) done();
      else
        wait.then(
          () => done(),
          (error: Error) => done(error),
        );
    },
    authorizeSubscribe: (client, subscription, done) => {
      const guest = known.get(client);
      const own = guest && mayListen(guest.address, subscription.topic);
      if (!own) journal.connectionCut("foreign-subscription", guest?.address.device);
      else guest.listens.add(subscription.topic);
      // Null answers the subscription with a failure and leaves the connection alone.
      done(null, own ? subscription : null);
    },
  });
  const publishInside = broker.publish.bind(broker);
  broker.publish = (packet: PublishPacket, ...rest: unknown[]) => {
    // Only what the broker says to itself still goes its old way; messages of devices have arrived already.
    if (packet.topic.startsWith("$SYS/")) return (publishInside as (...all: unknown[]) => void)(packet, ...rest);
    const done = rest.at(-1);
    if (typeof done === "function") done();
  };
  await broker.listen();

  broker.on("clientReady", (client) => {
    const guest = known.get(client);
    if (!guest) return;
    if (client.closed) {
      // It left while it was let in. aedes notices that too early and would keep it for ever.
      const inside = broker as unknown as Registering;
      if (inside.clients[client.id] === client) inside.unregisterClient(client);
      return;
    }
    guests.set(guest.address.device, { client, guest, socket: client.conn as Socket });
    journal.deviceConnected(guest.address.device, guests.size);
  });
  broker.on("clientDisconnect", (client) => {
    const device = known.get(client)?.address.device;
    if (device === undefined || guests.get(device)?.client !== client) return;
    guests.delete(device);
    journal.deviceGone(device, guests.size);
  });
  broker.on("unsubscribe", (filters, client) => {
    for (const filter of filters) known.get(client)?.listens.delete(filter);
  });

  const accept = (socket: Socket): void => {
    const client = broker.handle(socket);
    shortWay(client, socket, {
      limit: { stranger: connectLimit, guest: packetLimit },
      waitingLimit,
      take(topic, payload) {
        const guest = closing ? undefined : known.get(client);
        const stream = guest?.up.get(topic);
        // What is not allowed goes the long way, where it is refused.
        if (guest === undefined || stream === undefined || payload.length > payloadLimit) return undefined;
        return onMessage(guest.address, stream, payload) ?? "taken";
      },
      cut(why) {
        const device = known.get(client)?.address.device;
        cut(client, why);
        if (device !== undefined && why === "too-large") onRefused(device, why);
      },
    });
  };
  const door = await openDeviceSocket({
    config,
    handshake: connectTime,
    accept,
    refused: (why) => journal.connectionCut(why),
  }).catch((error: unknown) => {
    broker.close();
    throw error;
  });
  journal.brokerListening(host, door.port, config.tls !== undefined);

  return {
    port: door.port,
    send(address, stream, payload, options = {}) {
      const packet: PublishPacket = {
        cmd: "publish",
        topic: downTopic(address, stream),
        payload: Buffer.from(payload),
        qos: 1,
        retain: options.retain === true,
        dup: false,
      };
      if (packet.retain) void (broker as unknown as Retaining).persistence.storeRetained(packet);
      const there = guests.get(address.device);
      if (!there || !hears(there.guest, packet.topic)) return false;
      if (there.socket.writableLength > waitingLimit) {
        cut(there.client, "too-slow");
        return false;
      }
      // aedes calls back in any case and falls over without somebody to call.
      there.client.publish({ ...packet, retain: false }, () => {});
      return true;
    },
    connected: () => [...guests.keys()],
    async [Symbol.asyncDispose]() {
      // Wills of connections that we end ourselves would report every box as lost.
      closing = true;
      door.close();
      await new Promise<void>((resolve) => broker.close(resolve));
      await door[Symbol.asyncDispose]();
    },
  };
}
