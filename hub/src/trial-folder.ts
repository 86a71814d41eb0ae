import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for a test, gone at the end of the block. */
export function trialFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "openkerb-hub-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}
