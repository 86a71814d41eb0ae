import { spawnSync } from "node:child_process";
import { mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const setup = fileURLToPath(new URL("./setup.mjs", import.meta.url));
const run = (args: readonly string[], env: NodeJS.ProcessEnv) =>
  spawnSync(process.execPath, [...args, setup, "start"], { encoding: "utf8", env });

it("tells somebody with an old Node which one is needed, before touching anything", () => {
  const older = 'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "18.20.1" })';
  const { status, stderr, stdout } = run(["--import", older], process.env);
  expect(status).toBe(1);
  expect(stderr).toContain("Node 18.20.1 is too old: OpenKerb needs Node 20.19 or newer.");
  expect(stdout).toBe("");
});

it("names every missing program at once when it may not install them", () => {
  const folder = mkdtempSync(join(tmpdir(), "openkerb-path-"));
  symlinkSync(process.execPath, join(folder, "ffmpeg"));
  const { status, stderr } = run([], { PATH: folder });
  expect(status).toBe(1);
  expect(stderr).toMatch(/these programs are missing: (?=.*python3)(?!.*ffmpeg)/);
});
