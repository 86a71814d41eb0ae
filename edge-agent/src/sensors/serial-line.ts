import { constants } from "node:fs";
import { access } from "node:fs/promises";
import type { Duplex } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { Trouble } from "@openkerb/contract";
import { SensorError } from "./sensor-error.ts";

/** An open line; whoever opened it closes it. */
export type Line = {
  readonly stream: Duplex;
  close(): Promise<void>;
  /** True when nothing will come of it any more. */
  broken(): boolean;
  /** Does a piece of conversation when nobody else on the line is in one. */
  turn<T>(work: () => Promise<T>): Promise<T>;
  /** Holds the line in its other state for so many milliseconds, where the line has states. */
  breakFor?(milliseconds: number): Promise<void>;
};
/** Bits of a second, and how a byte is sent. */
export type LineFormat = { readonly baud: number; readonly format: "8N1" | "8E1" | "8O1" | "8N2" | "7E1" };
const parities = { N: "none", E: "even", O: "odd" } as const;
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

/** Lets one after the other have its turn. */
export function inTurn(): Line["turn"] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** The serial lines that sensors have open; those of one line share it. */
export type SerialLines = { open(path: string, format: LineFormat): Promise<Line> };

export function serialLines(): SerialLines {
  const lines = new Map<string, { readonly line: Promise<Line>; readonly format: LineFormat; users: number }>();
  return {
    async open(path, format) {
      const known = lines.get(path);
      const shared = known ?? { line: serialLine(path, format), format, users: 0 };
      if (shared.format.baud !== format.baud || shared.format.format !== format.format)
        throw new SensorError(
          "busy",
          `${path} is open at ${shared.format.baud} ${shared.format.format} for another sensor`,
        );
      lines.set(path, shared);
      shared.users++;
      const leave = async (): Promise<void> => {
        shared.users--;
        const line = await shared.line.catch(() => undefined);
        // Whoever comes next opens a broken line anew, also while others have yet to notice.
        if ((shared.users === 0 || !line || line.broken()) && lines.get(path) === shared) lines.delete(path);
        if (shared.users === 0) await line?.close();
      };
      try {
        const line = await shared.line;
        return { ...line, close: leave };
      } catch (err) {
        await leave();
        throw err;
      }
    },
  };
}

/** Why a serial line cannot be opened, for whoever stands before the box; `mayUse` asks the system. */
export async function whyClosed(path: string, mayUse: (path: string) => Promise<void> = readAndWrite): Promise<string> {
  try {
    await mayUse(path);
    return `${path} cannot be opened: another program holds it, or it is no serial line`;
  } catch (err) {
    const code = err instanceof Error && "code" in err ? err.code : undefined;
    return code === "EACCES"
      ? `this user may not use ${path}; add it to the group: sudo usermod -aG dialout $USER, then log in again`
      : `there is no serial line ${path} (${String(code)})`;
  }
}

const readAndWrite = (path: string): Promise<void> => access(path, constants.R_OK | constants.W_OK);

/** Opens a serial line. Throws SensorError when there is none at that path or another program holds it. */
async function serialLine(path: string, { baud, format }: LineFormat): Promise<Line> {
  const { SerialPort } = await serialPackage();
  const [data, parity, stop] = format as unknown as readonly ["7" | "8", keyof typeof parities, "1" | "2"];
  const bits = { dataBits: data === "7" ? 7 : 8, parity: parities[parity], stopBits: stop === "2" ? 2 : 1 } as const;
  const port = new SerialPort({ path, baudRate: baud, ...bits, autoOpen: false });
  port.on("error", () => undefined);
  const refusal = await new Promise<Error | null>((resolve) => port.open(resolve));
  if (refusal) throw new SensorError("unplugged", await whyClosed(path), { cause: refusal });
  // An adapter that makes the break by itself need not know the order for it.
  const holding = (brk: boolean): Promise<void> => new Promise((resolve) => port.set({ brk }, () => resolve()));
  return {
    stream: port,
    turn: inTurn(),
    broken: () => !port.isOpen,
    close: () => new Promise((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve())),
    breakFor: async (milliseconds) => {
      await holding(true);
      await wait(milliseconds);
      await holding(false);
    },
  };
}
