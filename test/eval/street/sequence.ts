import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseMot } from "../../../edge-agent/src/tracks/mot-text.ts";
import { type MotFigures, motFigures, type Placed } from "./mot-metrics.ts";

const besideHouse = fileURLToPath(new URL("../../../../shared", import.meta.url));

/** The folder of development data, or undefined where there is none. */
export function sharedData(): string | undefined {
  const folder = process.env.OPENKERB_SHARED ?? besideHouse;
  return existsSync(join(folder, "data")) ? join(folder, "data") : undefined;
}

export const noShared =
  "No development data: set OPENKERB_SHARED to its folder, or put it beside the house as ../shared. Figures that need it are left out.";

/** The ground truth of a sequence. Rows whose seventh number is 0 are marked as not to be counted. */
export const truthOf = (file: string): Placed[] =>
  parseMot(readFileSync(file, "utf8"), file).filter(({ score }) => score !== 0);

export const figuresOf = (truth: string, tracks: string): MotFigures =>
  motFigures(truthOf(truth), parseMot(readFileSync(tracks, "utf8"), tracks));
