import { CameraId, type CameraTrouble, millis, seconds } from "@openkerb/contract";
import { type RtspToFramesOptions, rtspToFrames } from "../flow/rtsp-to-frames.ts";
import type { Child } from "./ffmpeg-child.ts";
import type { Frame, Size } from "./frames.ts";

export const watchedId = CameraId.parse("kerb");

/** Half of each side, as a choice of size. */
export const halved = ({ width, height }: Size): Size => ({ width: width / 2, height: height / 2 });

type Watching = AsyncDisposable & {
  readonly frames: Frame[];
  readonly states: string[];
  readonly troubles: string[];
  readonly whys: string[];
  readonly children: Child[];
  readonly counted: { dropped: number; arrived: number; restarts: number };
  /** What it ended with when it was told to stop. */
  stop(): Promise<unknown>;
};

/** For tests: watches a camera the way the agent does and keeps what it was told. */
export function watch(
  url: string,
  more: Partial<RtspToFramesOptions> & { transport?: "tcp" | "udp"; maxFps?: number; slow?: number } = {},
): Watching {
  const { transport = "tcp", maxFps = 60, slow = 0, ...rest } = more;
  const stop = new AbortController();
  const frames: Frame[] = [];
  const [states, troubles, whys, children]: [string[], string[], string[], Child[]] = [[], [], [], []];
  const counted = { dropped: 0, arrived: 0, restarts: 0 };
  const options: RtspToFramesOptions = {
    signal: stop.signal,
    silence: seconds(2),
    pause: () => millis(50),
    onState: (state) => states.push(state),
    onTrouble(trouble: CameraTrouble, active: boolean, why?: string) {
      troubles.push(`${trouble} ${active ? "begins" : "ends"}`);
      if (why) whys.push(why);
    },
    onChild: (child) => children.push(child),
    onDrop: () => {
      counted.dropped += 1;
    },
    onFrame: () => {
      counted.arrived += 1;
    },
    onRestart: () => {
      counted.restarts += 1;
    },
    ...rest,
  };
  const running = (async () => {
    for await (const frame of rtspToFrames({ id: watchedId, url, transport, maxFps }, halved, options)) {
      frames.push({ ...frame, data: frame.data.slice() });
      if (slow) await new Promise((resolve) => setTimeout(resolve, slow));
      frame.release?.();
    }
  })().catch((err: unknown) => err);
  const end = (): Promise<unknown> => {
    stop.abort();
    return running;
  };
  const asDisposed = async (): Promise<void> => void (await end());
  return { frames, states, troubles, whys, children, counted, stop: end, [Symbol.asyncDispose]: asDisposed };
}
