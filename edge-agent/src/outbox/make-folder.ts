import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it, for their owner only; one that is there stays as it is. Level by level, because
 * Node's own `recursive` never returns where nothing can be made, such as under /proc.
 * @throws the operating system's error, ENOENT when nothing can be made there
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (err) {
    const code = err instanceof Error && "code" in err ? err.code : undefined;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || dirname(path) === path) throw err;
    makeFolder(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  }
}
