import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CameraId } from "@openkerb/contract";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openTroubles } from "./open-troubles.ts";

const north = "north" as CameraId;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "troubles-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("remembers over a restart what has begun and not ended", () => {
  const before = openTroubles(folder);
  expect(before.begin({ camera: north, trouble: "stalled" })).toBe(true);
  expect(before.begin({ camera: north, trouble: "stalled" })).toBe(false);
  expect(before.begin({ camera: north, trouble: "dark" })).toBe(true);
  expect(before.begin({ trouble: "hot" })).toBe(true);
  expect(before.end({ camera: north, trouble: "dark" })).toBe(true);
  expect(before.end({ camera: north, trouble: "dark" })).toBe(false);
  expect(before.inherited(north)).toEqual([]);

  const after = openTroubles(folder);
  expect(after.inherited(north)).toEqual([{ camera: north, trouble: "stalled" }]);
  expect(after.inherited()).toEqual([{ trouble: "hot" }]);
  expect(after.begin({ camera: north, trouble: "stalled" })).toBe(false);
  expect(after.inherited(north)).toEqual([]);
  expect(after.end({ camera: north, trouble: "stalled" })).toBe(true);
  expect(openTroubles(folder).inherited(north)).toEqual([]);
});

it("begins with nothing when its file is damaged", () => {
  writeFileSync(join(folder, "troubles.json"), "{");
  expect(openTroubles(folder).inherited()).toEqual([]);
});
