import { connect } from "node:net";
import { type DeviceProfile, type SiteSensor, Trouble } from "@openkerb/contract";
import type { SoundInput } from "../noise/microphone.ts";
import type { Decoded } from "./bytes.ts";
import { chipOf } from "./i2c-chips.ts";
import { type I2cDoor, linuxI2c } from "./i2c-line.ts";
import { chipSamples, type I2cPlace } from "./i2c-sensor.ts";
import { saidOverMqtt } from "./mqtt-sensor.ts";
import type { PushIntake } from "./push-intake.ts";
import { sdi12Samples } from "./sdi12-sensor.ts";
import { type Manner, reportsOf, samplesOf, tongueOf } from "./sensor.ts";
import {
  inTurn,
  type Line,
  type LineFormat,
  type SerialLines,
  type SerialPackage,
  serialLines,
} from "./serial-line.ts";

/** How the machine's buses are opened, which tests replace. */
export type SensorDoors = {
  /** How the package for serial lines is loaded. */
  readonly serialPackage?: () => Promise<SerialPackage>;
  /** Serial lines that are open already. */
  readonly lines?: SerialLines | undefined;
  readonly i2c?: I2cDoor;
  /** Where sensors send to by themselves. */
  readonly push?: PushIntake | undefined;
  /** The password of a sensor's broker. */
  readonly password?: string | undefined;
  /** What ffmpeg opens for a microphone. */
  readonly sound?: SoundInput;
};

/** The profile with what is known of this very sensor in place of what is usual. */
export const ownProfile = (profile: DeviceProfile, { certificate }: Pick<SiteSensor, "certificate">): DeviceProfile =>
  certificate !== undefined && profile.codec.kind === "alphasense"
    ? { ...profile, codec: { ...profile.codec, certificate } }
    : profile;

/** Checks that a profile can be read over the bus of the site file. Throws Trouble. */
export function checkBus({ bus, unit, certificate }: SiteSensor, profile: DeviceProfile): void {
  if (certificate !== undefined && profile.codec.kind !== "alphasense")
    throw new Trouble(`the profile ${profile.name} has no certificate`, "Take certificate out of the site file.");
  const chip = bus.kind === "i2c" ? chipOf(profile) : undefined;
  if (chip && "why" in chip) throw new Trouble(`the profile ${profile.name} cannot be read over i2c: ${chip.why}`);
  if (bus.kind === "microphone" && bus.channel > bus.channels)
    throw new Trouble(
      `channel ${bus.channel} of a sound card with ${bus.channels} is asked for`,
      "Set channels in the site file.",
    );
  if (!fits(bus, profile, unit)) throw new Trouble(`the profile ${profile.name} cannot be read over ${bus.kind}`);
}

/** Where a chip of the site file is. */
export const placeOf = (
  { bus, address }: Extract<SiteSensor["bus"], { kind: "i2c" }>,
  profile: DeviceProfile,
): I2cPlace => ({ bus, address: address ?? (profile.bus.kind === "i2c" ? profile.bus.address : 0) });

function fits(bus: SiteSensor["bus"], profile: DeviceProfile, unit: number | undefined): boolean {
  switch (bus.kind) {
    case "http":
    case "mqtt":
    case "push":
      return profile.codec.kind === "json";
    case "serial":
      return profile.codec.kind === "sdi12" || tongueOf(profile, "serial", unit) !== undefined;
    case "modbus-tcp":
      return tongueOf(profile, "tcp", unit) !== undefined;
    case "microphone":
      return profile.codec.kind === "sound";
    case "i2c":
      return "start" in chipOf(profile);
    default:
      return bus satisfies never;
  }
}

/** What a sensor says, from opening it until it fails with SensorError. */
export async function* openSensor(
  { id, bus, unit }: Pick<SiteSensor, "id" | "bus" | "unit">,
  profile: DeviceProfile,
  manner: Manner,
  { i2c = linuxI2c, lines = serialLines(), push, password }: SensorDoors = {},
): AsyncGenerator<Decoded, void> {
  if (bus.kind === "mqtt") return yield* saidOverMqtt(bus, password, profile, manner);
  if (bus.kind === "push" && push) return yield* push.said(id, manner);
  const chip = bus.kind === "i2c" ? chipOf(profile) : undefined;
  if (bus.kind === "i2c" && chip && "start" in chip) {
    const place = placeOf(bus, profile);
    return yield* chipSamples(() => i2c.open(place.bus), place, profile, chip, manner);
  }
  if (bus.kind === "http") return yield* reportsOf(profile, bus.url, manner);
  const { codec } = profile;
  if (bus.kind === "serial" && codec.kind === "sdi12") {
    const line = await lines.open(bus.path, formatOf(bus, profile));
    try {
      return yield* sdi12Samples(line, codec, bus.address ?? "0", manner);
    } finally {
      await line.close();
    }
  }
  const over = bus.kind === "serial" ? "serial" : "tcp";
  const tongue = bus.kind === "serial" || bus.kind === "modbus-tcp" ? tongueOf(profile, over, unit) : undefined;
  if (!tongue) throw new Trouble(`the profile ${profile.name} cannot be read over ${bus.kind}`);
  const line = bus.kind === "serial" ? await lines.open(bus.path, formatOf(bus, profile)) : tcpLine(bus as TcpBus);
  try {
    yield* samplesOf(line, tongue, manner);
  } finally {
    await line.close();
  }
}

type SerialBus = Extract<SiteSensor["bus"], { kind: "serial" }>;

/** What the site file says before all; else SDI-12 has one speed and form for all, and other lines those of the profile. */
export function formatOf({ baud, format }: SerialBus, { bus, codec }: DeviceProfile): LineFormat {
  const sdi12 = codec.kind === "sdi12";
  const usual = sdi12 ? 1200 : "baud" in bus ? bus.baud : undefined;
  return { baud: baud ?? usual ?? 9600, format: format ?? (sdi12 ? "7E1" : bus.kind === "uart" ? bus.format : "8N1") };
}

type TcpBus = Extract<SiteSensor["bus"], { kind: "modbus-tcp" }>;

function tcpLine({ host, port }: TcpBus): Line {
  const stream = connect({ host, port });
  stream.on("error", () => undefined);
  return {
    stream,
    turn: inTurn(),
    broken: () => stream.destroyed,
    close: async () => {
      stream.destroy();
    },
  };
}
