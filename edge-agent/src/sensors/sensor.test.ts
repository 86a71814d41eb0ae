import { open } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { type DeviceProfile, SiteSensor } from "@openkerb/contract";
import { afterEach, expect, it } from "vitest";
import { bytesOf } from "./bytes.ts";
import { type Cable, cable } from "./cable.ts";
import { crc16Modbus } from "./checksum.ts";
import { hearSensor } from "./heard-sensor.ts";
import { found, ours } from "./profile-folder.ts";

const frame = bytesOf("424d001c0005000d00160005000d001602fd00fc001d000f00060006970003c5")!;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function wire(folder?: string): Promise<Cable> {
  const made = await cable(folder);
  closing.push(() => made[Symbol.asyncDispose]());
  return made;
}

function listen(bus: object, profile: DeviceProfile, patience = 5000) {
  const sensor = SiteSensor.parse({ id: "s", name: "S", profile: profile.name, bus, interval: 1 });
  const heard = hearSensor(sensor, profile, { patience });
  closing.push(() => heard[Symbol.asyncDispose]());
  return {
    ...heard,
    values: (name: string) =>
      heard.samples.flatMap(({ said }) => (said.kind === "values" ? said.values.filter((v) => v.name === name) : [])),
    get troubles() {
      return heard.failures.map(({ trouble }) => trouble);
    },
    get whys() {
      return heard.failures.map(({ message }) => message);
    },
  };
}

it("finds frames on a serial line in noise, split and beside wrong ones, and comes back after unplugging", async () => {
  const first = await wire();
  const heard = listen({ kind: "serial", path: first.box }, await found(ours, "pmsx003"));
  const device = await open(first.device, "r+");
  const wrong = frame.slice();
  wrong[10] = 99;
  // The sensor is told to speak by itself as soon as the line is open; before that nobody listens.
  await device.read(Buffer.alloc(7), 0, 7);
  await device.write(Buffer.from([0x00, 0x42, 0xff, ...wrong, ...frame.subarray(0, 11)]));
  await device.write(frame.subarray(11));
  await expect.poll(() => heard.values("pm25").map((v) => v.value), { timeout: 8000 }).toEqual([13]);
  expect(heard.samples.some(({ said }) => said.kind === "refused" && said.why.includes("checksum"))).toBe(true);
  await device.close();
  first.pull();
  await expect.poll(() => heard.troubles, { timeout: 8000 }).toContain("unplugged");
  const second = await wire(dirname(first.box));
  const again = await open(second.device, "r+");
  await again.read(Buffer.alloc(7), 0, 7);
  await again.write(frame);
  await expect.poll(() => heard.values("pm25").length, { timeout: 8000 }).toBe(2);
  await again.close();
}, 30_000);

it("calls a sensor silent that says nothing", async () => {
  const { box } = await wire();
  const heard = listen({ kind: "serial", path: box }, await found(ours, "pmsx003"), 200);
  await expect.poll(() => heard.troubles, { timeout: 8000 }).toContain("silent");
}, 20_000);

it("reads registers over TCP, from a server that answers in pieces", async () => {
  const profile = await found(ours, "louver-station");
  const sample = bytesOf(profile.samples.find(({ hex }) => hex)!.hex!)!;
  const body = sample[2] === 0 && sample[3] === 0 ? sample.subarray(6) : sample.subarray(0, -2);
  const server = createServer((socket) =>
    socket.on("data", (asked) => {
      const answer = Buffer.from([asked[0]!, asked[1]!, 0, 0, 0, body.length, ...body]);
      socket.write(answer.subarray(0, 7));
      setImmediate(() => socket.write(answer.subarray(7)));
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  const { port } = server.address() as { port: number };
  const heard = listen({ kind: "modbus-tcp", host: "127.0.0.1", port }, profile);
  await expect.poll(() => heard.samples.filter(({ said }) => said.kind === "values").length, { timeout: 8000 }).toBe(2);
}, 20_000);

it("reads registers over a serial line, with noise before the answer", async () => {
  const profile = await found(ours, "louver-station");
  const sample = bytesOf(profile.samples.find(({ hex }) => hex)!.hex!)!;
  const body = sample[2] === 0 && sample[3] === 0 ? sample.subarray(6) : sample.subarray(0, -2);
  const crc = crc16Modbus(body);
  const line = await wire();
  const heard = listen({ kind: "serial", path: line.box }, profile);
  const device = await open(line.device, "r+");
  await device.read(Buffer.alloc(8), 0, 8);
  await device.write(Buffer.from([0xff, 0x00, ...body, crc & 0xff, crc >> 8]));
  await expect.poll(() => heard.samples.map(({ said }) => said.kind), { timeout: 8000 }).toEqual(["values"]);
  await device.close();
}, 20_000);

it("says that a sensor fails which answers every question, but never with a measurement", async () => {
  const profile = await found(ours, "mh-z19b");
  const line = await wire();
  const heard = listen({ kind: "serial", path: line.box }, { ...profile, warmUp: 0 }, 1500);
  const device = await open(line.device, "r+");
  const wrong = Buffer.from("ff86019a00000000de", "hex");
  const answering = (async () => {
    for (;;) {
      await device.read(Buffer.alloc(9), 0, 9);
      await device.write(wrong);
    }
  })().catch(() => undefined);
  closing.push(async () => {
    line.pull();
    await device.close();
    await answering;
  });
  await expect.poll(() => heard.troubles, { timeout: 8000 }).toContain("refused");
  expect(heard.whys.join()).toContain("checksum");
}, 20_000);

it("gives a polled sensor the time to warm up before answers without a measurement count as failing", async () => {
  const profile = await found(ours, "louver-station");
  let asked = 0;
  const server = createServer((socket) =>
    socket.on("data", (question) => {
      asked++;
      // Exception 6: the device is busy.
      socket.write(Buffer.from([question[0]!, question[1]!, 0, 0, 0, 3, question[6]!, question[7]! | 0x80, 6]));
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  const { port } = server.address() as { port: number };
  const heard = listen({ kind: "modbus-tcp", host: "127.0.0.1", port }, { ...profile, warmUp: 2.5 }, 500);
  await expect.poll(() => heard.troubles, { timeout: 8000 }).toContain("refused");
  expect(asked).toBeGreaterThanOrEqual(3);
}, 20_000);
