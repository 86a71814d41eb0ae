import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeFolder } from "./make-folder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "folder-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

it("a data folder deep in nothing is made for its owner, and one that is there stays", () => {
  const deep = join(folder, "a", "b", "c");
  makeFolder(deep);
  makeFolder(deep, 0o755);
  expect([modeOf(join(folder, "a")), modeOf(deep)]).toEqual([0o700, 0o700]);
});

it("a folder for everybody can be made too, and a link to a folder is one", () => {
  makeFolder(join(folder, "x", "shared"), 0o777);
  const umask = process.umask();
  expect(modeOf(join(folder, "x", "shared"))).toBe(0o777 & ~umask);
  symlinkSync(join(folder, "x"), join(folder, "link"));
  makeFolder(join(folder, "link"));
  makeFolder(join(folder, "link", "deeper"));
  expect(statSync(join(folder, "x", "deeper")).isDirectory()).toBe(true);
});

it("a file where the folder should be is an error", () => {
  writeFileSync(join(folder, "file"), "");
  expect(() => makeFolder(join(folder, "file"))).toThrow(/EEXIST/);
  expect(() => makeFolder(join(folder, "file", "x"))).toThrow(/ENOTDIR/);
});

it.skipIf(process.platform !== "linux")("a data folder where nothing can be made is an error and never a wait", () => {
  expect(() => makeFolder("/proc/nope/data")).toThrow(/ENOENT/);
});
