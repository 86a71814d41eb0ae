import type { SiteId } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { t } from "../alert/made-alerts.ts";
import { madeBox } from "../made-box.ts";
import { openStore } from "../store/sqlite-store.ts";
import { newestEvents } from "./newest-events.ts";

describe("the newest events", () => {
  it("of a quiet place are found behind thousands of a busy one", async () => {
    await using store = openStore({ memory: true });
    const quiet = madeBox("kerb-01", "quiet");
    const busy = madeBox("kerb-02", "busy");
    store.commit([
      quiet.birth(t(0)),
      busy.birth(t(0)),
      quiet.items(
        [1, 2, 3].map((n) => quiet.crossed(t(n))),
        t(3),
      ),
    ]);
    for (let i = 0; i < 10; i++)
      store.commit([
        busy.items(
          Array.from({ length: 500 }, () => busy.crossed(t(9))),
          t(9),
        ),
      ]);
    const last = store.lastEvent();
    const ids = async (limit: number, site?: string) =>
      (await newestEvents(store, last, limit, site as SiteId | undefined)).map((e) => e.id);
    expect(await ids(100, "quiet")).toEqual([1, 2, 3]);
    expect(await ids(2, "quiet")).toEqual([2, 3]);
    expect(await ids(3, "busy")).toEqual([last - 2, last - 1, last]);
    expect(await ids(2)).toEqual([last - 1, last]);
    expect((await ids(500)).length).toBe(500);
    expect(await ids(5, "nowhere")).toEqual([]);
  });

  it("are none in an empty store", async () => {
    await using store = openStore({ memory: true });
    expect(await newestEvents(store, 0, 10, undefined)).toEqual([]);
  });
});
