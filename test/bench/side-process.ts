// One side of a comparison in a process of its own: `side-process.ts hub|bare [folder [moment]]`. It tells its parent
// where it listens and, when asked, what it has stored, how much processor time it took since it was told to begin, and how
// late its main thread was for 99 of 100 timers.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { bareLoop } from "./bare-loop.ts";
import { hubLoop } from "./hub-loop.ts";

// A folder that was given is another's to clear away.
const [, , kind, given, still] = process.argv;
const folder = given ?? mkdtempSync(join(tmpdir(), "openkerb-bench-"));
const loop = await (kind === "bare"
  ? bareLoop(folder)
  : hubLoop(folder, still === undefined ? undefined : Number(still)));
let before = process.cpuUsage();
const resolution = 5;
const late = monitorEventLoopDelay({ resolution });
late.enable();
process.on("message", async (question) => {
  const { user, system } = process.cpuUsage(before);
  const stored = await loop.stored();
  const lateness = Math.max(0, late.percentile(99) / 1e6 - resolution);
  if (question === "begin") {
    before = process.cpuUsage();
    late.reset();
  }
  process.send?.({ stored, cpu: (user + system) / 1e6, late: lateness });
});
process.on("disconnect", () => {
  if (given === undefined) rmSync(folder, { recursive: true, force: true });
  process.kill(process.pid, "SIGKILL");
});
process.send?.({ port: loop.port, pageUrl: loop.pageUrl });
