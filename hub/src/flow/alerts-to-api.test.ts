import { AlertWords, type Instant, StreamMessage } from "@openkerb/contract";
import { describe, expect, it, vi } from "vitest";
import { t } from "../alert/made-alerts.ts";
import { heardBlocks } from "../heard-blocks.ts";
import { madeBox } from "../made-box.ts";
import { openAlertDesk } from "../store/alert-desk.ts";
import { alertTable } from "../store/alert-table.ts";
import { openStore, type SqliteStore } from "../store/sqlite-store.ts";
import type { HubRecord } from "../store/store.ts";
import { openFeed } from "./alerts-to-api.ts";

const kerb = madeBox();
const words = AlertWords.parse({ title: "", sentence: "", where: "", consequence: "", action: "" });

/** A feed over a real store, as the hub has it; may be opened again over the same store, as after a restart. */
function open(store: SqliteStore, hub = "0badcafe") {
  const table = alertTable(store.database);
  let clock = 0;
  const now = (): Instant => t(1000 + clock++ / 1000);
  const feed = openFeed({
    store,
    alerts: table,
    hub,
    now,
    alertMessage: (alert) => ({ type: "alert", view: { alert, words } }),
  });
  const desk = openAlertDesk(table, store.device, feed.alertsChanged);
  const commit = (...records: HubRecord[]): void => {
    const committed = store.commit(records);
    feed.committed(committed);
    desk.hear(committed.events, store.lastEvent());
  };
  return {
    feed,
    desk,
    commit,
    cross: (n = 1) =>
      commit(
        kerb.items(
          Array.from({ length: n }, () => kerb.crossed(t(1))),
          t(1),
        ),
      ),
  };
}

/** A screen: what it has heard and the last id, as a browser keeps it. */
function watch(feed: { from(id: string | undefined, signal: AbortSignal): AsyncIterable<string> }, after?: string) {
  const stop = new AbortController();
  const heard: string[] = [];
  let id = after;
  let pause: Promise<void> | undefined;
  const running = (async () => {
    for await (const text of feed.from(after, stop.signal)) {
      await pause;
      for (const { data, event, ...block } of heardBlocks(text)) {
        id = block.id ?? id;
        if (data === undefined) continue;
        const message = StreamMessage.parse(JSON.parse(data));
        expect(event).toBe(message.type);
        heard.push(
          message.type === "event"
            ? `event ${message.stored.id}`
            : message.type === "alert"
              ? `alert ${message.view.alert.id} ${message.view.alert.condition}`
              : message.type === "device"
                ? `device ${message.device.state}`
                : "reset",
        );
      }
    }
  })();
  return {
    heard,
    get id() {
      return id;
    },
    hold(until: Promise<void>) {
      pause = until;
    },
    events: () => heard.filter((h) => h.startsWith("event")).map((h) => Number(h.slice(6))),
    async end() {
      stop.abort();
      await running;
    },
  };
}
/** A hub whose box has begun anew, and a screen that hears of it from then on. */
async function seen(store: SqliteStore) {
  const hub = open(store);
  hub.commit(kerb.again(t(0)));
  const screen = watch(hub.feed);
  await vi.waitFor(() => expect(screen.id).toBeDefined());
  return { hub, screen };
}
const upTo = (n: number, from = 1): number[] => Array.from({ length: n - from + 1 }, (_, i) => from + i);

describe("the feed", () => {
  it("begins now, and tells of events, alerts and boxes as they come", async () => {
    await using store = openStore({ memory: true });
    const hub = open(store);
    hub.commit(kerb.birth(t(0)), kerb.items([kerb.crossed(t(1))], t(1)));
    const screen = watch(hub.feed);
    await vi.waitFor(() => expect(screen.id).toBeDefined());
    hub.commit(kerb.items([kerb.crossed(t(2)), kerb.troubled(t(2), "dark")], t(2)));
    hub.commit(kerb.state("lost", t(1003)));
    hub.desk.step("a1", { do: "note", text: "seen it" }, t(4), "ann");
    await vi.waitFor(() => expect(screen.heard).toHaveLength(5));
    expect(screen.heard).toEqual(["event 2", "event 3", "alert a1 active", "device lost", "alert a1 active"]);
    await screen.end();
  });

  it("goes on after a break, also one of the hub, without a gap and without saying anything twice", async () => {
    await using store = openStore({ memory: true });
    const first = open(store);
    first.commit(kerb.again(t(0)));
    const before = watch(first.feed);
    await vi.waitFor(() => expect(before.id).toBeDefined());
    const start = store.lastEvent();
    first.cross(700);
    await vi.waitFor(() => expect(before.events()).toHaveLength(700));
    await before.end();
    first.cross(1234);
    first.commit(kerb.items([kerb.troubled(t(9), "frozen")], t(9)));
    const second = open(store);
    const after = watch(second.feed, before.id);
    second.cross(10);
    await vi.waitFor(() => expect(after.events()).toHaveLength(1245));
    expect([...before.events(), ...after.events()]).toEqual(upTo(start + 1945, start + 1));
    expect(after.heard.filter((h) => h.startsWith("alert"))).toEqual(["alert a1 active"]);
    await after.end();
  });

  it("catches a slow reader up from the database and holds little for it", async () => {
    await using store = openStore({ memory: true });
    const { hub, screen } = await seen(store);
    const start = store.lastEvent();
    let go = (): void => {};
    screen.hold(
      new Promise((resolve) => {
        go = resolve;
      }),
    );
    for (let i = 0; i < 30; i++) {
      hub.cross(300);
      await new Promise(setImmediate);
    }
    go();
    await vi.waitFor(() => expect(screen.events()).toHaveLength(9000), { timeout: 5000 });
    expect(screen.events()).toEqual(upTo(start + 9000, start + 1));
    await screen.end();
  });

  it.each([
    ["of another database", "deadbeef-1-1-abc"],
    ["that is none", "hello"],
    ["from the future", "0badcafe-zzzz-0-1"],
    ["of an alert that never was", "0badcafe-0-zzz-1"],
  ])("says reset to an id %s, and goes on from now", async (_, id) => {
    await using store = openStore({ memory: true });
    const hub = open(store);
    hub.commit(kerb.again(t(0)));
    const screen = watch(hub.feed, id);
    await vi.waitFor(() => expect(screen.heard).toEqual(["reset"]));
    hub.cross();
    await vi.waitFor(() => expect(screen.heard).toHaveLength(2));
    await screen.end();
  });

  it("says reset when what was missed has been deleted", async () => {
    await using store = openStore({ memory: true });
    const { hub, screen } = await seen(store);
    await screen.end();
    hub.cross(20);
    hub.commit(kerb.items([kerb.crossed(t(9000))], t(9000)));
    store.prune({ events: t(5000), minutes: t(0) });
    expect(store.firstEvent()).toBeGreaterThan(1);
    const after = watch(hub.feed, screen.id);
    await vi.waitFor(() => expect(after.heard).toEqual(["reset"]));
    await after.end();
  });

  it("tells a reader that comes back of the boxes that changed meanwhile", async () => {
    await using store = openStore({ memory: true });
    const { hub, screen } = await seen(store);
    await screen.end();
    hub.commit(kerb.state("lost", t(1001)));
    const after = watch(open(store).feed, screen.id);
    await vi.waitFor(() => expect(after.heard).toEqual(["device lost"]));
    await after.end();
  });
});
