// Does the agent's memory stay flat? A clip loops over RTSP, the agent watches it in a process of its own with a broker
// and a hub that acks, and its resident memory is read once a second. After a warm-up a line is fitted through the
// readings; the slope is printed in MB per 10 minutes.
//
//   node --import tsx test/soak/agent-memory.ts [--minutes 30] [--clip FILE] [--limit 1]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startCamera } from "@openkerb/deploy/camera";
import { makeClip } from "@openkerb/edge-agent";
import { aedesBroker } from "../whole/agent/brokers.ts";
import { hubStandIn } from "../whole/agent/hub-stand-in.ts";
import { slopeOf } from "./slope.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    clip: { type: "string" },
    limit: { type: "string", default: "1" },
  },
});
const minutes = Number(values.minutes);
// The first garbage collections, compiled code and filled pools; a third of a short run, at most five minutes.
const warmUp = Math.min(5, minutes / 3) * 60;
const MB = 1e6;

const folder = await mkdtemp(join(tmpdir(), "memory-"));
const clip = values.clip ?? (await makeClip(join(folder, "clip.mp4"), "testsrc2=size=1280x720:rate=15:duration=20"));
await using broker = await aedesBroker();
await using hub = await hubStandIn(broker.url);
await using camera = await startCamera({ clip });
const openkerb = fileURLToPath(new URL("../../deploy/openkerb.mjs", import.meta.url));
const agent = spawn(
  process.execPath,
  [openkerb, "agent", "--camera", camera.url, "--hub", broker.url, "--data", join(folder, "data"), "--device", "soak"],
  { stdio: ["ignore", "ignore", "inherit"] },
);
const gone = once(agent, "exit");

const resident = async (): Promise<number> =>
  Number(/VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${agent.pid}/status`, "utf8"))?.[1]) * 1024;

const readings: { seconds: number; bytes: number }[] = [];
for (let seconds = 0; seconds < minutes * 60 && agent.exitCode === null; seconds++) {
  await wait(1000);
  readings.push({ seconds, bytes: await resident() });
  if (seconds % 60 === 59) {
    const { fps, dropped } = hub.healths.at(-1)?.cameras[0] ?? {};
    const mb = ((readings.at(-1)?.bytes ?? 0) / MB).toFixed(1);
    console.log(
      `${(seconds + 1) / 60} min: ${mb} MB, ${fps ?? 0} fps, ${dropped ?? 0} dropped, ${hub.heard.length} events`,
    );
  }
}
agent.kill("SIGTERM");
await gone;
await rm(folder, { recursive: true });

const warm = readings.filter(({ seconds }) => seconds >= warmUp);
const slope = (slopeOf(warm.map(({ seconds, bytes }) => [seconds, bytes])) * 600) / MB;
const flat = slope < Number(values.limit);
console.log(
  `agent memory: ${slope.toFixed(2)} MB/10min after ${(warmUp / 60).toFixed(1)} min of warm-up, ${flat ? "flat" : "GROWS"}`,
);
if (!flat || agent.exitCode !== 0) process.exitCode = 1;
