import type { CameraId, Instant, Millis } from "@openkerb/contract";
import type { Detection } from "@openkerb/vision";
import type { Detector } from "../detector/detector.ts";
import type { Frame, Frames } from "../frames/frames.ts";

/** What was found in one frame; the pixels are gone. */
export type Detected = {
  readonly camera: CameraId;
  readonly index: number;
  readonly at: Instant;
  readonly pts: Millis;
  /** Size of the camera's picture; boxes are in its pixels. */
  readonly width: number;
  readonly height: number;
  readonly detections: readonly Detection[];
};

export type Looking = {
  /**
   * How many frames may be in the detector at once: 1 for live pictures; 2 keeps it busy on a recording, for which the
   * frames must not share a buffer.
   */
  readonly ahead?: number;
  /**
   * Says that the detector failed on a frame; returning skips the frame, throwing ends the stage. Without it, every
   * failure ends the stage.
   */
  readonly onFailed?: (err: unknown, frame: Frame) => void;
};

/**
 * Looks at each frame in turn. Nothing waits here: while the detector is busy nobody asks for the next frame, and the
 * source's `newest` drops what nobody had time to look at.
 */
export async function* framesToDetections(
  frames: Frames,
  detector: Pick<Detector, "detect">,
  { ahead = 1, onFailed = rethrow }: Looking = {},
): AsyncGenerator<Detected, void, undefined> {
  const source = frames[Symbol.asyncIterator]();
  const underWay: Promise<Detected | undefined>[] = [];
  const settled = async (): Promise<Detected | undefined> => underWay[0]?.finally(() => underWay.shift());
  try {
    let next = source.next();
    for (;;) {
      // Whatever comes first: another frame to start on, or the oldest answer to hand on.
      const arrived = await Promise.race([next, ...underWay.slice(0, 1).map(answered)]);
      if (arrived?.done) break;
      if (arrived) {
        const looking = look(arrived.value, detector, onFailed);
        // Awaited in its turn; until then a failure must not count as unhandled.
        looking.catch(() => undefined);
        underWay.push(looking);
      }
      if (!arrived || underWay.length >= ahead) {
        const found = await settled();
        if (found) yield found;
      }
      if (arrived) next = source.next();
    }
    while (underWay.length > 0) {
      const found = await settled();
      if (found) yield found;
    }
  } finally {
    await Promise.allSettled(underWay);
    await source.return?.();
  }
}

const answered = (looking: Promise<unknown>): Promise<undefined> =>
  looking.then(
    () => undefined,
    () => undefined,
  );

async function look(
  frame: Frame,
  detector: Pick<Detector, "detect">,
  onFailed: (err: unknown, frame: Frame) => void,
): Promise<Detected | undefined> {
  const { camera, index, at, pts, picture } = frame;
  try {
    const detections = await detector.detect(frame);
    return { camera, index, at, pts, width: picture.width, height: picture.height, detections };
  } catch (err) {
    onFailed(err, frame);
    return undefined;
  } finally {
    frame.release?.();
  }
}

function rethrow(err: unknown): never {
  throw err;
}
