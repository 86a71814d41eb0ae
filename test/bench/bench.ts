// Measures the hub beside what it is compared with, one after the other in the same run, on the first core of this
// machine; prints the medians and writes everything to .openkerb/bench.json.
//
//   npm run bench -- [--runs 3] [--only ingest,stream,peer]
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { dice, killing } from "../soak/killing.ts";
import { installPeer, losePeer, measurePeer, type PeerKind } from "./peer/node-red.ts";
import { measure, type Speed } from "./side.ts";
import { measureStream } from "./stream.ts";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "3" }, only: { type: "string", default: "ingest,stream,peer" } },
});
const runs = Number(values.runs);
const wanted = values.only.split(",");
const home = process.env.OPENKERB_HOME ?? fileURLToPath(new URL("../../.openkerb", import.meta.url));

const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};
const middle = (speeds: readonly Speed[]): Speed => ({
  rate: median(speeds.map((s) => s.rate)),
  cpu: median(speeds.map((s) => s.cpu)),
});
const whole = (n: number): string => Math.round(n).toLocaleString("en");
const lines: { what: string; hub: string; beside: string; ratio: string; least: string }[] = [];
const results: Record<string, unknown> = {
  machine: `${cpus().length} × ${cpus()[0]?.model}`,
  node: process.version,
  runs,
};
let hubSingle: Speed | undefined;

if (wanted.includes("ingest"))
  for (const [batch, events, least] of [
    [1, 200_000, "0.6 of the bare loop"],
    [100, 800_000, "60,000 events/s"],
  ] as const) {
    const bare: Speed[] = [];
    const hub: Speed[] = [];
    for (let run = 0; run < runs; run++) {
      bare.push(await measure("bare", batch, events));
      hub.push(await measure("hub", batch, events));
      console.log(
        `messages of ${batch}, run ${run + 1}: bare ${whole(bare[run]?.rate ?? 0)}/s, hub ${whole(hub[run]?.rate ?? 0)}/s`,
      );
    }
    const [b, h] = [middle(bare), middle(hub)];
    if (batch === 1) hubSingle = h;
    results[`messages of ${batch}`] = { bare, hub };
    lines.push(
      {
        what: `messages of ${batch}: events a second, committed and acked`,
        hub: whole(h.rate),
        beside: `bare loop ${whole(b.rate)}`,
        ratio: median(hub.map((s, n) => s.rate / (bare[n]?.rate ?? 1))).toFixed(2),
        least,
      },
      {
        what: `messages of ${batch}: processor time of an event`,
        hub: `${h.cpu.toFixed(1)} µs`,
        beside: `bare loop ${b.cpu.toFixed(1)} µs`,
        ratio: median(hub.map((s, n) => (bare[n]?.cpu ?? 0) / s.cpu)).toFixed(2),
        least: "",
      },
    );
  }

if (wanted.includes("stream")) {
  const delay = await measureStream(500, 20);
  results.stream = delay;
  lines.push({
    what: "500 events/s: from MQTT to the live stream, p99",
    hub: `${delay.p99.toFixed(0)} ms`,
    beside: `median ${delay.median.toFixed(1)} ms, worst ${delay.worst.toFixed(0)} ms`,
    ratio: "",
    least: "250 ms",
  });
}

if (wanted.includes("peer")) {
  const installed = installPeer(join(home, "cache"));
  hubSingle ??= await measure("hub", 1, 200_000);
  const lost = await killing({ broker: "embedded", kills: 5, events: 5000, rate: 1000, random: dice(5) });
  const sizes: Record<PeerKind, number> = { default: 3000, tuned: 40_000 };
  for (const kind of ["default", "tuned"] as const) {
    const peers: Speed[] = [];
    for (let run = 0; run < runs; run++) peers.push(await measurePeer(installed, kind, sizes[kind]));
    const peer = middle(peers);
    const gone = await losePeer(installed, kind, sizes[kind]);
    results[`node-red ${kind}`] = { speeds: peers, lost: gone, of: sizes[kind] };
    lines.push(
      {
        what: "single events a second",
        hub: whole(hubSingle.rate),
        beside: `Node-RED (${kind}) ${whole(peer.rate)}`,
        ratio: (hubSingle.rate / peer.rate).toFixed(1),
        least: "ahead",
      },
      {
        what: "processor time of an event, broker included",
        hub: `${hubSingle.cpu.toFixed(1)} µs`,
        beside: `Node-RED (${kind}) ${peer.cpu.toFixed(0)} µs`,
        ratio: (peer.cpu / hubSingle.cpu).toFixed(1),
        least: "ahead",
      },
      {
        what: "events lost on kill -9",
        hub: `${lost.lost} of ${lost.made} in 5 kills`,
        beside: `Node-RED (${kind}) ${whole(gone)} of ${whole(sizes[kind])} in 1 kill`,
        ratio: "",
        least: "0",
      },
    );
  }
}

const columns = ["what", "hub", "beside", "ratio", "least"] as const;
const widths = columns.map((c) => Math.max(c.length, ...lines.map((line) => line[c].length)));
const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(" | ")} |`;
console.log(`\n${row(columns)}\n${row(widths.map((w) => "-".repeat(w)))}`);
for (const line of lines) console.log(row(columns.map((c) => line[c])));
const file = join(home, "bench.json");
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, JSON.stringify({ ...results, table: lines }, undefined, 2));
console.log(`\nall figures: ${file}`);
