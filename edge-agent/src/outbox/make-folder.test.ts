import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeFolder } from "./make-folder.ts";

it("a data folder deep in nothing is made for its owner, and one that is there stays", () => {
  const folder = mkdtempSync(join(tmpdir(), "box-folder-"));
  const deep = join(folder, "a", "b", "c");
  makeFolder(deep);
  makeFolder(deep);
  expect(statSync(deep).mode & 0o777).toBe(0o700);
  writeFileSync(join(folder, "file"), "");
  expect(() => makeFolder(join(folder, "file", "x"))).toThrow(/ENOTDIR/);
  rmSync(folder, { recursive: true });
});

it.skipIf(process.platform !== "linux")("a data folder where nothing can be made is an error and never a wait", () => {
  expect(() => makeFolder("/proc/nope/data")).toThrow(/ENOENT/);
});
