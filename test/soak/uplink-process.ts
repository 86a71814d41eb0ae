// A box without cameras: keeps synthetic events in a real outbox and brings them to a broker, in a process of its own
// that may be killed at any moment. Event n is `crossing(n)` and stands at sequence n of its epoch, so whoever reads
// the hub's store can tell what is missing or doubled. Every confirmed append is said on stdout as a JSON line.
//
//   node --import tsx test/soak/uplink-process.ts --hub mqtt://… --data FOLDER --count 10000 [--rate 500]
//        [--city demo] [--device box-1] [--password SECRET]
import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { CityId, DeviceId, type Instant, millis, SiteId, shardOf } from "@openkerb/contract";
import { crossing, openSqliteOutbox, outboxToMqtt, tell } from "@openkerb/edge-agent";

const { values } = parseArgs({
  options: {
    hub: { type: "string" },
    data: { type: "string" },
    count: { type: "string", default: "10000" },
    rate: { type: "string", default: "500" },
    city: { type: "string", default: "demo" },
    device: { type: "string", default: "box-1" },
    password: { type: "string" },
  },
});
if (values.hub === undefined || values.data === undefined) throw new Error("--hub and --data are needed");

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const end = new AbortController();
process.on("SIGTERM", () => end.abort());
const device = DeviceId.parse(values.device);
const count = Number(values.count);
const quiet = (): void => undefined;

await using outbox = await openSqliteOutbox(values.data, { tell });
say({ opened: outbox.epoch, next: outbox.standing().next, acked: outbox.standing().acked });

const uplink = outboxToMqtt(
  {
    outbox,
    hub: { url: values.hub, ...(values.password === undefined ? {} : { user: device, password: values.password }) },
    address: {
      city: CityId.parse(values.city),
      device,
      shard: shardOf(createHash("sha256").update(device).digest()),
    },
    birth: ({ session, epoch, next }) => ({
      ...{ v: 1, device, site: SiteId.parse("soak"), session, epoch, next, software: "soak", config: "000000000000" },
      ...{ cameras: [], sensors: [] },
    }),
    health: async () => {
      const { depth, lost } = outbox.standing();
      const at = Date.now() as Instant;
      return { v: 1, at, uptime: millis(0), memory: process.memoryUsage.rss(), outbox: { depth, lost }, cameras: [] };
    },
    obey: async () => "refused",
    answer: () => crossing(0),
    desired: quiet,
    journal: {
      hubConnected: (session) => say({ session }),
      hubLost: ({ trouble }) => say({ trouble }),
      ackRefused: (refused) => say({ refused }),
      birthUnanswered: (unanswered) => say({ unanswered }),
      ackMissing: (missing) => say({ missing }),
      resendAsked: (from, to) => say({ asked: [from, to] }),
      resendRefused: quiet,
      orderRefused: quiet,
      commandAnswered: quiet,
    },
    pace: { ackWithin: millis(1000), firstPause: millis(200) },
  },
  end.signal,
);

// A tenth of a second's worth at a time, so that commits are groups as on a street.
const crowd = Math.max(1, Math.round(Number(values.rate) / 10));
for (let n: number = outbox.standing().next; n <= count && !end.signal.aborted; ) {
  const facts = Array.from({ length: Math.min(crowd, count - n + 1) }, () => ({ event: crossing(n++) }));
  await outbox.append(facts);
  say({ confirmed: n - 1 });
  await wait(100, undefined, { signal: end.signal }).catch(() => undefined);
}
while (!end.signal.aborted && outbox.standing().depth > 0) await wait(20);
if (!end.signal.aborted) say({ drained: outbox.standing().acked });
end.abort();
await uplink;
