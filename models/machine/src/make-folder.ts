import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it, for their owner only unless `mode` says otherwise; one that is there stays as it
 * is. Level by level, because Node's own `recursive` never returns where nothing can be made, such as under /proc.
 * @throws the operating system's error: ENOENT when nothing can be made there, EEXIST when a file has that name
 */
export function makeFolder(path: string, mode = 0o700): void {
  try {
    mkdirSync(path, { mode });
  } catch (err) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    const code = err instanceof Error && "code" in err ? err.code : undefined;
    if (code !== "ENOENT" || dirname(path) === path) throw err;
    makeFolder(dirname(path), mode);
    mkdirSync(path, { mode });
  }
}
