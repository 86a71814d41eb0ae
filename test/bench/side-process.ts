// One side of a comparison in a process of its own: `side-process.ts hub|bare`. It tells its parent where it listens
// and, when asked, what it has stored and how much processor time it took since it was told to begin.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bareLoop } from "./bare-loop.ts";
import { hubLoop } from "./hub-loop.ts";

// A folder that was given is another's to clear away.
const given = process.argv[3];
const folder = given ?? mkdtempSync(join(tmpdir(), "openkerb-bench-"));
const loop = await (process.argv[2] === "bare" ? bareLoop(folder) : hubLoop(folder));
let before = process.cpuUsage();
process.on("message", async (question) => {
  const { user, system } = process.cpuUsage(before);
  const stored = await loop.stored();
  if (question === "begin") before = process.cpuUsage();
  process.send?.({ stored, cpu: (user + system) / 1e6 });
});
process.on("disconnect", () => {
  if (given === undefined) rmSync(folder, { recursive: true, force: true });
  process.kill(process.pid, "SIGKILL");
});
process.send?.({ port: loop.port, pageUrl: loop.pageUrl });
