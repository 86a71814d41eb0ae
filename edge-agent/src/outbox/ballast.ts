import { existsSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A file that only takes up room, given back to the disk when that is full: even forgetting needs room to be logged. */
export type Ballast = {
  readonly size: number;
  readonly there: boolean;
  /** Makes it again when the disk has room for it. */
  keep(): void;
  /** Gives its room back; false when it was not there. */
  drop(): boolean;
};

/** @param size bytes */
export function ballastIn(folder: string, size: number): Ballast {
  const path = join(folder, "outbox.ballast");
  return {
    size,
    get there() {
      return existsSync(path);
    },
    keep() {
      try {
        const disk = statfsSync(folder);
        if (!existsSync(path) && disk.bavail * disk.bsize > 2 * size) {
          writeFileSync(path, Buffer.alloc(size), { mode: 0o600, flush: true });
        }
      } catch {
        rmSync(path, { force: true });
      }
    },
    drop() {
      if (!existsSync(path)) return false;
      rmSync(path, { force: true });
      return true;
    },
  };
}
