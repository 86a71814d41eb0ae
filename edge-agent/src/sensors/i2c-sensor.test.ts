import { type DeviceProfile, type Instant, Site, SiteSensor } from "@openkerb/contract";
import { afterEach, expect, it } from "vitest";
import type { Sample } from "../flow/sensors-to-readings.ts";
import { bytesOf } from "./bytes.ts";
import { ads1115Chip, type FakeChip, fakeI2c, registerChip, sensirionChip } from "./fake-chips.ts";
import { linuxI2c } from "./i2c-line.ts";
import { ownProfile } from "./open-sensor.ts";
import { found, ours } from "./profile-folder.ts";
import type { SensorError } from "./sensor-error.ts";
import { watchSensor } from "./watch-sensor.ts";
import { sensorTasks } from "./watch-sensors.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function listen(name: string, chip: FakeChip | undefined, { more = {}, patience = 5000 } = {}) {
  const sensor = SiteSensor.parse({ id: "s", name: "S", profile: name, bus: { kind: "i2c" }, interval: 1, ...more });
  const known = await found(ours, name);
  const profile: DeviceProfile = { ...ownProfile(known, sensor), warmUp: 0 };
  const address = known.bus.kind === "i2c" ? known.bus.address : 0;
  const i2c = fakeI2c(new Map(chip ? [[address, chip]] : []));
  const [samples, failures, stop]: [Sample[], SensorError[], AbortController] = [[], [], new AbortController()];
  const options = { signal: stop.signal, now: () => Date.now() as Instant, patience, doors: { i2c } };
  const done = (async () => {
    for await (const one of watchSensor(sensor, profile, { ...options, onFailed: (e) => failures.push(e) }))
      samples.push(one);
  })().catch((err: unknown) => {
    if (!stop.signal.aborted) throw err;
  });
  const end = async () => {
    stop.abort();
    await done;
  };
  closing.push(end);
  return {
    samples,
    failures,
    i2c,
    end,
    measured: () =>
      samples.flatMap(({ said }) =>
        said.kind === "values" ? [Object.fromEntries(said.values.map((v) => [v.name, v.value]))] : [],
      ),
    refusals: () => samples.flatMap(({ said }) => (said.kind === "refused" ? [said.why] : [])),
  };
}
const within = { timeout: 10_000 };
const sen5x = { start: 0x0021, ready: 0x0202, read: 0x03c4, stop: 0x0104 };
const scd4x = { start: 0x21b1, ready: 0xe4b8, read: 0xec05, stop: 0x3f86 };
const air = [52, 95, 126, 133, 4525, 4870, 1000, 10];

it("starts a SEN5x, reads it whenever it has something new, and stops it at the end", async () => {
  const chip = sensirionChip(sen5x, air);
  const heard = await listen("sen5x", chip);
  await expect.poll(() => heard.measured().length, within).toBe(2);
  expect(heard.measured()[0]).toEqual({
    ...{ pm01: 5.2, pm25: 9.5, pm04: 12.6, pm10: 13.3 },
    ...{ rhum: 45.25, temp: 24.35, VOC: 100, NOx: 1 },
  });
  await heard.end();
  expect(chip.said).toEqual(["stop", "start", "read", "read", "stop"]);
  expect(chip.measuring).toBe(false);
  expect([heard.i2c.opened, heard.i2c.closed]).toEqual([1, 1]);
}, 20_000);

it("starts an SCD4x that an earlier run has left measuring, and waits while it does not answer", async () => {
  // Two of the bits below the top say how often; any of the eleven means ready.
  const chip = sensirionChip(scd4x, [500, 0x6667, 0x5eb9], { busy: 30, ready: 0x0006 });
  chip.leaveMeasuring();
  const heard = await listen("scd4x", chip);
  await expect.poll(() => heard.measured(), within).toEqual([{ CO2: 500, temp: 25, rhum: 37 }]);
  expect(chip.said.slice(0, 3)).toEqual(["stop", "start", "read"]);
  expect(heard.failures).toEqual([]);
}, 20_000);

it("refuses words with a wrong CRC and takes the next ones", async () => {
  const chip = sensirionChip(sen5x, air);
  chip.spoil = 1;
  const heard = await listen("sen5x", chip);
  await expect.poll(() => heard.measured().length, within).toBe(1);
  expect(heard.refusals()).toHaveLength(1);
  expect(heard.refusals()[0]).toContain("CRC of word 1");
}, 20_000);

