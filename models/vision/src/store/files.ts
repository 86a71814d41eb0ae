import { createHash, randomBytes } from "node:crypto";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Trouble } from "@openkerb/contract";

const house = fileURLToPath(new URL("../../../..", import.meta.url));

/** The folder of everything made while running: `OPENKERB_HOME`, or `.openkerb` in the house. */
const homeFolder = (): string => process.env.OPENKERB_HOME || join(house, ".openkerb");

/** Where network files and their manifests live. */
export const modelsFolder = (): string => join(homeFolder(), "models");

/** Where downloads are kept. */
export const cacheFolder = (): string => join(homeFolder(), "cache");

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** What an operator reads for the usual ways in which a disk says no. */
const whys: Readonly<Record<string, string>> = {
  ENOENT: "the folder above it takes nothing",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the disk can only be read",
  ENOSPC: "the disk is full",
  EDQUOT: "this user has used up its share of the disk",
  EFBIG: "files may not be so large there",
  ENOTDIR: "a part of the path is no folder",
  EEXIST: "there is a file of that name",
  EISDIR: "there is a folder of that name",
};

function cannot(what: string, path: string, cause: unknown): Trouble {
  const { code = "", message } = cause as NodeJS.ErrnoException;
  const next = "OPENKERB_HOME names the folder that is used; it needs some 20 MB and a user who may write to it.";
  return new Trouble(`${path} cannot be ${what}: ${whys[code] ?? message}.`, next, { cause });
}

/**
 * Makes a folder and what is missing above it. Node's own `recursive` never comes back from a folder that is there and
 * takes no other, such as /proc. Throws Trouble.
 */
export async function makeFolder(path: string): Promise<void> {
  const isFolder = async (): Promise<boolean> => (await stat(path).catch(() => undefined))?.isDirectory() === true;
  const attempt = (): Promise<unknown> => mkdir(path).catch((cause: NodeJS.ErrnoException) => cause);
  let failed = await attempt();
  const missing = (failed as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
  if (missing && dirname(path) !== path) {
    await makeFolder(dirname(path));
    failed = await attempt();
  }
  if (failed && !(await isFolder())) throw cannot("made", path, failed);
}

/**
 * Writes a file whole or not at all: beside its place first, then moved there, so that two who write the same at once
 * do not meet. Makes the folder when it is missing. Throws Trouble.
 */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  await makeFolder(dirname(path));
  const beside = `${path}.${randomBytes(4).toString("hex")}.part`;
  try {
    await writeFile(beside, content, { flush: true });
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw cannot("written", path, cause);
  }
}
