import { type CameraId, type Instant, instant, type Millis, millis, seconds } from "@openkerb/contract";
import type { View } from "@openkerb/vision";
import { CameraError } from "./camera-error.ts";
import { decode, type Picture } from "./decode.ts";
import type { Child } from "./ffmpeg-child.ts";
import { heard } from "./ffmpeg-words.ts";
import type { Frame, Size, SizeChoice } from "./frames.ts";
import { openCamera, type RtspOptions } from "./rtsp/camera.ts";
import { openLoopback } from "./rtsp/loopback.ts";

export type CameraFramesOptions = RtspOptions & {
  readonly camera: CameraId;
  readonly size: SizeChoice;
  readonly maxFps?: number | undefined;
  /** The picture's size as it was last time, which saves learning it anew; may be wrong. */
  readonly picture?: Size | undefined;
  /** Told the picture's size when it is known. */
  readonly onPicture?: (picture: Size) => void;
  /** Without a frame for so long the camera counts as stalled. */
  readonly silence?: Millis;
  /** Told of every piece of the stream that could not be decoded. */
  readonly onDamage?: () => void;
  /** Told of each ffmpeg that is started. */
  readonly onChild?: (child: Child) => void;
};

/** ffmpeg's part of the dialogue is on this machine; times are the stream's own from its first packet. */
const input = (url: string): string[] => [
  ...["-rtsp_transport", "tcp", "-timeout", "20000000", "-analyzeduration", "500000", "-fpsprobesize", "0"],
  ...["-copyts", "-i", url],
];
const unknown: Size = { width: 16, height: 16 };
/** How many times the silence that is borne later the first picture may take, while packets come. */
const firstPicture = 4;
/** Pictures that may wait between ffmpeg and whoever draws them. */
const ahead = 3;

/**
 * One run of a live camera: logs in, plays, decodes; ends by throwing CameraError whatever happens, or the signal's
 * reason when told to stop. The picture's size is learnt from the decoder itself: frames are decoded anew from the
 * first packet when it turns out, and from the next whole picture when the camera changes it.
 */
export async function* cameraFrames(options: CameraFramesOptions, signal: AbortSignal): AsyncGenerator<Frame, void> {
  const { camera, silence = seconds(10), onDamage = () => undefined } = options;
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  // The loopback can only describe the video once the camera has; nothing arrives before it is played.
  let loopback: Awaited<ReturnType<typeof openLoopback>> | undefined;
  const sinks = {
    rtp: (packet: Buffer, time: number) => loopback?.rtp(packet, time),
    bye: () => loopback?.bye(),
  };
  try {
    await using source = await openCamera(options, sinks, stop);
    await using way = await openLoopback(source.offer, (packet) => source.report(packet));
    loopback = way;
    source.lost.catch((err: unknown) => over.abort(err));

    let damages = 0;
    let refused = false;
    let picture = options.picture ?? unknown;
    let turned: AbortController | undefined;
    let shows = false;
    const listen = (line: string): void => {
      const word = heard(line);
      if (word?.kind === "damage") {
        damages += 1;
        // Until its first picture a decoder complains of what it missed the beginning of.
        if (shows) onDamage();
      } else if (word?.kind === "not-video") refused = true;
      else if (word?.kind === "picture" && !same(word.picture, picture)) {
        picture = word.picture;
        options.onPicture?.(picture);
        turned?.abort();
      }
    };

    let before = { packets: 0, damages: 0 };
    let patience = firstPicture;
    const watch = watchdog(silence, () => {
      const { packets } = source;
      // Some cameras send a whole picture only every ten seconds or more; the first is waited for longer.
      if (packets > before.packets && damages === before.damages && patience > 1) {
        patience -= 1;
        before = { packets, damages };
        return true;
      }
      over.abort(lateness(packets > before.packets, damages > before.damages));
      return false;
    });
    using _ = watch;

    let index = 0;
    let last = Number.NEGATIVE_INFINITY;
    let begun: number | undefined;
    let playing = false;
    for (;;) {
      turned = new AbortController();
      shows = false;
      const current = AbortSignal.any([stop, turned.signal]);
      const shown = picture;
      const known = shown !== unknown;
      const size = !known ? unknown : typeof options.size === "function" ? options.size(shown) : options.size;
      const pictures = decode(
        {
          input: input(way.invite()),
          picture: shown,
          size,
          maxFps: options.maxFps,
          ahead,
          threads: 1,
          heard: listen,
          ...(options.onChild ? { started: options.onChild } : {}),
        },
        current,
      );
      try {
        for (;;) {
          watch.start();
          const drawn = pictures.next();
          // What is played before ffmpeg has connected is kept for it.
          if (!playing) source.play().catch((err: unknown) => over.abort(err));
          playing = true;
          const next = await drawn;
          watch.stop();
          // ffmpeg tells of a new size before it gives the first picture of it, but through another pipe: let that be
          // read before the picture is believed to have the old one.
          await new Promise((resolve) => setImmediate(resolve));
          if (turned.signal.aborted && !next.done) {
            next.value.release();
            continue;
          }
          before = { packets: source.packets, damages };
          if (next.done) throw ended(next.value, { refused, damages, index });
          if (!known) {
            next.value.release();
            continue;
          }
          way.forget();
          patience = 1;
          shows = true;
          const time = next.value.time + way.start;
          // ffmpeg gives the first pictures of a stream with B-frames one and the same time.
          if (time <= last) {
            next.value.release();
            continue;
          }
          last = time;
          begun ??= time;
          const at = instant((source.zero ?? Date.now() - time) + time);
          yield frameOf(next.value, { camera, index, pts: millis(time - begun), at, size, picture: shown });
          index += 1;
        }
      } catch (err) {
        stop.throwIfAborted();
        if (!turned.signal.aborted) throw err;
      } finally {
        watch.stop();
        await pictures.return({ code: null, signal: null });
      }
    }
  } catch (err) {
    signal.throwIfAborted();
    throw over.signal.aborted && !(err instanceof CameraError) ? over.signal.reason : err;
  }
}

type Facts = { camera: CameraId; index: number; pts: Millis; at: Instant; size: View; picture: Size };

const frameOf = ({ data, release }: Picture, { size, ...facts }: Facts): Frame => ({
  ...facts,
  ...size,
  data,
  release,
});

const same = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

/** A camera's stream has no end, so whatever ffmpeg says on leaving, it failed. */
function ended(
  { code, signal }: { readonly code: number | null; readonly signal: string | null },
  { refused, damages, index }: { refused: boolean; damages: number; index: number },
): CameraError {
  const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
  if (index === 0 && refused)
    return new CameraError("not-video", `ffmpeg cannot decode what the camera sends (${how})`);
  if (damages > 0 && code !== 0) return new CameraError("corrupt", `ffmpeg gave up on the camera's stream (${how})`);
  return new CameraError("unreachable", `the camera's stream ended (ffmpeg ${how})`);
}

/** What it means that no picture came for so long. */
function lateness(packets: boolean, damages: boolean): CameraError {
  if (!packets) return new CameraError("stalled", "the camera sends nothing any more");
  if (damages) return new CameraError("corrupt", "nothing of what the camera sends can be decoded");
  return new CameraError("stalled", "the camera sends, but no picture comes of it");
}

/** Calls `bite` when `span` passes between a start and the next stop, and again after as long if it says so. */
function watchdog(span: Millis, bite: () => boolean): Disposable & { start(): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => clearTimeout(timer);
  const start = (): void => {
    stop();
    timer = setTimeout(() => {
      if (bite()) start();
    }, span);
  };
  return { start, stop, [Symbol.dispose]: stop };
}
