import { createHash, randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Trouble } from "@openkerb/contract";
import { homeFolder, makeFolder } from "@openkerb/machine";

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

/** Makes a folder, and what is missing above it, which everybody may read: networks are no secret. Throws Trouble. */
export function makeOpenFolder(path: string): void {
  try {
    makeFolder(path, 0o777);
  } catch (cause) {
    // What could not be made is the topmost that was missing.
    throw cannot("made", (cause as NodeJS.ErrnoException).path ?? path, cause);
  }
}

/**
 * Writes a file whole or not at all: beside its place first, then moved there, so that two who write the same at once
 * do not meet. Makes the folder when it is missing. Throws Trouble.
 */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  makeOpenFolder(dirname(path));
  const beside = `${path}.${randomBytes(4).toString("hex")}.part`;
  try {
    await writeFile(beside, content, { flush: true });
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw cannot("written", path, cause);
  }
}
