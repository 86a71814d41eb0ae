import { instant, Site, Trouble } from "@openkerb/contract";
import { expect, it } from "vitest";
import { sensorTasks } from "./watch-sensors.ts";

const around = {
  outbox: { append: async () => [] as never },
  now: () => instant(0),
  stamp: () => ({
    clock: "synced" as const,
    quality: 1 as const,
    provenance: { source: "agent:test@1", config: "000000000000" },
  }),
  onState: () => undefined,
  doors: {
    serialPackage: async () => {
      throw Object.assign(new Error("Cannot find package 'serialport'"), { code: "ERR_MODULE_NOT_FOUND" });
    },
  },
};
const serial = {
  id: "dust",
  name: "Dust",
  profile: "pmsx003",
  interval: 1,
  bus: { kind: "serial", path: "/dev/none" },
};
const http = { id: "air", name: "Air", profile: "airgradient", interval: 1, bus: { kind: "http", url: "http://a/b" } };
const site = (...sensors: object[]) =>
  Site.parse({ version: 1, city: "demo", site: "kerb", name: "Kerb", device: "kerb-01", sensors });

async function troubleOf(of: Promise<unknown>): Promise<Trouble> {
  const err = await of.catch((thrown: unknown) => thrown);
  expect(err).toBeInstanceOf(Trouble);
  return err as Trouble;
}

it("refuses to start when a serial sensor is named and the package serialport is missing", async () => {
  const { message, next } = await troubleOf(sensorTasks(site(serial, http), around));
  expect(message).toContain("sensor dust: reading a serial line needs the package serialport");
  expect(message).not.toContain("sensor air");
  expect(next).toContain("npm install serialport");
});

it("does not miss the package serialport on a box whose sensors need no serial line", async () => {
  expect((await sensorTasks(site(http), around)).tasks).toHaveLength(1);
});

it("names every sensor that cannot be read as written, not only the first", async () => {
  const wrongBus = { ...serial, id: "bus", bus: http.bus };
  const { message } = await troubleOf(sensorTasks(site(serial, { ...http, profile: "nonesuch" }, wrongBus), around));
  expect(message).toMatch(/sensor dust:.*\n.*sensor air: There is no profile "nonesuch".*\n.*sensor bus:.*over http/);
});

it("refuses sensors that would take each other's answers on one serial line, and lets units share one", async () => {
  const loaded = { ...around, doors: { serialPackage: async () => ({}) as never } };
  const bus = { kind: "serial", path: "/dev/ttyUSB0" };
  const unit = (id: string, more: object) => ({ ...serial, id, profile: "sound-level-meter-modbus", bus, ...more });
  expect((await sensorTasks(site(unit("one", { unit: 1 }), unit("two", { unit: 2 })), loaded)).tasks).toHaveLength(2);
  await expect(sensorTasks(site(unit("one", { unit: 2 }), unit("two", { unit: 2 })), loaded)).rejects.toThrow(
    "sensor two: address 2 on the serial line /dev/ttyUSB0 already is sensor one's",
  );
  await expect(sensorTasks(site(unit("one", { unit: 2 }), { ...serial, bus }), loaded)).rejects.toThrow(
    /sensor dust: frame at 9600 8N1 and modbus at \d+ 8N1 cannot both be spoken/,
  );
});
