import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { Epoch } from "@openkerb/contract";
import { z } from "zod";

/**
 * What must outlive a damaged outbox, in a small file beside it: which epoch it was, how far that was acked when last
 * noted, the last session, and earlier epochs whose loss the hub has not yet confirmed. `unsent` says from which number
 * on nothing was ever given out; it is absent once something was, or the hub was heard, since the process began.
 */
export const Identity = z.strictObject({
  v: z.literal(1),
  epoch: Epoch,
  acked: z.int().nonnegative(),
  session: z.int().nonnegative(),
  unsent: z.int().positive().optional(),
  ended: z.array(z.strictObject({ epoch: Epoch, from: z.int().positive() })).max(16),
});
export type Identity = z.infer<typeof Identity>;

/** Undefined when there is none or it cannot be read: then nothing is known of the time before. */
export function readIdentity(path: string): Identity | undefined {
  try {
    return Identity.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

/** Replaces the file whole, so that a crash leaves the old or the new one. */
export function writeIdentity(path: string, identity: Identity): void {
  const beside = `${path}.new`;
  const file = openSync(beside, "w", 0o600);
  try {
    writeSync(file, JSON.stringify(identity));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
