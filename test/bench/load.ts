import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type Address, type CityId, type DeviceId, downTopic, shardOf, upTopic } from "@openkerb/contract";

/** What one device sends in a run, ready to be written to the socket. */
export type Feed = { readonly device: DeviceId; readonly epoch: string; readonly packets: readonly Buffer[] };
export type LoadOptions = {
  readonly port: number;
  readonly city: CityId;
  readonly devices: number;
  readonly events: number;
  /** Events in one message. */
  readonly batch: number;
  /** Events that may be under way per device, without PUBACK. */
  readonly window: number;
  /** Wait for the hub's own acks; without, the PUBACKs of the broker count. */
  readonly acks: boolean;
  /** Minute values of sensors instead of events. */
  readonly readings?: boolean;
};

const length = (n: number): number[] => (n < 128 ? [n] : [(n % 128) | 128, ...length(Math.floor(n / 128))]);
const text = (s: string): Buffer => {
  const bytes = Buffer.from(s);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
};
const packet = (head: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([head, ...length(body.length)]), body]);
};
const publish = (topic: string, payload: string, id: number): Buffer =>
  packet(0x32, text(topic), Buffer.from([id >> 8, id & 255]), Buffer.from(payload));

/** An event of about 300 bytes with its envelope, as a camera on a busy street makes them. */
const event = (sequence: number, at: number): string => {
  const place = `"clock":"synced","quality":1,"provenance":{"source":"model:centernet6@4f1c0b9a7d21","config":"0a1b2c3d4e5f"}`;
  // Every two-thousandth is a minute's count, one in ten a zone.
  if (sequence % 2000 === 0)
    return `{"sequence":${sequence},"event":{"kind":"minute-counted","at":${at - (at % 60000)},${place},"camera":"north","span":60000,"watched":59200,"lines":[{"line":"kerb","class":"car","in":12,"out":9}],"zones":[{"zone":"stop","class":"bus","entered":2,"mean":0.4,"max":1}]}}`;
  if (sequence % 10 === 0)
    return `{"sequence":${sequence},"event":{"kind":"zone-left","at":${at},${place},"camera":"north","zone":"stop","class":"bus","dwell":18400}}`;
  return `{"sequence":${sequence},"event":{"kind":"line-crossed","at":${at},${place},"camera":"north","line":"kerb","direction":"in","class":"car"}}`;
};

/** A minute value of one of ten metrics of a station. */
const metrics = ["pm1", "pm25", "pm4", "pm10", "no2", "o3", "so2", "co2", "temperature", "humidity"];
const reading = (sequence: number, first: number): string => {
  const minute = Math.floor((sequence - 1) / metrics.length);
  const value = (173 + ((sequence * 37) % 250)) / 10;
  return `{"sequence":${sequence},"reading":{"at":${first + minute * 60_000},"averaging":60000,"sensor":"air","metric":"${metrics[(sequence - 1) % metrics.length]}","value":${value},"unit":"1","clock":"synced","quality":1,"provenance":{"source":"profile:sen55@1","config":"0a1b2c3d4e5f"}}}`;
};

/** Drives many devices over raw sockets, so that the generator is never the slower one. Gives the seconds it took. */
export async function load(options: LoadOptions): Promise<{ seconds: number; events: number }> {
  const { devices, events, batch } = options;
  const each = Math.floor(events / devices / batch) * batch;
  const runs = Array.from({ length: devices }, (_, n) => prepare(`bench-${n}` as DeviceId, each, options));
  const lines = await Promise.all(runs.map((run) => run.open()));
  const began = performance.now();
  await Promise.all(lines.map((start) => start()));
  return { seconds: (performance.now() - began) / 1000, events: each * devices };
}

