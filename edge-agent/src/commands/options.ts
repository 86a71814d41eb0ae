import { Trouble } from "@openkerb/contract";
import type { Manifest, Size } from "@openkerb/vision";

/** Reads a size of the network's input, such as 640x352. Throws Trouble when it is none or the network cannot take it. */
export function readSize(text: string, manifest: Manifest): Size {
  const [, width, height] = (/^(\d{2,4})x(\d{2,4})$/.exec(text) ?? []).map(Number);
  if (!width || !height) throw new Trouble(`--size ${text} is no size.`, "Write it like 640x480: width, x, height.");
  const { size } = manifest.input;
  if ("width" in size) {
    if (width === size.width && height === size.height) return size;
    throw new Trouble(`${manifest.name} takes ${size.width}x${size.height} only.`, "Leave --size out.");
  }
  const nearest = (side: number): number => Math.max(size.step, Math.round(side / size.step) * size.step);
  if (width % size.step === 0 && height % size.step === 0) return { width, height };
  throw new Trouble(
    `${manifest.name} takes sizes in steps of ${size.step}, not ${text}.`,
    `Try --size ${nearest(width)}x${nearest(height)}.`,
  );
}

/** Reads a number of a command line. Throws Trouble when it is none or out of its range. */
export function readNumber(option: string, text: string, from: number, to: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= from && value <= to) return value;
  throw new Trouble(`${option} must be a number from ${from} to ${to}, not ${text}.`);
}
