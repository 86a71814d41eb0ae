import type { Duplex } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { Trouble } from "@openkerb/contract";
import { SensorError } from "./sensor-error.ts";

/** An open line; whoever opened it closes it. */
export type Line = {
  readonly stream: Duplex;
  close(): Promise<void>;
  /** Holds the line in its other state for so many milliseconds, where the line has states. */
  breakFor?(milliseconds: number): Promise<void>;
};
/** Bits of a second, and how a byte is sent. */
export type LineFormat = { readonly baud: number; readonly format: "8N1" | "7E1" };
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
export async function serialLine(path: string, { baud, format }: LineFormat): Promise<Line> {
  const { SerialPort } = await serialPackage();
  const bits =
    format === "7E1" ? ({ dataBits: 7, parity: "even" } as const) : ({ dataBits: 8, parity: "none" } as const);
  const port = new SerialPort({ path, baudRate: baud, ...bits, autoOpen: false });
  port.on("error", () => undefined);
  await new Promise<void>((resolve, reject) =>
    port.open((err) =>
      err ? reject(new SensorError("unplugged", `${path} cannot be opened`, { cause: err })) : resolve(),
    ),
  );
  // An adapter that makes the break by itself need not know the order for it.
  const holding = (brk: boolean): Promise<void> => new Promise((resolve) => port.set({ brk }, () => resolve()));
  return {
    stream: port,
    close: () => new Promise((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve())),
    breakFor: async (milliseconds) => {
      await holding(true);
      await wait(milliseconds);
      await holding(false);
    },
  };
}
