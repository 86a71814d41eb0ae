import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { CityId } from "@openkerb/contract";
import Sqlite from "better-sqlite3";
import { freePort, listening } from "../../whole/agent/brokers.ts";
import { load } from "../load.ts";

/*
 * What many would pick instead: Node-RED with its own SQLite node behind mosquitto. It is installed into the cache at
 * pinned versions and is no dependency of the house. Its sqlite3 package is compiled where no built one can be had.
 *   default: MQTT in, a function that picks the columns, one prepared insert a message, SQLite as it comes
 *   tuned:   write-ahead log, and up to 500 messages or 20 ms gathered into one statement
 * Both have the same key on (device, epoch, sequence) as the hub, so that nothing is stored twice.
 */
const versions = { "node-red": "4.1.15", "node-red-node-sqlite": "1.1.1" };

export type PeerKind = "default" | "tuned";
export type PeerResult = {
  readonly rate: number;
  /** Processor time of Node-RED and of mosquitto for one event, microseconds. */
  readonly cpu: number;
};

/** Installs it when it is not there yet; a minute or two. */
export function installPeer(cache: string): string {
  const folder = join(cache, "peer");
  const wanted = JSON.stringify({ private: true, dependencies: versions, allowScripts: { sqlite3: true } });
  const manifest = join(folder, "package.json");
  const done = join(folder, "installed.json");
  if (existsSync(done) && readFileSync(done, "utf8") === wanted) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(manifest, wanted);
  execFileSync("npm", ["install", "--no-audit", "--no-fund"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  writeFileSync(done, wanted);
  return folder;
}

type Peer = {
  readonly brokerPort: number;
  stored(): number;
  /** Seconds of processor time used so far. */
  cpu(): number;
  killNodeRed(): Promise<void>;
  startNodeRed(): Promise<void>;
  close(): Promise<void>;
};

async function openPeer(installed: string, kind: PeerKind): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), "openkerb-peer-"));
  const brokerPort = await freePort();
  const editorPort = await freePort();
  const file = join(folder, "events.sqlite");
  const database = new Sqlite(file);
  if (kind === "tuned") database.pragma("journal_mode = WAL");
  database.exec(
    "CREATE TABLE events (device TEXT, epoch TEXT, sequence INTEGER, at INTEGER, body TEXT, PRIMARY KEY (device, epoch, sequence))",
  );
  writeFileSync(
    join(folder, "mosquitto.conf"),
    // Nothing may be dropped on the broker's side, and it keeps what its subscriber has not taken.
    `listener ${brokerPort} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type none\nmax_queued_messages 0\nmax_inflight_messages 1000\n`,
  );
  writeFileSync(join(folder, "flows.json"), JSON.stringify(flows(kind, brokerPort, file)));
  writeFileSync(
    join(folder, "settings.cjs"),
    `module.exports = ${JSON.stringify({
      uiHost: "127.0.0.1",
      uiPort: editorPort,
      flowFile: "flows.json",
      disableEditor: true,
      nodesDir: join(installed, "node_modules/node-red-node-sqlite"),
      logging: { console: { level: "error" } },
      credentialSecret: false,
    })};`,
  );
  const pinned = (command: string, args: readonly string[]): ChildProcess =>
    spawn("taskset", ["-c", "0", command, ...args], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    });
  const mosquitto = pinned("mosquitto", ["-c", join(folder, "mosquitto.conf")]);
  await listening(brokerPort);
  let nodeRed: ChildProcess | undefined;
  let cpuOfTheDead = 0;
  const start = async (): Promise<void> => {
    nodeRed = pinned(process.execPath, [
      join(installed, "node_modules/node-red/red.js"),
      "--userDir",
      folder,
      "--settings",
      join(folder, "settings.cjs"),
    ]);
    await listening(editorPort);
    await wait(2000);
  };
  const kill = async (): Promise<void> => {
    if (!nodeRed) return;
    cpuOfTheDead += processorTime(nodeRed.pid);
    const gone = once(nodeRed, "exit");
    nodeRed.kill("SIGKILL");
    await gone;
    nodeRed = undefined;
  };
  await start();
  const count = database.prepare<[], number>("SELECT count(*) FROM events").pluck();
  return {
    brokerPort,
    stored: () => count.get() ?? 0,
    cpu: () => processorTime(mosquitto.pid) + processorTime(nodeRed?.pid) + cpuOfTheDead,
    killNodeRed: kill,
    startNodeRed: start,
    async close() {
      await kill();
      const gone = once(mosquitto, "exit");
      mosquitto.kill("SIGKILL");
      await gone;
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function flows(kind: PeerKind, port: number, file: string): object[] {
  const pick = `const [, , , , device] = msg.topic.split("/");
    const { epoch, items } = msg.payload;`;
  const single = `${pick}
    for (const { sequence, event } of items)
      node.send({ params: { $device: device, $epoch: epoch, $sequence: sequence, $at: event.at, $body: JSON.stringify(event) } });`;
  const gather = `${pick}
    const rows = context.get("rows") ?? [];
    for (const { sequence, event } of items) rows.push([device, epoch, sequence, event.at, JSON.stringify(event)]);
    const send = () => {
      const all = context.get("rows") ?? [];
      context.set("rows", []);
      context.set("timer", undefined);
      if (all.length > 0) node.send({ params: { $rows: JSON.stringify(all) } });
    };
    context.set("rows", rows);
    if (rows.length >= 500) {
      clearTimeout(context.get("timer"));
      send();
    } else if (context.get("timer") === undefined) context.set("timer", setTimeout(send, 20));`;
  const sql =
    kind === "default"
      ? "INSERT OR IGNORE INTO events VALUES ($device, $epoch, $sequence, $at, $body)"
      : `INSERT OR IGNORE INTO events SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4
         FROM json_each($rows)`;
  return [
    { id: "tab", type: "tab", label: "street" },
    {
      id: "broker",
      type: "mqtt-broker",
      broker: "127.0.0.1",
      port: String(port),
      clientid: "node-red",
      autoConnect: true,
      cleansession: false,
      protocolVersion: "4",
      keepalive: "60",
    },
    { id: "db", type: "sqlitedb", db: file, mode: "RWC" },
    {
      id: "in",
      type: "mqtt in",
      z: "tab",
      topic: "openkerb/1/bench/+/+/up/events",
      qos: "1",
      datatype: "json",
      broker: "broker",
      inputs: 0,
      wires: [["pick"]],
    },
    {
      id: "pick",
      type: "function",
      z: "tab",
      func: kind === "default" ? single : gather,
      outputs: 1,
      libs: [],
      wires: [["store"]],
    },
    { id: "store", type: "sqlite", z: "tab", mydb: "db", sqlquery: "prepared", sql, wires: [[]] },
  ];
}

/** Seconds of processor time a process has used, children not meant. */
function processorTime(pid: number | undefined): number {
  if (pid === undefined) return 0;
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const street = { city: "bench" as CityId, devices: 8, batch: 1, window: 2000, acks: false };

/** Single-event messages as fast as they are taken. */
export async function measurePeer(installed: string, kind: PeerKind, events: number): Promise<PeerResult> {
  const peer = await openPeer(installed, kind);
  try {
    const cpu = peer.cpu();
    const began = performance.now();
    const { events: sent } = await load({ ...street, port: peer.brokerPort, events });
    await untilStill(peer, sent);
    if (peer.stored() < sent) throw new Error(`Node-RED stored ${peer.stored()} of ${sent}`);
    const seconds = (performance.now() - began) / 1000;
    return { rate: sent / seconds, cpu: ((peer.cpu() - cpu) / sent) * 1e6 };
  } finally {
    await peer.close();
  }
}

/** Kills it in the middle of the flow and starts it again. Gives how many of the events mosquitto took are missing. */
export async function losePeer(installed: string, kind: PeerKind, events: number): Promise<number> {
  const peer = await openPeer(installed, kind);
  try {
    const sending = load({ ...street, port: peer.brokerPort, events });
    while (peer.stored() < events / 3) await wait(2);
    await peer.killNodeRed();
    await peer.startNodeRed();
    const { events: sent } = await sending;
    await untilStill(peer, sent);
    return sent - peer.stored();
  } finally {
    await peer.close();
  }
}

/** Until everything is stored, or nothing has been added for five seconds. */
async function untilStill(peer: Peer, wanted: number): Promise<void> {
  let last = -1;
  let since = performance.now();
  for (;;) {
    const stored = peer.stored();
    if (stored >= wanted) return;
    if (stored !== last) {
      last = stored;
      since = performance.now();
    } else if (performance.now() - since > 5000) return;
    await wait(20);
  }
}
