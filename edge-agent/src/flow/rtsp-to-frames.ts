import type { CameraTrouble, Instant, Millis, SiteCamera } from "@openkerb/contract";
import { instant, millis } from "@openkerb/contract";
import { again, type Pause } from "../frames/again.ts";
import type { CameraError } from "../frames/camera-error.ts";
import { cameraFrames } from "../frames/camera-frames.ts";
import { damageWatch } from "../frames/damage-watch.ts";
import type { Child } from "../frames/ffmpeg-child.ts";
import type { Frame, Size, SizeChoice } from "../frames/frames.ts";
import { newest } from "../frames/newest.ts";
import { type PictureWatchOptions, pictureWatch } from "../frames/picture-watch.ts";
import type { Login } from "../frames/rtsp/login.ts";
import { troubles } from "../frames/troubles.ts";

/** As health states it: what a camera does now, or the worst of what it suffers from. */
type CameraState = "starting" | "watching" | CameraTrouble;

export type RtspToFramesOptions = {
  readonly signal: AbortSignal;
  /** The login of `camera.login` with its password read from where it is kept. */
  readonly login?: Login | undefined;
  /** PEM: who must have signed an rtsps camera's certificate; whom this machine trusts when absent. */
  readonly authority?: string | undefined;
  /** Told whenever the state changes; the first is `starting`, which is not told. */
  readonly onState?: (state: CameraState) => void;
  /** Told once when a trouble begins and once when it ends. `why` is a sentence for a person when it begins. */
  readonly onTrouble?: (trouble: CameraTrouble, active: boolean, why?: string) => void;
  /** Told of each frame that a newer one replaced before anybody had time for it. */
  readonly onDrop?: () => void;
  /** Told of each frame that arrives, dropped or not. */
  readonly onFrame?: (at: Instant) => void;
  /** Told when the camera will be tried again, and after how long. */
  readonly onRestart?: (error: CameraError, pause: Millis) => void;
  /** Told of each ffmpeg that is started. */
  readonly onChild?: (child: Child) => void;
  readonly silence?: Millis;
  readonly pause?: Pause;
  readonly watch?: PictureWatchOptions;
};

/**
 * Watches a camera for as long as it is not told to stop: logs in, decodes, tries again after every failure, and hands
 * out the newest frame to whoever asks. `pts` and `index` go on over restarts. Only faults of the program and the
 * signal's reason are thrown; everything a camera can suffer from is told by `onTrouble`.
 */
export async function* rtspToFrames(
  camera: Pick<SiteCamera, "id" | "url" | "transport" | "maxFps">,
  size: SizeChoice,
  options: RtspToFramesOptions,
): AsyncGenerator<Frame, void> {
  const { signal, onDrop = () => undefined } = options;
  yield* newest((stop) => watching(camera, size, { ...options, signal: stop }), onDrop, signal);
  signal.throwIfAborted();
}

/** All frames of all runs, each put after the one before. */
async function* watching(
  camera: Pick<SiteCamera, "id" | "url" | "transport" | "maxFps">,
  size: SizeChoice,
  options: RtspToFramesOptions,
): AsyncGenerator<Frame, void> {
  const { signal, login, authority, silence, pause, onChild, onFrame = () => undefined } = options;
  const now = (): number => performance.now();
  const told = troubles(options.onState, options.onTrouble);
  const damage = damageWatch();
  const picture = pictureWatch(options.watch);
  const looking = setInterval(
    () => told.set("corrupt", damage.look(now()), "parts of the stream cannot be decoded"),
    1000,
  );
  looking.unref();
  let known: Size | undefined;
  const open = (stop: AbortSignal): AsyncIterable<Frame> =>
    cameraFrames(
      {
        ...{ camera: camera.id, url: camera.url, transport: camera.transport, maxFps: camera.maxFps },
        ...{ login, authority, size },
        picture: known,
        onPicture: (learnt) => {
          known = learnt;
        },
        onDamage: () => damage.hit(now()),
        ...(silence === undefined ? {} : { silence }),
        ...(onChild ? { onChild } : {}),
      },
      stop,
    );
  const runs = again(open, {
    signal,
    ...(pause ? { pause } : {}),
    onFailed(error, attempt, span) {
      told.failed(error, attempt);
      options.onRestart?.(error, span);
    },
  });
  let origin: number | undefined;
  let index = 0;
  let last = { at: -1, pts: -1 };
  let offset = 0;
  let before = -1;
  try {
    for await (const frame of runs) {
      told.sees();
      onFrame(frame.at);
      origin ??= now();
      // A new run counts from 0 again; it is put where the clock says, so that speeds stay right over the gap.
      if (frame.index <= before) offset = Math.max(now() - origin, last.pts + 1) - frame.pts;
      before = frame.index;
      const pts = Math.max(frame.pts + offset, last.pts + 1);
      // Small corrections never make time go back; when the time of day itself was set back, it does.
      const at = frame.at < last.at - 5000 ? frame.at : Math.max(frame.at, last.at + 1);
      last = { at, pts };
      const placed: Frame = { ...frame, index, pts: millis(pts), at: instant(at) };
      index += 1;
      for (const { trouble, active } of picture(placed)) told.set(trouble, active, sentences[trouble]);
      yield placed;
    }
  } finally {
    clearInterval(looking);
  }
}

const sentences = {
  frozen: "the picture does not change any more",
  dark: "there is nothing to see in the picture",
} as const;
