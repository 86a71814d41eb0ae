import { gunzipSync } from "node:zlib";

const block = 512;

/** The files of a .tgz as npm packs them: names of up to 255 characters, no links. */
export function readTarball(packed: Uint8Array): Map<string, Uint8Array> {
  const bytes = gunzipSync(packed);
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at + block <= bytes.byteLength; ) {
    const header = bytes.subarray(at, at + block);
    const text = (from: number, length: number): string =>
      header
        .subarray(from, from + length)
        .toString("latin1")
        .replace(/\0.*$/s, "");
    const name = text(0, 100);
    if (name === "") break;
    const size = Number.parseInt(text(124, 12).trim(), 8);
    const prefix = text(345, 155);
    const kind = text(156, 1);
    at += block;
    if (kind === "0" || kind === "") files.set(prefix ? `${prefix}/${name}` : name, bytes.subarray(at, at + size));
    at += Math.ceil(size / block) * block;
  }
  return files;
}
