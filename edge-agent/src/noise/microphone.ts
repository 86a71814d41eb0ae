import type { SiteSensor } from "@openkerb/contract";
import { bell } from "../bell.ts";
import { startChild } from "../frames/ffmpeg-child.ts";
import { SensorError } from "../sensors/sensor-error.ts";
import { heardOf } from "./alsa-words.ts";

export type Microphone = Extract<SiteSensor["bus"], { kind: "microphone" }>;
/** ffmpeg's words up to and with `-i`. */
export type SoundInput = (of: Microphone) => readonly string[];

/** The smallest step of each sample format, as a share of full scale; a 32-bit pipe carries 24 bits exactly. */
export const stepOf: Readonly<Record<Microphone["format"], number>> = {
  s16: 2 ** -15,
  s24: 2 ** -23,
  s32: 2 ** -23,
  f32: 2 ** -23,
};

/** The sound card itself. */
export const alsaInput: SoundInput = ({ device, rate, format, channels }) => [
  ...["-f", "alsa", "-thread_queue_size", "1024", "-c:a", format === "s24" ? "pcm_s24le" : `pcm_${format}le`],
  ...["-sample_rate", String(rate), "-channels", String(channels), "-i", device],
];

export type ListenOptions = {
  readonly signal: AbortSignal;
  readonly input?: SoundInput | undefined;
  /** Milliseconds without a sample before the sound card counts as hung. */
  readonly patience?: number | undefined;
};

/** Samples go to whoever measures in blocks of so many seconds. */
const blockSeconds = 0.1;

/**
 * Runs one ffmpeg on a microphone and hands every block of samples (shares of full scale) to `take`, which overwrites it.
 * There is one block, used again and again, and what came through the pipe is overwritten as soon as it is in it: no sample
 * outlives its block. Yields once for each piece that came. Throws SensorError however ffmpeg ends, also when it gives
 * nothing for `patience`; it is then ended, by SIGKILL when it does not hear.
 */
export async function* listen(
  microphone: Microphone,
  take: (block: Float64Array) => void,
  { signal, input = alsaInput, patience = 5000 }: ListenOptions,
): AsyncGenerator<void, never> {
  signal.throwIfAborted();
  const { rate, channel, device } = microphone;
  let why: SensorError | undefined;
  await using child = await startChild(
    "ffmpeg",
    [
      ...["-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+warning", ...input(microphone)],
      // A sound card's own times come from the clock of the machine and may stand still or go back; samples count better.
      ...["-map", "0:a:0", "-map_metadata", "-1", "-af", `pan=mono|c0=c${channel - 1},asetpts=N/SR/TB`],
      ...["-ar", String(rate)],
      ...["-c:a", "pcm_f32le", "-f", "f32le", "-flush_packets", "1", "pipe:1"],
    ],
    (line) => {
      why ??= heardOf(line, device);
    },
  );
  const block = new Float64Array(Math.round(rate * blockSeconds));
  const part = Buffer.alloc(4);
  let [filled, odd] = [0, 0];
  let failure: unknown;
  let [came, over] = [true, false];
  const news = bell();
  const sample = (value: number): void => {
    block[filled++] = value;
    if (filled < block.length) return;
    take(block);
    filled = 0;
  };
  child.output.on("data", (chunk: Buffer) => {
    came = true;
    try {
      let at = 0;
      // A sample may be cut in two by the pipe.
      for (; odd > 0 && odd < 4 && at < chunk.length; at++) part[odd++] = chunk[at]!;
      if (odd === 4) {
        sample(part.readFloatLE(0));
        odd = 0;
      }
      if (odd === 0) {
        for (; at + 4 <= chunk.length; at += 4) sample(chunk.readFloatLE(at));
        for (; at < chunk.length; at++) part[odd++] = chunk[at]!;
      }
    } catch (err) {
      failure = err;
    }
    chunk.fill(0);
    news.ring();
  });
  const finished = (): void => {
    over = true;
    news.ring();
  };
  child.output.once("end", finished).once("close", finished);
  try {
    for (;;) {
      signal.throwIfAborted();
      if (failure !== undefined) throw failure;
      if (over) {
        await child.ended;
        throw why ?? new SensorError("unplugged", `the microphone ${device} broke off`);
      }
      came = false;
      yield;
      if (came || over) continue;
      const deadline = performance.now() + patience;
      while (!came && !over && !signal.aborted) {
        const left = deadline - performance.now();
        if (left <= 0)
          throw new SensorError("silent", `the microphone ${device} gives no sound for ${patience / 1000} s`);
        await news.heard(signal, left);
      }
    }
  } finally {
    block.fill(0);
    part.fill(0);
  }
}
