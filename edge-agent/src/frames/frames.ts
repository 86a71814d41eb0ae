import type { CameraId, Instant, Millis } from "@openkerb/contract";
import type { Fit, Size, View } from "@openkerb/vision";

/**
 * One picture of one camera at the size the detector wants, fitted into it by ffmpeg: rgb24, `width * height * 3` bytes.
 * It lives in this process's memory only and is never logged, stored or sent.
 */
export type Frame = {
  readonly camera: CameraId;
  /** Counts frames of this run from 0, dropped ones included. */
  readonly index: number;
  /** The stream's own time since its start; steps of this are what motion is measured by. Never goes back. */
  readonly pts: Millis;
  /** Wall time of the frame, made once from pts and the moment the stream began, so that it never jitters. */
  readonly at: Instant;
  readonly width: number;
  readonly height: number;
  /** Lies on shared memory, so that a worker thread reads it without a copy. Nobody writes to it before `release`. */
  readonly data: Uint8Array;
  /** Size of the picture the camera sent; boxes are in its pixels. */
  readonly picture: Size;
  /** How the picture lies in `data`; centred on black when absent. */
  readonly fit?: Fit | undefined;
  /**
   * Gives the buffer back for a later frame; call it when nothing will look at `data` any more. Optional to call:
   * a frame that is only forgotten is left to the garbage collector, which is slower and never wrong.
   */
  readonly release?: () => void;
};

export type { Size };

/** What the detector wants to be shown, or how to choose it when the picture's own size is known. */
export type SizeChoice = View | ((picture: Size) => View);

/** A source of frames: it runs until it fails or is told to stop, and never retries by itself. */
export type Frames = AsyncIterable<Frame>;
