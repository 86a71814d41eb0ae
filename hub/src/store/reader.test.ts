import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openReader } from "./reader.ts";
import { openStore } from "./sqlite-store.ts";
import { birth, events, site } from "./trial-records.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "openkerb-reader-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the thread that answers long questions", () => {
  it("answers many at once, each its own asker, and sees every commit that was made before", async () => {
    await using store = openStore({ folder });
    store.commit([birth(), events(1, 2, 3)]);
    const answers = await Promise.all([
      store.eventsAfter(0, 1),
      store.eventsAfter(1, 10),
      store.missing(site),
      store.eventsAfter(2, 10),
    ]);
    expect(answers.map((a) => a.length)).toEqual([1, 2, 0, 1]);
    store.commit([events(4)]);
    expect(await store.eventsAfter(3, 10)).toHaveLength(1);
  });

  it("that fell over is replaced at the next question", async () => {
    await using reader = openReader(folder);
    await expect(reader.ask("eventsAfter", 0, 10)).rejects.toThrow();
    await using store = openStore({ folder });
    store.commit([birth(), events(1)]);
    expect(await reader.ask("eventsAfter", 0, 10)).toHaveLength(1);
  });

  it("tells its askers when it is closed instead of leaving them waiting", async () => {
    await using store = openStore({ folder });
    store.commit([birth(), events(1)]);
    const reader = openReader(folder);
    const asked = reader.ask("eventsAfter", 0, 10);
    const closing = reader[Symbol.asyncDispose]();
    await expect(asked).rejects.toThrow("the store is closed");
    await closing;
    await expect(reader.ask("eventsAfter", 0, 10)).rejects.toThrow("the store is closed");
  });
});
