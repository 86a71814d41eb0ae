import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { numberOf } from "@openkerb/edge-agent";
import { expect, it } from "vitest";
import { mosquittoBroker } from "./brokers.ts";
import { hubStandIn } from "./hub-stand-in.ts";

const script = fileURLToPath(new URL("../../soak/uplink-process.ts", import.meta.url));
const total = 2000;

/** Starts the box and follows what it says it has on its disk. */
function startBox(url: string, data: string, told: (line: Record<string, number>) => void): ChildProcess {
  const args = ["--import", "tsx", script, "--hub", url, "--data", data, "--count", String(total), "--rate", "600"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  createInterface({ input: child.stdout }).on("line", (line) => told(JSON.parse(line)));
  return child;
}

it("loses and doubles nothing when the agent is killed again and again, and the broker too", async () => {
  const data = await mkdtemp(join(tmpdir(), "kill-"));
  await using broker = await mosquittoBroker();
  await using hub = await hubStandIn(broker.url);
  let confirmed = 0;
  let drained = 0;
  let kills = 0;
  const follow = (line: Record<string, number>): void => {
    confirmed = Math.max(confirmed, line.confirmed ?? 0);
    drained = line.drained ?? drained;
  };
  while (drained === 0) {
    const before = confirmed;
    const box = startBox(broker.url, data, follow);
    const gone = once(box, "exit");
    if (kills < 6) {
      // At a different point of the work each time: some events further on, and a few milliseconds.
      while (confirmed < Math.min(before + 90 + 47 * kills, total) && box.exitCode === null) await wait(5);
      await wait((kills * 37) % 90);
      box.kill("SIGKILL");
      kills++;
      if (kills % 3 === 0) {
        await broker.kill();
        await broker.start();
      }
    }
    await gone;
  }
  const [[, rows] = []] = [...hub.stored];
  expect(hub.stored.size).toBe(1);
  expect(rows?.size).toBe(total);
  for (const [sequence, { event }] of rows ?? []) expect(event && numberOf(event)).toBe(sequence);
  expect(hub.watermark([...hub.stored.keys()][0] ?? "")).toBe(total);
  expect(confirmed).toBe(total);
  await rm(data, { recursive: true });
});
