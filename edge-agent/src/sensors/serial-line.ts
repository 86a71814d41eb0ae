import type { Duplex } from "node:stream";
import { Trouble } from "@openkerb/contract";
import { SensorError } from "./sensor-error.ts";

/** An open line; whoever opened it closes it. */
export type Line = { readonly stream: Duplex; close(): Promise<void> };
/** The package that opens serial lines. */
export type SerialPackage = Pick<typeof import("serialport"), "SerialPort">;

/** Loads serialport, which is optional: a box without serial sensors need not have it. */
const installed = (): Promise<SerialPackage> => import("serialport");

/** The package, or Trouble that names it: a machine where it is not installed, or not built for, cannot get it later. */
export async function serialPackage(load = installed): Promise<SerialPackage> {
  return load().catch((cause: unknown) => {
    throw new Trouble(
      "reading a serial line needs the package serialport, which cannot be loaded here",
      "Install it with: npm install serialport (or take the serial sensors out of the site file).",
      { cause },
    );
  });
}

/** Opens a serial line. Throws SensorError when there is none at that path or another program holds it. */
export async function serialLine(path: string, baudRate: number): Promise<Line> {
  const { SerialPort } = await serialPackage();
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  port.on("error", () => undefined);
  await new Promise<void>((resolve, reject) =>
    port.open((err) =>
      err ? reject(new SensorError("unplugged", `${path} cannot be opened`, { cause: err })) : resolve(),
    ),
  );
  return {
    stream: port,
    close: () => new Promise((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve())),
  };
}