function prepare(device: DeviceId, count: number, { port, city, batch, window, acks, readings = false }: LoadOptions) {
  const shard = shardOf(createHash("sha256").update(device).digest());
  const address: Address = { city, shard, device };
  const epoch = createHash("sha256").update(`${device}${process.pid}${performance.now()}`).digest("hex").slice(0, 16);
  const now = Date.now();
  const firstMinute = now - (now % 60_000) - Math.ceil(count / metrics.length) * 60_000;
  const packets: Buffer[] = [];
  for (let n = 0; n < count; n += batch) {
    const items = Array.from({ length: batch }, (_, i) =>
      readings ? reading(n + i + 1, firstMinute) : event(n + i + 1, now + n + i),
    );
    packets.push(
      publish(
        upTopic(address, readings ? "readings" : "events"),
        `{"v":1,"epoch":"${epoch}","sent":${now},"items":[${items.join(",")}]}`,
        (packets.length % 65_000) + 1,
      ),
    );
  }
  const birth = `{"v":1,"device":"${device}","site":"street","session":1,"epoch":"${epoch}","next":1,"software":"bench","config":"0a1b2c3d4e5f","cameras":[],"sensors":[]}`;

  return {
    async open(): Promise<() => Promise<void>> {
      const socket = connect(port, "127.0.0.1");
      socket.setNoDelay(true);
      await once(socket, "connect");
      socket.write(packet(0x10, text("MQTT"), Buffer.from([4, 2, 0, 60]), text(device)));
      await once(socket, "data");
      socket.write(
        Buffer.concat([
          packet(0x82, Buffer.from([0, 1]), text(downTopic(address, "ack").replace(/ack$/, "#")), Buffer.from([1])),
          publish(upTopic(address, "birth"), birth, 65_001),
        ]),
      );
      await new Promise((resolve) => setTimeout(resolve, 300));
      return () => drive(socket, packets, { batch, window, acks, count });
    },
  };
}

/** Keeps the window full until everything is acknowledged. */
function drive(
  socket: Socket,
  packets: readonly Buffer[],
  { batch, window, acks, count }: { batch: number; window: number; acks: boolean; count: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    let sent = 0;
    let pubacks = 0;
    let upTo = 0;
    let rest: Buffer = Buffer.alloc(0);
    const fill = (): void => {
      const allowed = Math.min(packets.length, (acks ? upTo / batch : pubacks) + Math.max(1, window / batch));
      if (sent >= allowed) return;
      const next = packets.slice(sent, allowed);
      sent += next.length;
      socket.write(Buffer.concat(next));
    };
    socket.removeAllListeners("data");
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`the hub hung up at ${upTo} of ${count}`)));
    socket.on("data", (data: Buffer) => {
      rest = rest.length === 0 ? data : Buffer.concat([rest, data]);
      let at = 0;
      while (rest.length - at >= 2) {
        let size = 0;
        let shift = 0;
        let head = at + 1;
        for (; head < rest.length; head++) {
          const byte = rest[head] as number;
          size += (byte & 127) << shift;
          shift += 7;
          if (byte < 128) break;
        }
        const start = head + 1;
        if (head >= rest.length || rest.length - start < size) break;
        const kind = (rest[at] as number) >> 4;
        if (kind === 4) pubacks++;
        else if (kind === 3) {
          const topic = rest.readUInt16BE(start);
          const qos = ((rest[at] as number) >> 1) & 3;
          const id = start + 2 + topic;
          const body = rest.toString("utf8", id + (qos > 0 ? 2 : 0), start + size);
          if (qos > 0) socket.write(Buffer.from([0x40, 2, rest[id] as number, rest[id + 1] as number]));
          const found = /"upTo":(\d+)/.exec(body);
          if (found) upTo = Math.max(upTo, Number(found[1]));
        }
        at = start + size;
      }
      rest = rest.subarray(at);
      if (acks ? upTo >= count : pubacks >= packets.length) {
        socket.removeAllListeners("close");
        socket.removeAllListeners("data");
        socket.on("data", () => {});
        resolve();
        return;
      }
      fill();
    });
    fill();
  });
}
