import { request } from "node:http";
import { connect } from "node:net";
import { instant, Site, Trouble } from "@openkerb/contract";
import { afterEach, expect, it } from "vitest";
import { together } from "../together.ts";
import { sensorTasks } from "./watch-sensors.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const token = "0123456789abcdef0123456789abcdef";
const report = (pm10: string) =>
  JSON.stringify({
    software_version: "NRZ-2024-135",
    sensordatavalues: [
      { value_type: "SDS_P1", value: pm10 },
      { value_type: "SDS_P2", value: "4.25" },
    ],
  });

/** A box that only takes what is sent to it. */
async function box(secret = token, port = 0) {
  const kept: { metric: string; value: number; quality: number }[] = [];
  const states: string[] = [];
  const stop = new AbortController();
  let listening: (port: number) => void = () => undefined;
  const listens = new Promise<number>((resolve) => {
    listening = resolve;
  });
  const site = Site.parse({
    ...{ version: 1, city: "demo", site: "kerb", name: "Kerb", device: "kerb-01", intake: { port } },
    sensors: [{ id: "dust", name: "Dust", profile: "sensor-community", bus: { kind: "push", token: { env: "X" } } }],
  });
  const sensors = await sensorTasks(site, {
    outbox: {
      append: async (facts) => {
        for (const fact of facts) if ("reading" in fact && fact.reading) kept.push(fact.reading);
        return [] as never;
      },
    },
    now: () => instant(Date.now()),
    stamp: () => ({
      ...{ clock: "synced" as const, quality: 1 as const },
      provenance: { source: "agent:test@1", config: "000000000000" },
    }),
    secrets: new Map(site.sensors?.map(({ id }) => [id, secret])),
    onState: (_, state) => states.push(state),
    onIntake: (_, at) => listening(at),
  });
  const done = together(stop.signal, ...sensors.tasks).catch((err: unknown) => {
    if (!stop.signal.aborted) throw err;
  });
  const end = async () => {
    stop.abort();
    await done;
  };
  closing.push(() => end().catch(() => undefined));
  const open = await Promise.race([listens, done.then(() => 0)]);
  const send = async (path: string, body: string, method = "POST") =>
    (await fetch(`http://127.0.0.1:${open}${path}`, { method, ...(method === "GET" ? {} : { body }) })).status;
  return { kept, states, sensors, end, port: open, send };
}

it("takes what a sensor.community station sends to its own address: P1 is PM10, P2 is PM2.5", async () => {
  const { send, end, kept, states, sensors } = await box();
  expect(await send(`/push/dust/${token}`, report("12.30"))).toBe(204);
  await expect.poll(() => states).toEqual(["warming-up"]);
  expect(sensors.read()).toMatchObject([{ id: "dust", state: "warming-up", refused: 0 }]);
  await end();
  expect(kept).toMatchObject([
    { metric: "pm10", value: 12.3, quality: 2, provenance: { source: "profile:sensor-community@1" } },
    { metric: "pm25", value: 4.25 },
  ]);
});

it("answers everybody else as if there were nothing", async () => {
  const { send, kept, end } = await box();
  const tries: [path: string, method?: string][] = [
    ["/"],
    [`/push/dust/${token.slice(1)}`],
    [`/push/dust/${token}0`],
    ["/push/dust/"],
    ["/push/dust"],
    [`/push/noise/${token}`],
    [`/push/dust/${token}/more`],
    [`/push/dust/${token}`, "GET"],
    [`/push/dust/${token}`, "PUT"],
    ["/push/__proto__/"],
    ["/%00/../push"],
  ];
  for (const [path, method] of tries) expect([path, await send(path, report("1"), method)]).toEqual([path, 404]);
  await end();
  expect(kept).toEqual([]);
});

it("refuses what is no report, too long or too soon, and keeps none of it", async () => {
  const { send, port, kept, end, sensors } = await box();
  const mine = `/push/dust/${token}`;
  expect(await send(mine, "<html>")).toBe(422);
  expect(await send(mine, report("9"))).toBe(429);
  expect(await send(mine, " ".repeat(20_000))).toBe(413);
  // Without a length, piece by piece and without an end.
  const endless = await new Promise<number>((resolve, reject) => {
    const asked = request({ port, host: "127.0.0.1", method: "POST", path: mine }, (answer) =>
      resolve(answer.statusCode ?? 0),
    );
    asked.on("error", reject);
    const more = () => {
      if (!asked.destroyed) asked.write(" ".repeat(4096), () => setImmediate(more));
    };
    more();
    closing.push(() => asked.destroy());
  });
  expect(endless).toBe(413);
  expect(sensors.read()[0]).toMatchObject({ refused: 1, state: "starting" });
  await end();
  expect(kept).toEqual([]);
});

it("is not held up by one who opens lines and says nothing", async () => {
  const { send, port } = await box();
  const silent = Array.from({ length: 30 }, () => connect(port, "127.0.0.1"));
  for (const socket of silent) {
    socket.on("error", () => undefined);
    closing.push(() => socket.destroy());
  }
  expect(await send(`/push/dust/${token}`, report("5"))).toBe(204);
});

it("wants a token that cannot be guessed, and says when the address is taken", async () => {
  await expect(box("secret")).rejects.toMatchObject({ next: "Make one with: openssl rand -hex 16" });
  const { port } = await box();
  await expect(box(token, port)).rejects.toBeInstanceOf(Trouble);
});
