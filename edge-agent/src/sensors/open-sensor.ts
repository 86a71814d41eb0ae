import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { type DeviceProfile, type SiteSensor, Trouble } from "@openkerb/contract";
import type { Decoded } from "./bytes.ts";
import { type Manner, reportsOf, samplesOf, tongueOf } from "./sensor.ts";
import { SensorError } from "./sensor-error.ts";

/** Checks that a profile can be read over the bus of the site file. Throws Trouble. */
export function checkBus({ id, bus, unit }: SiteSensor, profile: DeviceProfile): void {
  const fits =
    bus.kind === "http"
      ? profile.codec.kind === "json"
      : tongueOf(profile, bus.kind === "serial" ? "serial" : "tcp", unit) !== undefined;
  if (!fits) throw new Trouble(`sensor ${id}: the profile ${profile.name} cannot be read over ${bus.kind}`);
}

/** What a sensor says, from opening it until it fails with SensorError. */
export async function* openSensor(
  { bus, unit }: SiteSensor,
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

type Line = { readonly stream: Duplex; close(): Promise<void> };

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

/** serialport is optional: a box without serial sensors need not have it. */
async function serialLine(path: string, baudRate: number): Promise<Line> {
  const { SerialPort } = await import("serialport").catch((cause: unknown) => {
    throw new Trouble("a serial sensor needs the package serialport", "Install it with: npm install serialport", {
      cause,
    });
  });
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  port.on("error", () => undefined);
  await new Promise<void>((resolve, reject) =>
    port.open((err) => (err ? reject(new SensorError("unplugged", `${path} cannot be opened`)) : resolve())),
  );
  return {
    stream: port,
    close: () => new Promise((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve())),
  };
}
