import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * Keeps a crash from writing this process's memory, with whatever picture is in it, to a disk. The limit of one byte is
 * below what any dump needs, and it is the value at which Linux does not even start a dump collector; children that
 * are started later inherit it. Returns false where the system cannot do it.
 */
export async function forbidCoreDumps(): Promise<boolean> {
  try {
    await promisify(execFile)("prlimit", ["--pid", String(process.pid), "--core=1:1"], { timeout: 5000 });
    return true;
  } catch {
    return false;
  }
}
