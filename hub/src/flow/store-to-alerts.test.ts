import { type DeviceId, type Instant, type Millis, millis } from "@openkerb/contract";
import { pino } from "pino";
import { Registry } from "prom-client";
import { describe, expect, it, vi } from "vitest";
import { t } from "../alert/made-alerts.ts";
import { patience } from "../alert/presence.ts";
import { openJournal } from "../journal.ts";
import { madeBox } from "../made-box.ts";
import { openAlertDesk } from "../store/alert-desk.ts";
import { alertTable } from "../store/alert-table.ts";
import { openStore, type SqliteStore } from "../store/sqlite-store.ts";
import type { Committed, HubRecord } from "../store/store.ts";
import { storeToAlerts } from "./store-to-alerts.ts";

/** Commits as the flow brings them; `end` is the end of the flow. */
function channel() {
  const waiting: Committed[] = [];
  let wake = (): void => {};
  let over = false;
  return {
    give(committed: Committed) {
      waiting.push(committed);
      wake();
    },
    end() {
      over = true;
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = waiting.shift();
        if (next) yield next;
        else if (over) return;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    },
  };
}

function start(store: SqliteStore, now: () => Instant = () => t(0), steady?: () => number) {
  const commits = channel();
  const table = alertTable(store.database);
  const desk = openAlertDesk(table, store.device, () => {});
  const passed: number[] = [];
  const running = (async () => {
    const parts = {
      desk,
      store,
      journal: openJournal(pino({ level: "silent" }), new Registry()),
      now,
      patience,
      lookEvery: millis(20) as Millis,
      ...(steady && { steady }),
    };
    for await (const committed of storeToAlerts(commits, parts)) passed.push(committed.events.length);
  })();
  return {
    table,
    desk,
    passed,
    commit: (...records: HubRecord[]) => commits.give(store.commit(records)),
    all: () => table.list("all", t(0), 100).map((a) => `${a.kind} ${a.condition} ${a.occurrences}`),
    async end() {
      commits.end();
      await running;
    },
  };
}

describe("from the store to alerts", () => {
  it("hears what comes and passes every commit on", async () => {
    await using store = openStore({ memory: true });
    const kerb = madeBox();
    const flow = start(store);
    flow.commit(kerb.birth(t(0)), kerb.items([kerb.crossed(t(1)), kerb.troubled(t(1), "dark")], t(1)));
    await vi.waitFor(() => expect(flow.all()).toEqual(["camera-dark active 1"]));
    flow.commit(kerb.items([kerb.crossed(t(2))], t(2)));
    await flow.end();
    expect(flow.passed).toEqual([2, 1]);
    expect(flow.table.position()).toBe(3);
  });

  it("begins with what was stored and not heard, and hears it once", async () => {
    await using store = openStore({ memory: true });
    const kerb = madeBox();
    store.commit([kerb.birth(t(0))]);
    for (let i = 0; i < 3; i++)
      store.commit([
        kerb.items([...Array.from({ length: 499 }, () => kerb.crossed(t(1))), kerb.troubled(t(i), "stalled")], t(i)),
      ]);
    const flow = start(store);
    flow.commit(kerb.items([kerb.troubled(t(9), "dark")], t(9)));
    await flow.end();
    expect(flow.all().sort()).toEqual(["camera-dark active 1", "camera-down active 3"]);
    const again = start(store);
    await again.end();
    expect(again.all().sort()).toEqual(["camera-dark active 1", "camera-down active 3"]);
  });

  it("counts every one of a flood, though it is more than it may hold", async () => {
    await using store = openStore({ memory: true });
    const kerb = madeBox();
    const flow = start(store);
    flow.commit(kerb.birth(t(0)));
    const flap = Array.from({ length: 500 }, (_, i) => kerb.troubled(t(i), "stalled", i % 2 === 0));
    await vi.waitFor(() => expect(flow.passed).toEqual([0]));
    // Two commits of more than what may wait, so that the second comes while the first is being read again.
    for (let group = 0; group < 2; group++) flow.commit(...Array.from({ length: 45 }, () => kerb.items(flap, t(500))));
    for (let group = 0; group < 6; group++) flow.commit(kerb.items(flap, t(500)));
    await flow.end();
    expect(flow.all()).toEqual(["camera-down cleared 24000"]);
    expect(flow.table.history("a1").length).toBeLessThan(40);
  });

  it("goes on where it stopped after the database could not be written", async () => {
    await using store = openStore({ memory: true });
    const kerb = madeBox();
    const flow = start(store);
    store.database.exec("CREATE TRIGGER full BEFORE INSERT ON alert_changes BEGIN SELECT raise(ABORT, 'full'); END");
    flow.commit(kerb.birth(t(0)), kerb.items([kerb.troubled(t(1), "dark")], t(1)));
    await vi.waitFor(() => expect(flow.passed).toEqual([1]));
    flow.commit(kerb.items([kerb.troubled(t(2), "frozen")], t(2)));
    await vi.waitFor(() => expect(flow.passed).toEqual([1, 1]));
    expect(flow.all()).toEqual([]);
    store.database.exec("DROP TRIGGER full");
    await vi.waitFor(() => expect(flow.all().sort()).toEqual(["camera-dark active 1", "camera-frozen active 1"]));
    await flow.end();
  });

  it("notices by itself that a box is gone and that it is back", async () => {
    await using store = openStore({ memory: true });
    const kerb = madeBox();
    let now = t(0);
    const flow = start(store, () => now);
    flow.commit(kerb.birth(now), kerb.state("lost", t(1)));
    now = t(12);
    await vi.waitFor(() => expect(flow.all()).toEqual(["device-offline active 1"]));
    flow.commit(kerb.again(now));
    await vi.waitFor(() => expect(flow.all()).toEqual(["device-offline cleared 1"]));
    await flow.end();
  });

  it("raises nothing when the hub's clock is set forward, and still notices a silence after that", async () => {
    await using store = openStore({ memory: true });
    const kerb = madeBox();
    let now = t(0);
    let steady = 0;
    let looks = 0;
    const flow = start(
      store,
      () => now,
      () => {
        looks++;
        return steady;
      },
    );
    const looked = async (): Promise<void> => {
      const from = looks;
      await vi.waitFor(() => expect(looks).toBeGreaterThan(from + 1));
    };
    flow.commit(kerb.birth(now), kerb.state("online", now));
    await looked();
    now = t(3600);
    await looked();
    expect(flow.all()).toEqual([]);
    now = t(3661);
    steady += 61_000;
    await vi.waitFor(() => expect(flow.all()).toEqual(["device-offline active 1"]));
    await flow.end();
  });

  it("tells of gaps that were given up, once, also when the hub died in between", async () => {
    await using store = openStore({ memory: true });
    const kerb = madeBox();
    const gap = (from: number, to: number, received: Instant): HubRecord =>
      ({
        kind: "given-up",
        device: kerb.device as DeviceId,
        epoch: "0123456789abcdef",
        from,
        to,
        received,
      }) as HubRecord;
    store.commit([kerb.birth(t(0)), kerb.items([kerb.crossed(t(1))], t(1), false, [10]), gap(1, 9, t(2))]);
    const flow = start(store);
    await vi.waitFor(() => expect(flow.all()).toEqual(["data-lost cleared 1"]));
    flow.commit(kerb.items([kerb.crossed(t(1))], t(1), false, [15]), gap(11, 14, t(3)));
    await flow.end();
    const again = start(store);
    await again.end();
    expect(again.table.list("all", t(0), 9)).toMatchObject([
      { occurrences: 2, detail: { items: 13, why: "not-held" } },
    ]);
  });
});
