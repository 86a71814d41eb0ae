import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectAsync } from "mqtt";
import { expect, it } from "vitest";
import { madeFolder, until } from "../hub-bed.ts";
import { aedesBroker, mosquittoBroker } from "./brokers.ts";
import { hubStandIn } from "./hub-stand-in.ts";

const token = "5f3a9c0d5f3a9c0d5f3a9c0d";
const password = "pass-geheim-word";

it("brings what sensors send by themselves to the hub, with their health, and keeps their secrets to itself", async () => {
  await using folder = await madeFolder();
  await using broker = await aedesBroker();
  await using street = await mosquittoBroker();
  await using hub = await hubStandIn(broker.url);
  await writeFile(join(folder.path, "token"), `${token}\n`, { mode: 0o600 });
  await writeFile(join(folder.path, "password"), `${password}\n`, { mode: 0o600 });
  const login = { user: "box", password: { file: "password" } };
  const site = join(folder.path, "site.json");
  const sensor = (id: string, profile: string, bus: object) => ({ id, name: id, profile, interval: 1, bus });
  await writeFile(
    site,
    JSON.stringify({
      ...{ version: 1, city: "demo", site: "kerb", name: "Kerb", device: "kerb-01", intake: { port: 0 } },
      sensors: [
        sensor("dust", "sensor-community", { kind: "push", token: { file: "token" } }),
        sensor("plug", "tasmota-air", { kind: "mqtt", url: street.url, topic: "tele/plug/SENSOR", login }),
        sensor("ear", "microphone", { kind: "microphone", device: "hw:97,0" }),
      ],
    }),
  );
  const data = join(folder.path, "agent");
  await mkdir(data);
  const agent: ChildProcess = spawn(
    process.execPath,
    [
      ...[fileURLToPath(new URL("../../../deploy/openkerb.mjs", import.meta.url)), "agent", "--site", site],
      ...["--hub", broker.url, "--data", data],
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let log = "";
  for (const stream of [agent.stdout!, agent.stderr!])
    stream.on("data", (text: Buffer) => {
      log += text;
    });
  const node = await connectAsync(street.url, { protocolVersion: 4 });
  try {
    await until(() => expect(hub.births[0]?.sensors.map(({ id }) => id)).toEqual(["dust", "plug", "ear"]), 40_000);
    await until(() => expect(log).toMatch(/http:\/\/127\.0\.0\.1:\d+\/push/));
    const [, port] = /http:\/\/127\.0\.0\.1:(\d+)\/push/.exec(log)!;
    const sensordatavalues = [
      { value_type: "SDS_P1", value: "20.50" },
      { value_type: "SDS_P2", value: "9.70" },
    ];
    const sent = await fetch(`http://127.0.0.1:${port}/push/dust/${token}`, {
      method: "POST",
      body: JSON.stringify({ sensordatavalues }),
    });
    expect(sent.status).toBe(204);
    await hub.say("command", { v: 1, id: "00000000000000aa", expires: Date.now() + 60_000, do: "send-health" });
    // Said again and again: nobody knows when the agent has begun to listen.
    await until(async () => {
      await node.publishAsync("tele/plug/SENSOR", '{"SCD40":{"CarbonDioxide":612,"Humidity":44.1},"TempUnit":"C"}');
      await hub.say("command", { v: 1, id: "00000000000000bb", expires: Date.now() + 60_000, do: "send-health" });
      const states = Object.fromEntries(hub.healths.at(-1)?.sensors?.map(({ id, state }) => [id, state]) ?? []);
      expect(states).toEqual({ dust: "warming-up", plug: "warming-up", ear: "unplugged" });
    });
    const told = once(agent, "exit");
    agent.kill("SIGTERM");
    expect(await told).toEqual([0, null]);
    const values = [...hub.stored.values()].flatMap((rows) => [...rows.values()].flatMap(({ value }) => value ?? []));
    for (const value of [20.5, 9.7, 612, 44.1]) expect(values).toContain(value);
    expect(log).toContain("there is no microphone hw:97,0");
    for (const secret of [token, password]) expect(log).not.toContain(secret);
  } finally {
    agent.kill("SIGKILL");
    await node.endAsync(true);
  }
});
