import { join } from "node:path";
import { type AlertDetail, type AlertView, minutes } from "@openkerb/contract";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { ask, boxAt, follow, hubIn, madeFolder, until, visitor } from "./hub-bed.ts";

const queue = async (url: string, state = "open"): Promise<string[]> => {
  const { body } = await ask(url, `/api/v1/alerts?state=${state}`);
  return (body as { alerts: AlertView[] }).alerts
    .map(({ alert }) => `${alert.kind} ${alert.condition} ${alert.occurrences}`)
    .sort();
};

describe("an alert, from the box to the operator and back", () => {
  it("is raised by a camera that goes blind, worked on, and leaves the queue when it is over and seen", async () => {
    await using folder = await madeFolder();
    await using hub = await hubIn(folder.path);
    await using box = await boxAt(hub.brokerPort ?? 0);
    await using screen = follow(() => hub.pageUrl);
    await until(() => expect(screen.ready).toBe(true));
    await box.birth();
    await box.tell(box.dark(true));
    await until(async () => expect(await queue(hub.pageUrl)).toEqual(["camera-dark active 1"]));

    const page = await visitor(hub.pageUrl);
    const detail = (await page.go("/api/v1/alerts/a1")).body as AlertDetail;
    expect(detail.words).toMatchObject({ title: "Lamp post 12 sees nothing", where: "mill-road, Lamp post 12" });
    const given = await page.post("/api/v1/alerts/a1/steps", { do: "assign", to: "local" });
    expect(given).toMatchObject({ status: 200, body: { alert: { assignee: "local" } } });
    await page.post("/api/v1/alerts/a1/steps", { do: "note", text: "leaves on the lens" });
    const twice = [
      await page.post("/api/v1/alerts/a1/steps", { do: "acknowledge" }),
      await page.post("/api/v1/alerts/a1/steps", { do: "acknowledge" }),
    ];
    expect(twice.map((a) => a.status)).toEqual([200, 409]);
    expect(twice[1]?.body).toMatchObject({ message: "local has acknowledged this alert already." });

    await box.tell(box.dark(false));
    await until(async () => expect(await queue(hub.pageUrl)).toEqual([]));
    const over = (await page.go("/api/v1/alerts/a1")).body as AlertDetail;
    expect(over.history.map((c) => `${c.by} ${c.did}`)).toEqual([
      "hub raised",
      "local assigned",
      "local noted",
      "local acknowledged",
      "hub cleared",
    ]);
    await until(() => {
      const told = screen.heard.flatMap(({ message }) => (message.type === "alert" ? [message.view.alert] : []));
      expect(told.at(-1)?.closed).toBeDefined();
      expect(told).toHaveLength(5);
    });
  });

  it("tells that a box is gone within a second of its patience, and that it is back, as one alert", async () => {
    await using folder = await madeFolder();
    await using hub = await hubIn(folder.path);
    {
      await using box = await boxAt(hub.brokerPort ?? 0);
      await box.birth();
      await box.tell(box.crossed);
      await until(() => expect(box.acked).toBe(1));
      // Cut, not closed: the broker speaks the last will.
      box.client.stream.destroy();
    }
    await until(async () => expect(await queue(hub.pageUrl)).toEqual(["device-offline active 1"]));
    await using box = await boxAt(hub.brokerPort ?? 0);
    await box.birth(2);
    await until(async () => expect(await queue(hub.pageUrl)).toEqual(["device-offline cleared 1"]));
  });

  it("is raised by a sensor that says nothing, names it, and is over when it measures again", async () => {
    await using folder = await madeFolder();
    await using hub = await hubIn(folder.path);
    await using box = await boxAt(hub.brokerPort ?? 0);
    await box.birth();
    const health = (air: string) => {
      const sensor = (id: string, state: string, forMinutes: number) => ({
        ...{ id, state, refused: 0, restarts: 0 },
        since: Date.now() - minutes(forMinutes),
      });
      return box.say("health", {
        ...{ at: Date.now(), uptime: minutes(90), memory: 1, outbox: { depth: 0, lost: 0 }, cameras: [] },
        sensors: [
          sensor("air", air, 12),
          sensor("gas", "warming-up", 80),
          sensor("noise", "uncalibrated", 80),
          sensor("wind", "unplugged", 9),
        ],
      });
    };
    await health("silent");
    await until(async () => expect(await queue(hub.pageUrl)).toEqual(["sensor-failed active 1"]));
    const { alert, words } = (await ask(hub.pageUrl, "/api/v1/alerts/a1")).body as AlertDetail;
    expect(alert).toMatchObject({ place: { device: "kerb-01", sensor: "air" }, detail: { trouble: "silent" } });
    expect(words).toMatchObject({
      where: "mill-road, Dust on the lamp post",
      sentence: expect.stringContaining("“Dust on the lamp post” at mill-road has said nothing for 12 minutes"),
    });

    await health("measuring");
    await until(async () => expect(await queue(hub.pageUrl)).toEqual(["sensor-failed cleared 1"]));
  });

  it("is there once and as it was left after the hub was restarted", async () => {
    await using folder = await madeFolder();
    {
      await using hub = await hubIn(folder.path);
      await using box = await boxAt(hub.brokerPort ?? 0);
      await box.birth();
      await box.tell(box.dark(true), { kind: "camera-troubled", trouble: "stalled", active: true });
      await until(async () => expect(await queue(hub.pageUrl)).toHaveLength(2));
      await (await visitor(hub.pageUrl)).post("/api/v1/alerts/a1/steps", { do: "acknowledge" });
    }
    await using hub = await hubIn(folder.path);
    expect(await queue(hub.pageUrl)).toEqual(["camera-dark active 1", "camera-down active 1"]);
    await using box = await boxAt(hub.brokerPort ?? 0);
    await box.birth(3);
    await box.tell(box.dark(false));
    await until(async () => expect(await queue(hub.pageUrl)).toEqual(["camera-down active 1"]));
    expect(await queue(hub.pageUrl, "closed")).toEqual(["camera-dark cleared 1"]);
  });

  it("stays as it was when a step cannot be written down, and the person is told", async () => {
    await using folder = await madeFolder();
    await using hub = await hubIn(folder.path);
    await using box = await boxAt(hub.brokerPort ?? 0);
    await box.birth();
    await box.tell(box.dark(true));
    await until(async () => expect(await queue(hub.pageUrl)).toHaveLength(1));
    const other = new Sqlite(join(folder.path, "data", "hub.sqlite"));
    other.exec("CREATE TRIGGER full BEFORE INSERT ON person_actions BEGIN SELECT raise(ABORT, 'full'); END");
    const page = await visitor(hub.pageUrl);
    const answer = await page.post("/api/v1/alerts/a1/steps", { do: "acknowledge" });
    expect(answer).toMatchObject({ status: 503, body: { message: expect.stringContaining("nothing was changed") } });
    expect((await page.go("/api/v1/alerts/a1")).body).not.toHaveProperty("alert.acknowledged");
    other.exec("DROP TRIGGER full");
    other.close();
    expect((await page.post("/api/v1/alerts/a1/steps", { do: "acknowledge" })).status).toBe(200);
  });
});
