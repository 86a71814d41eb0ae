import { createHash } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const house = fileURLToPath(new URL("../../../..", import.meta.url));

/** The folder of everything made while running: `OPENKERB_HOME`, or `.openkerb` in the house. */
const homeFolder = (): string => process.env.OPENKERB_HOME || join(house, ".openkerb");

/** Where network files and their manifests live. */
export const modelsFolder = (): string => join(homeFolder(), "models");

/** Where downloads are kept. */
export const cacheFolder = (): string => join(homeFolder(), "cache");

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Writes a file whole or not at all: beside its place first, then moved there. Makes the folder when it is missing. */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.part`;
  try {
    await writeFile(beside, content, { flush: true });
    await rename(beside, path);
  } catch (err) {
    await rm(beside, { force: true });
    throw err;
  }
}
