import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Alert, DeviceId, Instant } from "@openkerb/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { t } from "../alert/made-alerts.ts";
import { next } from "../alert/next.ts";
import { patience } from "../alert/presence.ts";
import { madeBox } from "../made-box.ts";
import { type AlertDesk, openAlertDesk } from "./alert-desk.ts";
import { alertTable } from "./alert-table.ts";
import type { DatabasePlace } from "./database.ts";
import { openStore, type SqliteStore } from "./sqlite-store.ts";
import type { HubRecord } from "./store.ts";

/** A desk over a real store; `hear` commits and hears as the flow does. */
function openDesk(place: DatabasePlace = { memory: true }) {
  const store: SqliteStore = openStore(place);
  const table = alertTable(store.database);
  let changes = 0;
  const desk: AlertDesk = openAlertDesk(table, store.device, () => changes++);
  const hear = (...records: HubRecord[]): void => {
    const { events } = store.commit(records);
    desk.hear(events, events.at(-1)?.id ?? desk.position);
  };
  const look = (now: Instant, future = new Map<DeviceId, Instant>()): void =>
    desk.look({ now, devices: store.devices(), heard: new Map(), future, patience });
  return {
    store,
    table,
    desk,
    hear,
    look,
    get changes() {
      return changes;
    },
    queue: () => table.list("open", t(0), 100).map((a) => `${a.kind} ${a.condition} ${a.occurrences}`),
    all: () => table.list("all", t(0), 1000),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

const box = madeBox;

describe("the desk", () => {
  it("raises an alert when a camera fails, counts its flaps and clears it", async () => {
    await using hub = openDesk();
    const kerb = box();
    hub.hear(kerb.birth(t(0)), kerb.items([kerb.troubled(t(10), "unreachable")], t(10)));
    expect(hub.queue()).toEqual(["camera-down active 1"]);
    hub.hear(kerb.items([kerb.troubled(t(20), "unreachable", false), kerb.troubled(t(21), "unreachable")], t(21)));
    expect(hub.queue()).toEqual(["camera-down active 2"]);
    hub.hear(kerb.items([kerb.troubled(t(30), "unreachable", false)], t(30)));
    expect(hub.queue()).toEqual(["camera-down cleared 2"]);
    expect(hub.desk.step("a1", { do: "acknowledge" }, t(40), "ann")).toMatchObject({
      kind: "done",
      alert: { closed: t(40) },
    });
    expect(hub.queue()).toEqual([]);
    expect(hub.table.history("a1").map((c) => c.did)).toEqual(["raised", "repeated", "cleared", "acknowledged"]);
  });

  it("a plate that an operator types into a note or a reason is not kept", async () => {
    await using hub = openDesk();
    const kerb = box();
    hub.hear(kerb.birth(t(0)), kerb.items([kerb.troubled(t(10), "unreachable")], t(10)));
    hub.desk.step("a1", { do: "note", text: "the van AB12 CDE blocks the view" }, t(20), "ann");
    hub.desk.step("a1", { do: "shelve", until: t(90), reason: "driver is called, +44 20 7946 0000" }, t(30), "ann");
    hub.desk.step("a1", { do: "close", reason: "AB12 CDE is gone" }, t(40), "ann");
    expect(hub.table.history("a1").map((c) => c.text)).toEqual([
      undefined,
      "the van *** blocks the view",
      "driver is called, ***",
      "*** is gone",
    ]);
    const kept = JSON.stringify([...hub.table.steps("a1"), ...hub.table.list("all", t(0), 10)]);
    expect(kept).not.toMatch(/CDE|7946/);
  });

  it("makes one alert of a thousand flaps, and few lines of history", async () => {
    await using hub = openDesk();
    const kerb = box();
    hub.hear(kerb.birth(t(0)));
    for (let batch = 0; batch < 4; batch++)
      hub.hear(
        kerb.items(
          Array.from({ length: 500 }, (_, i) => kerb.troubled(t(batch * 10 + i / 50), "stalled", i % 2 === 0)),
          t(batch * 10 + 10),
        ),
      );
    expect(hub.all()).toMatchObject([{ occurrences: 1000, condition: "cleared" }]);
    expect(hub.table.history("a1").length).toBeLessThanOrEqual(8);
  });

  it("keeps an acknowledged alert that flaps as one", async () => {
    await using hub = openDesk();
    const kerb = box();
    hub.hear(kerb.birth(t(0)), kerb.items([kerb.troubled(t(1), "dark")], t(1)));
    hub.desk.step("a1", { do: "acknowledge" }, t(2), "ann");
    for (let i = 0; i < 20; i++) {
      hub.hear(kerb.items([kerb.troubled(t(10 + i * 60), "dark", false)], t(10 + i * 60)));
      hub.hear(kerb.items([kerb.troubled(t(40 + i * 60), "dark")], t(40 + i * 60)));
    }
    expect(hub.all()).toMatchObject([{ id: "a1", occurrences: 21, condition: "active" }]);
  });

  it("never hears an event twice", async () => {
    await using hub = openDesk();
    const kerb = box();
    const { events } = hub.store.commit([kerb.birth(t(0)), kerb.items([kerb.troubled(t(1), "dark")], t(1))]);
    hub.desk.hear(events, 1);
    hub.desk.hear(events, 1);
    expect(hub.all()).toMatchObject([{ occurrences: 1 }]);
    const more = hub.store.commit([kerb.items([kerb.troubled(t(2), "frozen")], t(2))]).events;
    hub.desk.hear([...events, ...more], 2);
    expect(hub.queue().sort()).toEqual(["camera-dark active 1", "camera-frozen active 1"]);
  });

  it("says nothing of what a box kept while it was away and what was over by then, but keeps it", async () => {
    await using hub = openDesk();
    const kerb = box();
    hub.hear(kerb.birth(t(9000)));
    hub.hear(kerb.items([kerb.troubled(t(10), "frozen")], t(9000), true));
    expect(hub.queue()).toEqual([]);
    hub.hear(kerb.items([kerb.troubled(t(500), "frozen", false)], t(9001), true));
    hub.look(t(9050));
    expect(hub.queue()).toEqual([]);
    expect(hub.table.list("closed", t(9050), 10)).toMatchObject([
      { kind: "camera-frozen", first: t(10), closed: t(10) },
    ]);
    expect(hub.changes).toBe(1);
  });

  it("raises what a box kept and what is still so, after a short while", async () => {
    await using hub = openDesk();
    const kerb = box();
    hub.hear(kerb.birth(t(9000)), kerb.items([kerb.troubled(t(10), "frozen")], t(9000), true));
    hub.look(t(9014));
    expect(hub.queue()).toEqual([]);
    hub.look(t(9016));
    expect(hub.queue()).toEqual(["camera-frozen active 1"]);
    expect(hub.all()).toMatchObject([{ first: t(10) }]);
  });

  it("puts nothing of its cameras beside a box that is offline", async () => {
    await using hub = openDesk();
    const kerb = box();
    hub.hear(kerb.birth(t(0)), kerb.state("lost", t(1)));
    hub.look(t(12));
    expect(hub.queue()).toEqual(["device-offline active 1"]);
    hub.hear(
      kerb.items(
        [kerb.troubled(t(2), "unreachable"), kerb.troubled(t(3), "dark"), kerb.troubled(t(3), "frozen")],
        t(13),
      ),
    );
    hub.look(t(100));
    expect(hub.queue()).toEqual(["device-offline active 1"]);
    hub.hear(kerb.again(t(110)), kerb.items([kerb.troubled(t(105), "dark", false)], t(110), true));
    for (const now of [t(111), t(126)]) hub.look(now);
    expect(hub.queue().sort()).toEqual(["camera-down active 1", "camera-frozen active 1", "device-offline cleared 1"]);
  });

  it("does not raise a box that is back within seconds, and raises one alert for one that comes and goes", async () => {
    await using hub = openDesk();
    const kerb = box();
    hub.hear(kerb.birth(t(0)));
    for (let i = 1; i <= 20; i++) {
      hub.hear(kerb.state("lost", t(i * 10)));
      hub.look(t(i * 10 + 5));
      hub.hear(kerb.again(t(i * 10 + 6)));
      hub.look(t(i * 10 + 7));
    }
    expect(hub.all()).toEqual([]);
    for (let i = 1; i <= 5; i++) {
      hub.hear(kerb.state("lost", t(300 + i * 30)));
      hub.look(t(300 + i * 30 + 11));
      hub.hear(kerb.again(t(300 + i * 30 + 12)));
      hub.look(t(300 + i * 30 + 13));
    }
    expect(hub.queue()).toEqual(["device-offline cleared 5"]);
  });

  it("tells of lost data until somebody has seen it, and adds up", async () => {
    await using hub = openDesk();
    const kerb = box();
    hub.hear(kerb.birth(t(0)), kerb.items([kerb.lost(t(1), 1, 100)], t(2), true));
    hub.hear(kerb.items([kerb.lost(t(3), 101, 150)], t(4)));
    expect(hub.queue()).toEqual(["data-lost cleared 2"]);
    expect(hub.all()).toMatchObject([{ detail: { items: 150, why: "age" } }]);
  });

  it("raises a wrong clock from items that were set aside, without hearing the items", async () => {
    await using hub = openDesk();
    const kerb = box();
    hub.hear(kerb.birth(t(0)), kerb.items([kerb.troubled(t(3600), "dark")], t(1)));
    expect(hub.queue()).toEqual([]);
    const future = new Map(hub.store.refusals().map((r) => [r.device, r.last]));
    hub.look(t(2), future);
    expect(hub.queue()).toEqual(["clock-wrong active 1"]);
    hub.look(t(700), future);
    expect(hub.queue()).toEqual(expect.arrayContaining(["clock-wrong cleared 1"]));
  });

  it("clears what a box that was restarted no longer says", async () => {
    await using hub = openDesk();
    const kerb = box();
    hub.hear(kerb.birth(t(0)), kerb.items([kerb.stopped(t(100), 60_000)], t(100)));
    hub.hear(kerb.health(t(220), 60_000));
    hub.look(t(221));
    expect(hub.queue()).toEqual(["vehicle-stopped active 1"]);
    hub.hear(kerb.health(t(290), 130_000));
    hub.look(t(291));
    expect(hub.queue()).toEqual(["vehicle-stopped cleared 1"]);
  });

  describe("a sensor that fails", () => {
    const sensor = (state: string, since: Instant) => [{ id: "air", state, since, refused: 0, restarts: 0 }];
    const hour = 3_600_000;

    it("is one alert however often it comes and goes, and a new failure is told at a time after the last end", async () => {
      await using hub = openDesk();
      const kerb = box();
      const say = (at: number, state: string, since: number) => {
        hub.hear(kerb.health(t(at), hour, t(at), sensor(state, t(since))));
        hub.look(t(at));
      };
      hub.hear(kerb.birth(t(0)));
      say(599, "silent", 0);
      expect(hub.queue()).toEqual([]);
      say(600, "silent", 0);
      say(610, "silent", 0);
      expect(hub.all()).toMatchObject([{ first: t(0), occurrences: 1, place: { sensor: "air" } }]);
      say(620, "warming-up", 615);
      expect(hub.queue()).toEqual(["sensor-failed active 1"]);
      say(700, "measuring", 690);
      expect(hub.queue()).toEqual(["sensor-failed cleared 1"]);
      // By the box's own clock, set meanwhile, it fails since before it measured.
      say(1400, "unplugged", 100);
      for (let at = 1410; at < 1450; at += 10) say(at, "unplugged", 100);
      expect(hub.queue()).toEqual(["sensor-failed active 2"]);
      expect(hub.table.history("a1").map((c) => c.did)).toEqual(["raised", "cleared", "repeated"]);
    });

    it("tells the trouble it has now, once it has stood a while, in the same alert and without asking anew", async () => {
      await using hub = openDesk();
      const kerb = box();
      const say = (at: number, state: string, since: number) => {
        hub.hear(kerb.health(t(at), hour, t(at), sensor(state, t(since))));
        hub.look(t(at));
      };
      const now = () =>
        hub.all().map(({ detail, occurrences, acknowledged }) => [detail.trouble, occurrences, acknowledged?.by]);
      hub.hear(kerb.birth(t(0)));
      say(600, "silent", 0);
      hub.desk.step("a1", { do: "acknowledge" }, t(610), "ann");
      for (let at = 620; at < 680; at += 10) say(at, "refused", 620);
      expect(now()).toEqual([["silent", 1, "ann"]]);
      say(680, "refused", 620);
      say(690, "refused", 620);
      say(700, "warming-up", 700);
      expect(now()).toEqual([["refused", 1, "ann"]]);
      expect(hub.table.history("a1").map(({ did, text }) => [did, text])).toEqual([
        ["raised", undefined],
        ["acknowledged", undefined],
        ["changed", "it is not understood now"],
      ]);
      for (let at = 710; at < 1000; at += 10) say(at, at % 20 ? "silent" : "unplugged", at - 5);
      expect(now()).toEqual([["refused", 1, "ann"]]);
      say(1000, "measuring", 1000);
      expect(hub.all()).toMatchObject([{ condition: "cleared", closed: t(1000) }]);
    });

    it("is not told of while the box is offline, and goes on when the box comes back with it", async () => {
      await using hub = openDesk();
      const kerb = box();
      hub.hear(kerb.birth(t(0)), kerb.health(t(590), hour, t(590), sensor("silent", t(0))));
      hub.hear(kerb.state("lost", t(595)));
      for (let at = 600; at < 1500; at += 50) hub.look(t(at));
      expect(hub.queue()).toEqual(["device-offline active 1"]);
      hub.hear(kerb.again(t(1500)), kerb.health(t(1501), hour, t(1501), sensor("silent", t(0))));
      hub.look(t(1501));
      hub.look(t(1502));
      expect(hub.queue().sort()).toEqual(["device-offline cleared 1", "sensor-failed active 1"]);
    });

    it("is known after a restart of the hub, and over when the site file lists it no more", async () => {
      const folder = await mkdtemp(join(tmpdir(), "openkerb-desk-"));
      try {
        const kerb = box();
        {
          await using hub = openDesk({ folder });
          hub.hear(kerb.birth(t(0)), kerb.health(t(900), hour, t(900), sensor("refused", t(0))));
          hub.look(t(900));
        }
        await using hub = openDesk({ folder });
        hub.hear(kerb.health(t(930), hour, t(930), sensor("refused", t(0))));
        hub.look(t(930));
        expect(hub.queue()).toEqual(["sensor-failed active 1"]);
        hub.hear(kerb.health(t(940), hour, t(940), []));
        hub.look(t(940));
        expect(hub.queue()).toEqual(["sensor-failed cleared 1"]);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  });

  it("takes an alert off the shelf when its time is over", async () => {
    await using hub = openDesk();
    const kerb = box();
    hub.hear(kerb.birth(t(0)), kerb.items([kerb.troubled(t(1), "dark")], t(1)));
    hub.desk.step("a1", { do: "shelve", until: t(50), reason: "road works" }, t(2), "ann");
    expect(hub.table.list("open", t(10), 10)).toEqual([]);
    expect(hub.table.list("shelved", t(10), 10)).toHaveLength(1);
    hub.look(t(51));
    expect(hub.table.list("open", t(51), 10)).toHaveLength(1);
    expect(hub.table.history("a1").at(-1)).toMatchObject({ by: "hub", did: "unshelved" });
  });

  it("goes on after a restart exactly where it was", async () => {
    const folder = await mkdtemp(join(tmpdir(), "openkerb-desk-"));
    try {
      const kerb = box();
      {
        await using hub = openDesk({ folder });
        hub.hear(kerb.birth(t(0)), kerb.items([kerb.troubled(t(1), "dark"), kerb.troubled(t(1), "stalled")], t(1)));
        hub.desk.step("a2", { do: "assign", to: "ann" }, t(2), "ann");
        // Stored, but the hub dies before it is heard.
        hub.store.commit([kerb.items([kerb.troubled(t(3), "dark", false)], t(3))]);
      }
      await using hub = openDesk({ folder });
      const events = await hub.store.eventsAfter(hub.desk.position, 100);
      expect(events.map((e) => e.event.kind)).toEqual(["camera-troubled"]);
      hub.desk.hear(events, hub.store.lastEvent());
      expect(hub.queue().sort()).toEqual(["camera-dark cleared 1", "camera-down active 1"]);
      expect(hub.table.alert("a2")?.assignee).toBe("ann");
      hub.hear(kerb.items([kerb.troubled(t(4), "stalled", false)], t(4)));
      expect(hub.queue().sort()).toEqual(["camera-dark cleared 1", "camera-down cleared 1"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("changes nothing when the history cannot be written", async () => {
    await using hub = openDesk();
    const kerb = box();
    hub.hear(kerb.birth(t(0)), kerb.items([kerb.troubled(t(1), "dark")], t(1)));
    hub.store.database.exec(
      "CREATE TRIGGER broken BEFORE INSERT ON alert_changes BEGIN SELECT raise(ABORT, 'disk full'); END",
    );
    expect(() => hub.desk.step("a1", { do: "acknowledge" }, t(2), "ann")).toThrow("disk full");
    const before = hub.desk.position;
    expect(() => hub.hear(kerb.items([kerb.troubled(t(3), "stalled")], t(3)))).toThrow("disk full");
    expect(hub.table.alert("a1")?.acknowledged).toBeUndefined();
    expect(hub.desk.position).toBe(before);
    expect(hub.table.position()).toBe(before);
    expect(hub.all()).toHaveLength(1);
    hub.store.database.exec("DROP TRIGGER broken");
    hub.desk.hear(await hub.store.eventsAfter(before, 10), hub.store.lastEvent());
    expect(hub.queue().sort()).toEqual(["camera-dark active 1", "camera-down active 1"]);
  });

  it("keeps its history and what people did as they are", async () => {
    await using hub = openDesk();
    const kerb = box();
    hub.hear(kerb.birth(t(0)), kerb.items([kerb.troubled(t(1), "dark")], t(1)));
    hub.desk.step("a1", { do: "acknowledge" }, t(2), "ann");
    const run = (sql: string) => () => hub.store.database.exec(sql);
    expect(run("UPDATE alert_changes SET by = 'bob'")).toThrow("only ever added to");
    expect(run("DELETE FROM alert_changes")).toThrow("only ever added to");
    expect(run("UPDATE person_actions SET person = 'bob'")).toThrow("only ever added to");
    expect(run("DELETE FROM person_actions")).toThrow("only ever added to");
    expect(hub.store.database.prepare("SELECT person, did, about FROM person_actions").all()).toEqual([
      { person: "ann", did: "acknowledge", about: "a1" },
    ]);
  });

  it("holds its promises whatever boxes and people do, in whatever order it comes", () =>
    fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 60 }), async (deeds) => {
        await using hub = openDesk();
        const kerb = box();
        hub.hear(kerb.birth(t(0)));
        deeds.forEach((d, i) => {
          const now = t(1000 + i * 7);
          if ("trouble" in d) hub.hear(kerb.items([kerb.troubled(t(1000 + d.at), d.trouble, d.active)], now, d.late));
          else if ("dwell" in d) hub.hear(kerb.items([kerb.stopped(t(1000 + d.at), d.dwell, d.active)], now, d.late));
          else if ("state" in d) hub.hear(d.state === "lost" ? kerb.state("lost", now) : kerb.again(now));
          else if ("person" in d) hub.desk.step(`a${d.alert}`, d.person, now, "ann");
          hub.look(now);
        });
        const alerts = hub.all();
        const open = alerts.filter((a) => a.closed === undefined).map((a) => JSON.stringify([a.kind, a.place]));
        expect(new Set(open).size).toBe(open.length);
        for (const alert of alerts) {
          let again: Alert | undefined;
          for (const { step, at, by } of hub.table.steps(alert.id)) {
            const turn = next(again, step, at, by);
            if (turn.kind === "turned") again = turn.alert;
          }
          expect(again).toEqual(alert);
        }
        expect(alerts.map((a) => a.id).sort()).toEqual(alerts.map((_, i) => `a${i + 1}`).sort());
      }),
      { numRuns: 60 },
    ));
});

const at = fc.integer({ min: -200, max: 400 });
const deed = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      trouble: fc.constantFrom("dark", "stalled", "corrupt"),
      active: fc.boolean(),
      late: fc.boolean(),
      at,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ dwell: fc.integer({ min: 0, max: 99_000 }), active: fc.boolean(), late: fc.boolean(), at }),
  },
  fc.record({ state: fc.constantFrom("lost", "online") }),
  fc.record({
    alert: fc.integer({ min: 1, max: 5 }),
    person: fc.constantFrom({ do: "acknowledge" } as const, { do: "close", reason: "x" } as const),
  }),
);
