import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, connect as dial } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SiteSensor } from "@openkerb/contract";
import { connectAsync, type MqttClient } from "mqtt";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hearSensor } from "./heard-sensor.ts";
import { found, ours } from "./profile-folder.ts";

const within = { timeout: 15_000 };
/** The password "kerbstone" as mosquitto_passwd writes it. */
const login =
  "box:$7$101$HjupImnHOCyzcRrw$0gPZtgLHfYm35dJM31ahYlIpSdWzuUfTp/8l3X4aCDaeKTiDdPwXCq+Yq2nL/4Nfoh8/azdSKdwSSotEMd+fWA==";
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let port = 0;
let broker: ChildProcess | undefined;
let node: MqttClient;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "openkerb-broker-"));
  closing.push(() => rm(folder, { recursive: true }));
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  ({ port } = probe.address() as AddressInfo);
  probe.close();
  await once(probe, "close");
  await writeFile(
    join(folder, "mosquitto.conf"),
    `user root\nlistener ${port} 127.0.0.1\nallow_anonymous false\npassword_file ${join(folder, "people")}\npersistence false\nlog_type none\n`,
  );
  await writeFile(join(folder, "people"), `${login}\n`, { mode: 0o600 });
  start = async () => {
    broker = spawn("mosquitto", ["-c", join(folder, "mosquitto.conf")], { stdio: "ignore" });
    await expect.poll(() => reachable(), within).toBe(true);
    node = await connectAsync(`mqtt://127.0.0.1:${port}`, {
      protocolVersion: 4,
      username: "box",
      password: "kerbstone",
    });
    node.on("error", () => undefined);
  };
  closing.push(async () => {
    node?.end(true);
    broker?.kill("SIGKILL");
  });
  await start();
});
let start: () => Promise<void>;

const reachable = () =>
  new Promise<boolean>((resolve) => {
    const socket = dial(port, "127.0.0.1");
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });

async function listen(profile: string, topic: string, { password = "kerbstone", patience = 10_000 } = {}) {
  const sensor = SiteSensor.parse({
    ...{ id: "s", name: "S", profile, interval: 1 },
    bus: { kind: "mqtt", url: `mqtt://127.0.0.1:${port}`, topic, login: { user: "box", password: { env: "X" } } },
  });
  const heard = hearSensor(sensor, await found(ours, profile), { patience, doors: { password } });
  closing.push(() => heard[Symbol.asyncDispose]());
  return heard;
}
/** Says something again and again until somebody has heard it, as sensors do. */
async function say(topic: string, payload: string, heard: () => boolean): Promise<void> {
  await expect
    .poll(async () => {
      await node.publishAsync(topic, payload);
      return heard();
    }, within)
    .toBe(true);
}

it("hears a Tasmota on the broker of the box's network, and takes no Fahrenheit for Celsius", async () => {
  const heard = await listen("tasmota-air", "tele/kerb/SENSOR");
  const report = {
    Time: "2026-02-16T16:22:12",
    SDS0X1: { "PM2.5": 2.1, PM10: 12.6 },
    BME280: { Temperature: 67.5, Humidity: 40 },
  };
  await say("tele/kerb/SENSOR", JSON.stringify({ ...report, TempUnit: "F" }), () => heard.measured().length > 0);
  expect(heard.measured()[0]).toEqual({ pm25: 2.1, pm10: 12.6, humidity: 40 });
});

it("hears every value of an ESPHome node by its name, and nothing else of it", async () => {
  const heard = await listen("esphome", "kerb/sensor/+/state");
  await say("kerb/sensor/pm_2_5/state", "9.5", () => heard.measured().length > 0);
  expect(heard.measured()[0]).toEqual({ pm25: 9.5 });
  await node.publishAsync("kerb/sensor/wifi_signal/state", "-61");
  await node.publishAsync("kerb/sensor/pm_10_0/state", "nan");
  await node.publishAsync("kerb/sensor/temperature/state", "21.4");
  await expect.poll(() => heard.measured().at(-1), within).toEqual({ temperature: 21.4 });
  const refused = heard.samples.flatMap(({ said }) => (said.kind === "refused" ? [said.why] : []));
  expect(refused).toEqual(["pm_10_0 is not a number"]);
});

it("takes no message that the broker has kept from earlier", async () => {
  await node.publishAsync("airgradient/readings/84fce612f5b8", '{"pm02":999}', { retain: true });
  const heard = await listen("airgradient", "airgradient/readings/84fce612f5b8");
  await say("airgradient/readings/84fce612f5b8", '{"pm02":7.17,"rco2":447}', () => heard.measured().length > 0);
  expect(heard.measured()[0]).toEqual({ pm25: 7.17, co2: 447 });
});

it("says that the broker does not accept the login", async () => {
  const heard = await listen("tasmota-air", "tele/kerb/SENSOR", { password: "wrong" });
  await expect
    .poll(() => heard.failures[0], within)
    .toMatchObject({
      trouble: "refused",
      message: "the broker does not accept the login of the site file",
    });
});

it("says when a broker goes away, and hears again when it is back; and calls a quiet sensor silent", async () => {
  const heard = await listen("tasmota-pms5003", "tele/kerb/SENSOR", { patience: 2000 });
  const report = '{"PMS5003":{"PM1":1,"PM2.5":2,"PM10":2}}';
  await say("tele/kerb/SENSOR", report, () => heard.measured().length > 0);
  await expect.poll(() => heard.failures.map(({ trouble }) => trouble), within).toContain("silent");
  node.end(true);
  broker!.kill("SIGKILL");
  await once(broker!, "exit");
  await expect.poll(() => heard.failures.map(({ trouble }) => trouble), within).toContain("unplugged");
  const before = heard.measured().length;
  await start();
  await say("tele/kerb/SENSOR", report, () => heard.measured().length > before);
}, 60_000);