it("says at which address no chip answers, and goes on when there is one", async () => {
  const heard = await listen("sen5x", undefined);
  await expect.poll(() => heard.failures.length, within).toBeGreaterThanOrEqual(1);
  expect(heard.failures[0]).toMatchObject({
    trouble: "unplugged",
    message: "no chip answers at 0x69 of I2C bus 1; i2cdetect -y 1 shows those there are",
  });
  await heard.end();
  expect(heard.i2c.closed).toBe(heard.i2c.opened);
}, 20_000);

it("calls a chip silent that is never ready", async () => {
  const heard = await listen("sen5x", sensirionChip(sen5x, air, { every: 1e9 }), { patience: 300 });
  await expect.poll(() => heard.failures.map(({ trouble }) => trouble), within).toContain("silent");
}, 20_000);

/** The registers of Bosch's example, with a measurement only after one was asked for. */
async function bosch({ id = 0x60 } = {}) {
  const sample = bytesOf((await found(ours, "bme280")).samples[0]!.hex!)!;
  const registers = new Uint8Array(256);
  registers.set(sample.subarray(0, 24), 0x88);
  registers.set(sample.subarray(24, 25), 0xa1);
  registers.set(sample.subarray(25, 32), 0xe1);
  registers.set([0x80, 0, 0, 0x80, 0, 0, 0x80, 0], 0xf7);
  registers[0xd0] = id;
  const asked: string[] = [];
  const chip = registerChip(registers, (register, value) => {
    asked.push(`${register.toString(16)}=${value.toString(16)}`);
    if (register !== 0xf4 || (value & 3) !== 1) return;
    registers[0xf3] = 0x08;
    setTimeout(() => {
      registers[0xf3] = 0;
      registers.set(sample.subarray(32), 0xf7);
    }, 25);
  });
  return { chip, asked };
}

it("has a BME280 measure, waits for it and reads it with its own constants", async () => {
  const { chip, asked } = await bosch();
  const heard = await listen("bme280", chip);
  await expect.poll(() => heard.measured(), within).toEqual([{ temp: 25.08, pres: 1006.5325, rhum: 20.778 }]);
  expect(asked.slice(0, 2)).toEqual(["f2=1", "f4=25"]);
}, 20_000);

it("does not take a BMP280 for a BME280", async () => {
  const heard = await listen("bme280", (await bosch({ id: 0x58 })).chip);
  await expect.poll(() => heard.failures[0]?.message, within).toContain("BMP280");
}, 20_000);

it("reads an Alphasense cell through an ADS1115, with the certificate of this very cell", async () => {
  const certificate = {
    ...{ workingElectronic: 0.231, workingZero: -0.004, auxiliaryElectronic: 0.234, auxiliaryZero: -0.005 },
    ...{ sensitivity: 0.0002, thermometer: { at20: 0.31, perDegree: 0.001 } },
  };
  const heard = await listen("alphasense-no2-b43f", ads1115Chip([0.281, 0.244, 0.335]), { more: { certificate } });
  // 45 °C lies between the factors 0.2 at 40 °C and -1.5 at 50 °C: -0.65. (0.05 + 0.65 × 0.01) V at 0.2 mV per ppb.
  await expect.poll(() => heard.measured(), within).toEqual([{ gas: 282.5, temp: 45 }]);
}, 20_000);

it("says that a converter is at its end", async () => {
  const heard = await listen("alphasense-no2-b43f", ads1115Chip([5, 0.24, 0.305]));
  await expect.poll(() => heard.refusals(), within).toContain("the converter is at its end");
}, 20_000);

it("names the missing bus and what to do, and two sensors of one chip, before anything starts", async () => {
  await expect(linuxI2c.check(250)).rejects.toMatchObject({
    message: "there is no I2C bus 250 on this machine (/dev/i2c-250)",
    next: expect.stringContaining("dtparam=i2c_arm=on"),
  });
  const sensor = (id: string) => ({ id, name: id, profile: "sen5x", bus: { kind: "i2c" } });
  const site = Site.parse({
    ...{ version: 1, city: "demo", site: "kerb", name: "Kerb", device: "kerb-01" },
    sensors: [sensor("one"), sensor("two")],
  });
  const around = {
    outbox: {},
    now: () => 0,
    stamp: () => ({}),
    onState: () => undefined,
    doors: { i2c: fakeI2c(new Map()) },
  };
  await expect(sensorTasks(site, around as never)).rejects.toThrow(
    "sensor two: the chip at 0x69 of I2C bus 1 already is sensor one's",
  );
});
