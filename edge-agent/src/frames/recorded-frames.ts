import { constants } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { type CameraId, type Instant, instant, millis, Trouble } from "@openkerb/contract";
import type { View } from "@openkerb/vision";
import { decode } from "./decode.ts";
import type { Frame, Size, SizeChoice } from "./frames.ts";
import { type Probed, probe } from "./probe.ts";

export type RecordedOptions = {
  readonly camera: CameraId;
  /** Size of the frames, or how to choose it from the picture's own. */
  readonly size: SizeChoice;
  /** Wall time of the first frame. The moment of opening when absent. */
  readonly began?: Instant;
  /** Frames a second at the most; all when absent. */
  readonly maxFps?: number;
  /** Frames a second of a folder of pictures, which has no time of its own. */
  readonly fps?: number;
  /** Frames decoded ahead of the consumer. */
  readonly ahead?: number;
};

export type Recording = Probed & {
  /** The size that was chosen. */
  readonly size: View;
  /** Every frame once, in order, decoded a little ahead; can be iterated more than once, each time from the start. */
  readonly frames: AsyncIterable<Frame>;
};

/** The frame rate of a folder of pictures of which nobody said one. */
const usualFps = 25;

/**
 * Opens a video file or a folder of pictures (taken in the order of their names). The frames come as fast as they are
 * asked for, by the decoder that live cameras use; none is dropped and their times are the file's.
 * Throws Trouble when there is no such file or no video in it.
 */
export async function openRecording(path: string, options: RecordedOptions, signal: AbortSignal): Promise<Recording> {
  const input = await inputOf(path, options.fps ?? usualFps);
  const complaints: string[] = [];
  const probed = await probe(input, signal, (line) => complaints.push(line));
  if (!probed) {
    const why = complaints.at(-1)?.replace(/^(\[[^\]]*\] )+/, "");
    throw new Trouble(
      `${path} is not a video that ffmpeg can read${why ? ` (${why})` : ""}`,
      `Try to play it with: ffplay ${path}`,
    );
  }
  const { picture } = probed;
  const size = typeof options.size === "function" ? options.size(picture) : options.size;
  return {
    ...probed,
    frames: { [Symbol.asyncIterator]: () => read(path, input, picture, size, options, signal) },
    size,
  };
}

/** The frames of a recording, opened at the first pull. */
export async function* recordedFrames(
  path: string,
  options: RecordedOptions,
  signal: AbortSignal,
): AsyncGenerator<Frame, void> {
  yield* (await openRecording(path, options, signal)).frames;
}

async function* read(
  path: string,
  input: readonly string[],
  picture: Size,
  size: View,
  options: RecordedOptions,
  signal: AbortSignal,
): AsyncGenerator<Frame, void> {
  const { camera, maxFps, ahead = 4 } = options;
  const began = options.began ?? instant(Date.now());
  let last = "";
  const heard = (line: string): void => {
    if (/\[(error|fatal)\]/.test(line)) last = line;
  };
  const pictures = decode({ input, picture, size, maxFps, ahead, heard }, signal);
  let index = 0;
  let first: number | undefined;
  let pts = -1;
  try {
    for (;;) {
      const next = await pictures.next();
      if (next.done) {
        if (next.value.code === 0) return;
        throw new Trouble(`reading ${path} broke off after ${index} frames${last ? `: ${last}` : ""}`);
      }
      const { data, time, release } = next.value;
      first ??= time;
      pts = Math.max(Math.round(time - first), pts + 1);
      yield { camera, index, pts: millis(pts), at: instant(began + pts), ...size, data, picture, release };
      index += 1;
    }
  } finally {
    await pictures.return({ code: null, signal: null });
  }
}

async function inputOf(path: string, fps: number): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  const full = resolve(path);
  if (!found) throw new Trouble(`${path} does not exist`, "Give the path of a video file or of a folder of pictures.");
  if (!found.isDirectory()) {
    await access(full, constants.R_OK).catch((cause: unknown) => {
      throw new Trouble(`${path} cannot be read by this user`, `Try: ls -l ${path}`, { cause });
    });
    return ["-protocol_whitelist", "file", "-i", `file:${full}`];
  }
  const names = (await readdir(full)).filter((name) => /\.(jpe?g|png|bmp|webp)$/i.test(name));
  const endings = new Set(names.map((name) => extname(name)));
  const [ending] = endings;
  if (ending === undefined)
    throw new Trouble(`there are no pictures in the folder ${path}`, "jpg, png, bmp and webp files are read.");
  if (endings.size > 1)
    throw new Trouble(
      `the folder ${path} holds pictures of several kinds: ${[...endings].join(", ")}`,
      "Keep one kind in the folder, so that their order is clear.",
    );
  const pattern = join(full.replace(/[*?[\]{}\\]/g, "\\$&"), `*${ending}`);
  return ["-f", "image2", "-pattern_type", "glob", "-framerate", String(fps), "-i", pattern];
}
