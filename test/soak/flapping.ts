// What do boxes cost that are set up with the id of another? Pairs of them throw each other off a running hub, as fast
// as they come back, while they measure; the hub's memory, open files and commits are read once a second. At the end
// the hub must have told of every pair, must have everything once, and must not have grown.
//
//   node --import tsx test/soak/flapping.ts [--boxes 200] [--seconds 120]
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Address, type Birth, type CityId, type DeviceId, millis, type SiteId, shardOf } from "@openkerb/contract";
import { crossing, openMemoryOutbox, tell } from "@openkerb/edge-agent";
import { freePort, listening } from "../whole/agent/brokers.ts";
import { startUplink } from "../whole/agent/uplink.ts";

const { values } = parseArgs({
  options: { boxes: { type: "string", default: "200" }, seconds: { type: "string", default: "120" } },
});
const boxes = Number(values.boxes);
const seconds = Number(values.seconds);
const openkerb = fileURLToPath(new URL("../../deploy/openkerb.mjs", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "flapping-"));
const [port, page] = [await freePort(), await freePort()];
const config = join(folder, "hub.json");
const settings = { version: 1, city: "demo", data: "data", page: { port: page }, broker: { kind: "embedded", port } };
await writeFile(config, JSON.stringify(settings));
const hub: ChildProcess = spawn(process.execPath, [openkerb, "hub", "--config", config], {
  stdio: ["ignore", "ignore", "inherit"],
});
const gone = once(hub, "exit");
await listening(port);
await listening(page);

const birthOf =
  (device: DeviceId) =>
  (now: Pick<Birth, "session" | "epoch" | "next">): Birth => ({
    v: 1,
    device,
    site: "corner" as SiteId,
    ...now,
    software: "soak",
    config: "000000000000",
    cameras: [],
    sensors: [],
  });
const outboxes = await Promise.all(Array.from({ length: boxes }, () => openMemoryOutbox({ tell })));
const uplinks = outboxes.map((outbox, n) => {
  const device = `box-${Math.floor(n / 2)}` as DeviceId;
  const shard = shardOf(createHash("sha256").update(device).digest());
  const address: Address = { city: "demo" as CityId, device, shard };
  return startUplink(outbox, `mqtt://127.0.0.1:${port}`, {
    address,
    birth: birthOf(device),
    pace: { firstPause: millis(200) },
    // No growing pauses: the worst that a pair can do.
    random: () => Math.random() ** 8,
  });
});

const metric = (text: string, name: string): number => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? 0);
type Look = { memory: number; files: number; commits: number; stored: number; connections: number };
async function look(): Promise<Look> {
  const status = await readFile(`/proc/${hub.pid}/status`, "utf8");
  const text = await (await fetch(`http://127.0.0.1:${page}/metrics`)).text();
  return {
    memory: Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1000,
    files: (await readdir(`/proc/${hub.pid}/fd`)).length,
    commits: metric(text, "openkerb_hub_commit_seconds_count"),
    stored: metric(text, "openkerb_hub_items_stored_total"),
    connections: uplinks.reduce((sum, { said }) => sum + said.filter(([name]) => name === "hubConnected").length, 0),
  };
}

let made = 0;
const looks: Look[] = [];
for (let second = 1; second <= seconds && hub.exitCode === null; second++) {
  await wait(1000);
  for (const outbox of outboxes) await outbox.append([{ event: crossing(++made) }]);
  looks.push(await look());
  const [now, before] = [looks.at(-1), looks.at(-11)];
  if (now && before && second % 10 === 0)
    console.log(
      `${second} s: ${now.memory.toFixed(0)} MB, ${now.files} files, ${((now.commits - before.commits) / 10).toFixed(0)} commits/s, ` +
        `${((now.connections - before.connections) / 10).toFixed(0)} connections/s, ${now.stored} of ${made} stored`,
    );
}
const drainedBy = performance.now() + 120_000;
while (outboxes.some((o) => o.standing().depth > 0) && performance.now() < drainedBy) await wait(200);
const { alerts } = (await (await fetch(`http://127.0.0.1:${page}/api/v1/alerts?state=open`)).json()) as {
  alerts: { alert: { kind: string } }[];
};
const told = alerts.filter(({ alert }) => alert.kind === "device-doubled").length;
const last = await look();
await Promise.all(uplinks.map((uplink) => uplink.stop()));
hub.kill("SIGTERM");
await gone;
await rm(folder, { recursive: true, force: true });

const third = Math.floor(looks.length / 3);
const most = (of: readonly Look[], what: keyof Look): number => Math.max(...of.map((l) => l[what]));
const [early, late] = [looks.slice(third, 2 * third), looks.slice(2 * third)];
const grown = most(late, "memory") - most(early, "memory");
const opened = most(late, "files") - most(early, "files");
console.log(
  `${boxes} boxes on ${boxes / 2} ids: ${last.connections} connections, ${made} made, ${last.stored} stored, ` +
    `${told} of ${boxes / 2} pairs told; memory ${most(looks, "memory").toFixed(0)} MB at most, ${grown.toFixed(0)} MB more in the last third; ` +
    `${most(looks, "files")} files at most, ${opened} more in the last third`,
);
const bad = last.stored !== made || told !== boxes / 2 || grown > 50 || opened > boxes / 4;
process.exitCode = bad ? 1 : 0;
