import { Trouble } from "@openkerb/contract";
import { checkSize, type Manifest, type Size } from "@openkerb/vision";

/** Reads a size of the network's input, such as 640x352. Throws Trouble when it is none or the network cannot take it. */
export function readSize(text: string, manifest: Manifest): Size {
  const [, width, height] = (/^(\d{2,4})x(\d{2,4})$/.exec(text) ?? []).map(Number);
  if (!width || !height) throw new Trouble(`--size ${text} is no size.`, "Write it like 640x480: width, x, height.");
  checkSize({ width, height }, manifest, "--size");
  return { width, height };
}

/** Reads a number of a command line. Throws Trouble when it is none or out of its range. */
export function readNumber(option: string, text: string, from: number, to: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= from && value <= to) return value;
  throw new Trouble(`${option} must be a number from ${from} to ${to}, not ${text}.`);
}
