import { connect } from "node:net";
import { type DeviceProfile, type SiteSensor, Trouble } from "@openkerb/contract";
import type { Decoded } from "./bytes.ts";
import { type Manner, reportsOf, samplesOf, tongueOf } from "./sensor.ts";
import { type Line, serialLine } from "./serial-line.ts";

/** Checks that a profile can be read over the bus of the site file. Throws Trouble. */
export function checkBus({ bus, unit }: SiteSensor, profile: DeviceProfile): void {
  const fits =
    bus.kind === "http"
      ? profile.codec.kind === "json"
      : tongueOf(profile, bus.kind === "serial" ? "serial" : "tcp", unit) !== undefined;
  if (!fits) throw new Trouble(`the profile ${profile.name} cannot be read over ${bus.kind}`);
}

/** What a sensor says, from opening it until it fails with SensorError. */
export async function* openSensor(
  { bus, unit }: Pick<SiteSensor, "bus" | "unit">,
  profile: DeviceProfile,
  manner: Manner,
): AsyncGenerator<Decoded, void> {
  if (bus.kind === "http") return yield* reportsOf(profile, bus.url, manner);
  const over = bus.kind === "serial" ? "serial" : "tcp";
  const tongue = tongueOf(profile, over, unit);
  if (!tongue) throw new Trouble(`the profile ${profile.name} cannot be read over ${bus.kind}`);
  const { bus: wire } = profile;
  const line =
    bus.kind === "serial"
      ? await serialLine(bus.path, bus.baud ?? ("baud" in wire ? wire.baud : undefined) ?? 9600)
      : tcpLine(bus.host, bus.port);
  try {
    yield* samplesOf(line.stream, tongue, manner);
  } finally {
    await line.close();
  }
}

function tcpLine(host: string, port: number): Line {
  const stream = connect({ host, port });
  stream.on("error", () => undefined);
  return {
    stream,
    close: async () => {
      stream.destroy();
    },
  };
}
