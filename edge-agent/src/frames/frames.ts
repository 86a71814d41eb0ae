import type { CameraId, Instant, Millis } from "@openkerb/contract";

/**
 * One picture of one camera at the size the detector wants, letterboxed by ffmpeg: rgb24, `width * height * 3` bytes.
 * It lives in this process's memory only and is never logged, stored or sent.
 */
export type Frame = {
  readonly camera: CameraId;
  /** Counts frames of this run from 0, dropped ones included. */
  readonly index: number;
  /** The stream's own time since its start; steps of this are what motion is measured by. */
  readonly pts: Millis;
  /** Wall time of the frame, made once from pts and the moment the stream began, so that it never jitters. */
  readonly at: Instant;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** Size of the picture the camera sent; boxes are in its pixels. */
  readonly picture: { readonly width: number; readonly height: number };
};

/** A source of frames: it runs until it fails or is told to stop, and never retries by itself. */
export type Frames = AsyncIterable<Frame>;
