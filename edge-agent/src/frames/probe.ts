import { text } from "node:stream/consumers";
import { startChild } from "./ffmpeg-child.ts";
import type { Size } from "./frames.ts";

/** What is known of a video before it is decoded. */
export type Probed = {
  readonly picture: Size;
  readonly codec: string;
  /** Frames a second on average; 0 when the stream does not say. */
  readonly fps: number;
  /** Number of frames, when the file says or its length allows a good guess. */
  readonly count: number | undefined;
};

const shown =
  "stream=codec_name,width,height,avg_frame_rate,nb_frames:stream_side_data=rotation:format=duration:stream_tags=rotate";

/** Asks ffprobe for the first video stream; undefined when there is none. `heard` gets what it complains about. */
export async function probe(
  input: readonly string[],
  signal: AbortSignal,
  heard: (line: string) => void = () => undefined,
): Promise<Probed | undefined> {
  signal.throwIfAborted();
  const args = ["-v", "level+error", "-select_streams", "v:0", "-show_entries", shown, "-of", "json", ...input];
  await using child = await startChild("ffprobe", args, heard);
  const stop = (): void => void child[Symbol.asyncDispose]();
  signal.addEventListener("abort", stop);
  try {
    const answer = await text(child.output).catch(() => "");
    await child.ended;
    signal.throwIfAborted();
    return read(answer);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

type Stream = {
  codec_name?: string;
  width?: number;
  height?: number;
  avg_frame_rate?: string;
  nb_frames?: string;
  side_data_list?: { rotation?: number }[];
};

function read(answer: string): Probed | undefined {
  let parsed: { streams?: Stream[]; format?: { duration?: string } };
  try {
    parsed = JSON.parse(answer);
  } catch {
    return undefined;
  }
  const stream = parsed.streams?.[0];
  if (!stream?.width || !stream.height) return undefined;
  const [over = 0, under = 0] = (stream.avg_frame_rate ?? "").split("/").map(Number);
  const fps = under > 0 ? over / under : 0;
  const counted = Number(stream.nb_frames);
  const guessed = Math.round(Number(parsed.format?.duration) * fps);
  // ffmpeg turns a picture that a telephone took upright, so that its width and height change places.
  const turned = Math.abs(stream.side_data_list?.find((d) => d.rotation !== undefined)?.rotation ?? 0) % 180 === 90;
  const { width, height } = stream;
  return {
    picture: turned ? { width: height, height: width } : { width, height },
    codec: stream.codec_name ?? "unknown",
    fps,
    count: counted > 0 ? counted : guessed > 0 ? guessed : undefined,
  };
}
