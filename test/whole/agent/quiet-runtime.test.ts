import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { makeClip } from "@openkerb/edge-agent";
import { modelsFolder } from "@openkerb/vision";
import { expect, it } from "vitest";

const run = promisify(execFile);
const openkerb = fileURLToPath(new URL("../../../deploy/openkerb.mjs", import.meta.url));

it("the network's runtime keeps no device id and no queue of what it would tell its makers", async () => {
  const home = await mkdtemp(join(tmpdir(), "quiet-"));
  const clip = await makeClip(join(home, "clip.mp4"), "testsrc2=size=320x192:rate=5:duration=1");
  // As on a box: CI switches the runtime's telemetry off by itself, so it must not be set here.
  const { CI, ORT_DISABLE_TELEMETRY, ORT_RUNNING_UNIT_TESTS, XDG_CACHE_HOME, XDG_CONFIG_HOME, ...usual } = process.env;
  const env = { ...usual, HOME: home, TMPDIR: home, OPENKERB_HOME: join(modelsFolder(), "..") };
  await run(process.execPath, [openkerb, "analyse", clip, "--out", join(home, "events.jsonl")], { env });
  expect(
    (await readdir(home)).filter((name) => !/^(clip\.mp4|events\.jsonl)$/.test(name) && !name.startsWith("tsx-")),
  ).toEqual([]);
  await rm(home, { recursive: true });
});
