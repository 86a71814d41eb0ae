import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of its own, which can be full without anybody else noticing. */
export type SmallDisk = AsyncDisposable & {
  /** Takes all the room there is. */
  fill(): void;
  /** Gives it back. */
  free(): void;
};

/** Mounts one at `folder`; throws where this machine does not let us. `size` as mount(8) has it. */
export function smallDisk(folder: string, size: string): SmallDisk {
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder], { stdio: "ignore" });
  const filler = join(folder, "filler");
  return {
    fill() {
      const file = openSync(filler, "a");
      // Large steps first, then the last page: nothing is left.
      for (const step of [1 << 20, 4096])
        try {
          for (;;) writeSync(file, Buffer.alloc(step));
        } catch (err) {
          if (!(err instanceof Error && "code" in err && err.code === "ENOSPC")) throw err;
        }
      closeSync(file);
    },
    free: () => rmSync(filler, { force: true }),
    [Symbol.asyncDispose]: async () => void execFileSync("umount", ["-l", folder]),
  };
}

/** Whether this machine lets us mount; needs root. */
export const mayMount: boolean = await (async () => {
  const folder = mkdtempSync(join(tmpdir(), "openkerb-mount-"));
  try {
    await smallDisk(folder, "64k")[Symbol.asyncDispose]();
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
})();
