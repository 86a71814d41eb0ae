import { connect } from "node:net";
import { type DeviceProfile, type SiteSensor, Trouble } from "@openkerb/contract";
import type { Decoded } from "./bytes.ts";
import { type Manner, reportsOf, samplesOf, tongueOf } from "./sensor.ts";
import { type Line, serialLine } from "./serial-line.ts";

/** Checks that a profile can be read over the bus of the site file. Throws Trouble. */
export function checkBus({ bus, unit }: SiteSensor, profile: DeviceProfile): void {
  if (bus.kind === "microphone" && bus.channel > bus.channels)
    throw new Trouble(
      `channel ${bus.channel} of a sound card with ${bus.channels} is asked for`,
      "Set channels in the site file.",
    );
  if (!fits(bus, profile, unit)) throw new Trouble(`the profile ${profile.name} cannot be read over ${bus.kind}`);
}

function fits(bus: SiteSensor["bus"], profile: DeviceProfile, unit: number | undefined): boolean {
  switch (bus.kind) {
    case "http":
      return profile.codec.kind === "json";
    case "serial":
    case "modbus-tcp":
      return tongueOf(profile, bus.kind === "serial" ? "serial" : "tcp", unit) !== undefined;
    case "microphone":
      return profile.codec.kind === "sound";
    case "i2c":
    case "mqtt":
    case "push":
      return false;
    default:
      return bus satisfies never;
  }
}

/** What a sensor says, from opening it until it fails with SensorError. */
export async function* openSensor(
  { bus, unit }: Pick<SiteSensor, "bus" | "unit">,
  profile: DeviceProfile,
  manner: Manner,
): AsyncGenerator<Decoded, void> {
  if (bus.kind === "http") return yield* reportsOf(profile, bus.url, manner);
  const over = bus.kind === "serial" ? "serial" : "tcp";
  const tongue = bus.kind === "serial" || bus.kind === "modbus-tcp" ? tongueOf(profile, over, unit) : undefined;
  if (!tongue) throw new Trouble(`the profile ${profile.name} cannot be read over ${bus.kind}`);
  const { bus: wire } = profile;
  const line =
    bus.kind === "serial"
      ? await serialLine(bus.path, bus.baud ?? ("baud" in wire ? wire.baud : undefined) ?? 9600)
      : tcpLine(bus as TcpBus);
  try {
    yield* samplesOf(line.stream, tongue, manner);
  } finally {
    await line.close();
  }
}

type TcpBus = Extract<SiteSensor["bus"], { kind: "modbus-tcp" }>;

function tcpLine({ host, port }: TcpBus): Line {
  const stream = connect({ host, port });
  stream.on("error", () => undefined);
  return {
    stream,
    close: async () => {
      stream.destroy();
    },
  };
}
