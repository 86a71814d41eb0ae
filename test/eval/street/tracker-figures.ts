import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CameraId, instant, millis } from "@openkerb/contract";
import { detectionsToTracks } from "@openkerb/edge-agent";
import { run as track } from "@openkerb/edge-agent/commands/track";
import { motRows } from "../../../edge-agent/src/tracks/mot-rows.ts";
import type { Figure } from "./figure.ts";
import { type MotFigures, motFigures, type Placed } from "./mot-metrics.ts";
import { figuresOf } from "./sequence.ts";
import { type StreetKind, street } from "./synthetic.ts";

const never = new AbortController().signal;

/** The tracker alone, on detections that others have published, through the command that users have. */
export async function onPublicDetections(data: string, scratch: string): Promise<Figure[]> {
  const run = async (sequence: string): Promise<MotFigures> => {
    const folder = join(data, "tracking", sequence);
    const fps = /frameRate=([\d.]+)/.exec(readFileSync(join(folder, "seqinfo.ini"), "utf8"))?.[1] ?? "25";
    const out = join(scratch, `${sequence}.txt`);
    await track(["--detections", join(folder, "det.txt"), "--fps", fps, "--out", out], never);
    return figuresOf(join(folder, "gt.txt"), out);
  };
  const [campus, pets] = [await run("TUD-Campus"), await run("PETS09-S2L1")];
  return [
    { what: "tracker, TUD-Campus, public detections: MOTA %", value: 100 * campus.mota, goal: { atLeast: 62.7 } },
    { what: "  id switches", value: campus.switches, goal: { atMost: 6 }, digits: 0 },
    { what: "  IDF1 %", value: 100 * campus.idf1 },
    { what: "tracker, PETS09-S2L1, public detections: MOTA %", value: 100 * pets.mota },
    { what: "  id switches", value: pets.switches, digits: 0 },
    { what: "  IDF1 %", value: 100 * pets.idf1 },
  ];
}

const crowd: Omit<StreetKind, "seed" | "fps"> = { seconds: 20, people: 18, cars: 4, missed: 0.15, ghosts: 0.3 };

/** The tracker on made-up streets whose truth is known, at the frame rates that boxes really have. */
export async function onMadeStreets(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const fps of [5, 10, 15, 25, 30]) {
    const results: MotFigures[] = [];
    for (const seed of [1, 2, 3]) results.push(await followed({ ...crowd, fps, seed }));
    const mean = (pick: (f: MotFigures) => number): number =>
      results.reduce((sum, f) => sum + pick(f), 0) / results.length;
    figures.push(
      { what: `tracker, made-up crowd at ${fps} frames/s: MOTA %`, value: 100 * mean((f) => f.mota) },
      { what: "  IDF1 %", value: 100 * mean((f) => f.idf1) },
    );
  }
  return figures;
}

async function followed(kind: StreetKind): Promise<MotFigures> {
  const { frames, fps, width, height, truth } = street(kind);
  async function* detected() {
    for (const [index, all] of frames.entries()) {
      const pts = millis((index * 1000) / fps);
      const detections = all.filter(({ score }) => score >= 0.21);
      yield { camera: "made" as CameraId, index, pts, at: instant(pts), width, height, detections };
    }
  }
  const rows = motRows();
  const placed: Placed[] = [];
  for await (const scene of detectionsToTracks(detected(), { sure: 0.35 })) placed.push(...rows.add(scene));
  return motFigures(truth, [...placed, ...rows.end()]);
}
