import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openModel } from "@openkerb/vision";
import { InferenceSession, Tensor } from "@openkerb/vision/runtime";
import type { Figure } from "./figure.ts";
import { figuresOf } from "./sequence.ts";

const openkerb = fileURLToPath(new URL("../../../deploy/openkerb.mjs", import.meta.url));
const run = promisify(execFile);

type Summary = { readonly frames: number; readonly fps: number; readonly input: { width: number; height: number } };

/** `openkerb analyse` in a process of its own, as users run it. */
async function analyse(clip: string, tracks: string): Promise<Summary> {
  const { stdout } = await run(process.execPath, [
    openkerb,
    "analyse",
    clip,
    "--tracks",
    tracks,
    "--classes",
    "person",
    "--json",
  ]);
  return JSON.parse(stdout);
}

/** From the clip to tracks, against the truth of whoever drew boxes around the people in it. */
export async function wholePipeline(data: string, scratch: string): Promise<Figure[]> {
  const [pets, campus] = [join(scratch, "vtest.txt"), join(scratch, "campus.txt")];
  await analyse(join(data, "video/vtest.avi"), pets);
  await analyse(join(data, "tracking/TUD-Campus/clip.mp4"), campus);
  const street = figuresOf(join(data, "tracking/PETS09-S2L1/gt.txt"), pets);
  const near = figuresOf(join(data, "tracking/TUD-Campus/gt.txt"), campus);
  return [
    { what: "pipeline, vtest.avi, people: MOTA %", value: 100 * street.mota, goal: { atLeast: 70 } },
    { what: "  IDF1 %", value: 100 * street.idf1, goal: { atLeast: 65 } },
    { what: "  id switches", value: street.switches, digits: 0 },
    { what: "pipeline, TUD-Campus, people: MOTA %", value: 100 * near.mota },
    { what: "  IDF1 %", value: 100 * near.idf1 },
  ];
}

async function bareNetwork({ width, height }: Summary["input"], runs: number): Promise<number> {
  const { path } = await openModel("centernet6");
  const session = await InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const input = new Tensor("float32", new Float32Array(3 * width * height).fill(90), [1, 3, height, width]);
  const feeds = { [session.inputNames[0]!]: input };
  for (let n = 0; n < 5; n++) await session.run(feeds);
  const begun = performance.now();
  for (let n = 0; n < runs; n++) await session.run(feeds);
  return (runs * 1000) / (performance.now() - begun);
}

async function bareDecode(clip: string, frames: number): Promise<number> {
  const begun = performance.now();
  await run("ffmpeg", ["-v", "error", "-nostdin", "-i", clip, "-f", "null", "-"]);
  return (frames * 1000) / (performance.now() - begun);
}

const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)]!;

/** The pipeline beside the slower of its two parts alone, in turns, so that a busy machine is busy for all. */
export async function pipelineSpeed(data: string, scratch: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const name of ["vtest.avi", "roadside.mp4"]) {
    const clip = join(data, "video", name);
    const ratios: number[] = [];
    const speeds: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const { fps, frames, input } = await analyse(clip, join(scratch, "speed.txt"));
      const bare = Math.min(await bareNetwork(input, Math.min(300, frames)), await bareDecode(clip, frames));
      speeds.push(fps);
      ratios.push(fps / bare);
    }
    figures.push(
      { what: `pipeline, ${name}: frames/s`, value: median(speeds) },
      {
        what: "  of the slower of bare decode and bare network",
        value: median(ratios),
        goal: { atLeast: 0.85 },
        digits: 2,
      },
    );
  }
  return figures;
}
