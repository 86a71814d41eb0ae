import { Trouble } from "@openkerb/contract";
import { placeIn, type View } from "@openkerb/vision";
import { bell } from "../bell.ts";
import { bufferPool, type Loan } from "./buffer-pool.ts";
import { type Child, startChild } from "./ffmpeg-child.ts";
import type { Size } from "./frames.ts";
import { nutReader } from "./nut.ts";

/** A picture as ffmpeg hands it over. `time` is the stream's own, in milliseconds, from wherever it starts. */
export type Picture = Loan & { readonly time: number };

export type DecodeOptions = {
  /** ffmpeg's words before and with `-i`. */
  readonly input: readonly string[];
  readonly picture: Size;
  readonly size: View;
  readonly maxFps?: number | undefined;
  /** Pictures decoded ahead of the consumer; when so many wait, ffmpeg waits too. */
  readonly ahead: number;
  /** Threads of the decoder; more than one delays a live picture by as many frames. Absent: ffmpeg's own choice. */
  readonly threads?: number;
  readonly heard: (line: string) => void;
  readonly started?: (child: Child) => void;
};

/** How a decoding ended when nobody stopped it. For a file code 0 is its end; for a camera every end is a failure. */
export type Ending = { readonly code: number | null; readonly signal: string | null };

/**
 * Runs one ffmpeg and yields its pictures in order, fitted into `size` as it says. Pull is the back-pressure.
 * Returns how ffmpeg ended; throws the signal's reason when told to stop. No ffmpeg outlives the iteration.
 */
export async function* decode(options: DecodeOptions, signal: AbortSignal): AsyncGenerator<Picture, Ending> {
  signal.throwIfAborted();
  const { size, ahead } = options;
  // One buffer is being filled, `ahead` wait, and a few are with whoever looks at them.
  const pool = bufferPool(size.width * size.height * 3, ahead + 4);
  const queue: Picture[] = [];
  let failure: unknown;
  let over = false;
  const news = bell();
  let filling: Loan | undefined;

  const reader = nutReader({
    take: () => {
      filling = pool.lend();
      return filling.data;
    },
    give: (_, time) => {
      if (filling) queue.push({ ...filling, time });
      filling = undefined;
      if (queue.length >= ahead) child.output.pause();
      news.ring();
    },
  });
  const read = (chunk: Uint8Array): void => {
    try {
      if (failure === undefined) reader.feed(chunk);
    } catch (err) {
      failure = err;
      news.ring();
    }
  };
  await using child = await startChild("ffmpeg", ffmpegArguments(options), options.heard, read);
  options.started?.(child);
  const finished = (): void => {
    over = true;
    news.ring();
  };
  child.output.once("end", finished).once("close", finished);
  for (;;) {
    signal.throwIfAborted();
    const next = queue.shift();
    if (next) {
      if (queue.length < ahead) child.output.resume();
      yield next;
    } else if (failure !== undefined) throw failure;
    else if (over) return await child.ended;
    else await news.heard(signal);
  }
}

/** The whole command line of a decoding ffmpeg. Nothing secret may be in it: everybody on the machine can read it. */
function ffmpegArguments({ input, picture, size, maxFps, threads }: DecodeOptions): string[] {
  if (size.width < 1 || size.height < 1)
    throw new Trouble(`a frame of ${size.width}x${size.height} pixels is no frame`);
  const { left, top, width, height, grey } = placeIn(picture, size);
  const filters = [
    ...(maxFps === undefined ? [] : [atMost(maxFps)]),
    // Going to rgb24 in the same step as scaling saves a pass over the picture.
    `scale=${width}:${height}:flags=bilinear`,
    "format=rgb24",
    ...(width === size.width && height === size.height
      ? []
      : [`pad=${size.width}:${size.height}:${left}:${top}:0x${grey.toString(16).padStart(2, "0").repeat(3)}`]),
  ];
  return [
    ...["-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+verbose"],
    ...(threads === undefined ? [] : ["-threads", String(threads)]),
    ...input,
    ...["-map", "0:v:0", "-map_metadata", "-1", "-vf", filters.join(",")],
    // Passthrough and the stream's own time base: no frame is doubled, left out or moved to a grid.
    ...["-fps_mode", "passthrough", "-enc_time_base", "-1", "-c:v", "rawvideo"],
    ...["-f", "nut", "-write_index", "0", "-flush_packets", "1", "pipe:1"],
  ];
}

/**
 * Leaves out frames so that at most `fps` a second remain on average, times unchanged. The due time moves on by whole
 * periods, so that 25 a second can become 15; a quarter of a period early is in time, or jitter would halve the rate;
 * when time jumps it starts anew. Register 0 holds the due time.
 */
function atMost(fps: number): string {
  const period = (1 / fps).toFixed(6);
  const jumped = "gt(abs(t-ld(0)),1)";
  const due = `gte(t,ld(0)-${period}/4)`;
  return `select='if(gt(${jumped}+${due},0),1+0*st(0,if(${jumped},t,ld(0))+${period}),0)'`;
}
