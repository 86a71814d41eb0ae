import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { Trouble } from "@openkerb/contract";
import { sha256Of } from "./sha256.ts";

export type StreamOptions = {
  readonly clip: string;
  readonly cacheFolder: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (text: string) => void;
};

const run = promisify(execFile);

/** Seconds between whole pictures; whoever joins the stream waits for one. */
const keyEvery = 1;
const keyAtMost = 2.5;

/**
 * A clip as our camera serves it: H.264 with a whole picture every second. Encoded once and kept under the clip's hash;
 * a clip that is like this already is used as it is. Throws Trouble when ffmpeg cannot read it.
 */
export async function demoStream(options: StreamOptions): Promise<string> {
  const { clip, cacheFolder, signal, onProgress = () => undefined } = options;
  const hash = await sha256Of(clip);
  if (!hash) throw new Trouble(`${clip} does not exist`, "Give the path of a video file.");
  const kept = join(cacheFolder, "clip", `${hash.slice(0, 16)}.mp4`);
  if (await stat(kept).catch(() => undefined)) return kept;
  const about = await look(clip, signal);
  if (about.ready) return clip;
  await mkdir(join(cacheFolder, "clip"), { recursive: true });
  const making = join(cacheFolder, "clip", `making-${process.pid}-${hash.slice(0, 16)}.mp4`);
  try {
    await encode(clip, making, about.seconds, signal, onProgress);
    await rename(making, kept);
  } finally {
    await rm(making, { force: true });
  }
  return kept;
}

/** Length, and whether the video can be served unchanged. */
async function look(clip: string, signal: AbortSignal): Promise<{ seconds: number; ready: boolean }> {
  const words = ["-v", "error", "-select_streams", "v:0", "-of", "json", "-show_entries"];
  const shown = "stream=codec_name,pix_fmt:format=duration:packet=pts_time,flags";
  const { stdout } = await run("ffprobe", [...words, shown, clip], { signal, maxBuffer: 1 << 28 }).catch((cause) => {
    signal.throwIfAborted();
    if (cause.code === "ENOENT")
      throw new Trouble("ffprobe could not be started", "Install it with: sudo apt-get install ffmpeg", { cause });
    throw new Trouble(`${clip} is not a video that ffmpeg can read`, `Try to play it with: ffplay ${clip}`, { cause });
  });
  const said: {
    streams?: { codec_name?: string; pix_fmt?: string }[];
    packets?: { pts_time?: string; flags?: string }[];
    format?: { duration?: string };
  } = JSON.parse(stdout);
  const [video] = said.streams ?? [];
  if (!video) throw new Trouble(`there is no video in ${clip}`, "Give a file with moving pictures in it.");
  const seconds = Number(said.format?.duration) || 0;
  const keys = (said.packets ?? []).filter((p) => p.flags?.startsWith("K")).map((p) => Number(p.pts_time));
  const widest = Math.max(...[...keys.slice(1), seconds].map((next, i) => next - (keys[i] ?? 0)));
  const ready = video.codec_name === "h264" && video.pix_fmt === "yuv420p" && widest <= keyAtMost;
  return { seconds, ready };
}

async function encode(
  clip: string,
  into: string,
  seconds: number,
  signal: AbortSignal,
  onProgress: (text: string) => void,
): Promise<void> {
  const child = spawn(
    "ffmpeg",
    [
      ...["-v", "error", "-nostdin", "-y", "-progress", "pipe:1", "-i", clip, "-map", "0:v:0"],
      // Odd sizes do not go into 4:2:0; nothing else of the picture is changed.
      ...["-vf", "crop=trunc(iw/2)*2:trunc(ih/2)*2", "-fps_mode", "passthrough"],
      ...["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-bf", "0", "-pix_fmt", "yuv420p"],
      ...["-force_key_frames", `expr:gte(t,n_forced*${keyEvery})`, into],
    ],
    { stdio: ["ignore", "pipe", "pipe"], signal },
  );
  let last = "";
  let shown = -1;
  createInterface({ input: child.stderr }).on("line", (line) => {
    last = line;
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const done = line === "progress=end" ? seconds : Number(/^out_time_us=(\d+)$/.exec(line)?.[1]) / 1e6;
    const tenth = Math.floor(Math.min(1, done / seconds) * 10);
    if (!(tenth > shown)) return;
    shown = tenth;
    onProgress(`preparing the demo street: ${tenth * 10} %`);
  });
  const [code] = await once(child, "close").catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new Trouble("ffmpeg could not be started", "Install it with: sudo apt-get install ffmpeg", { cause });
  });
  signal.throwIfAborted();
  if (code !== 0)
    throw new Trouble(`ffmpeg could not prepare ${clip}${last ? `: ${last}` : ""}`, "Try another recording.");
}
