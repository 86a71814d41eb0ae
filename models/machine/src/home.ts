import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Where everything made while running lives: `OPENKERB_HOME`, or `.openkerb` in the house. Git ignores it. */
export const homeFolder = (): string =>
  resolve(process.env.OPENKERB_HOME || fileURLToPath(new URL("../../../.openkerb", import.meta.url)));
