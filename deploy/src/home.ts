import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Where everything made at run time lives: OPENKERB_HOME, or `.openkerb` beside the source. Git ignores it. */
export const homeFolder = (): string =>
  resolve(process.env.OPENKERB_HOME ?? fileURLToPath(new URL("../../.openkerb", import.meta.url)));
