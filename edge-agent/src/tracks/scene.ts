import type { CameraId, Instant, Millis, RoadClass } from "@openkerb/contract";
import type { Box } from "@openkerb/vision";

/** A road user followed through the picture. Its id is a small number that dies with the track and never leaves the agent. */
export type Track = {
  readonly id: number;
  readonly label: RoadClass;
  readonly score: number;
  /** Smoothed box in pixels of the original picture. */
  readonly box: Box;
  /** Where it touches the ground: the middle of the box's lower edge, as shares of width and height. */
  readonly foot: readonly [x: number, y: number];
  /** True when this frame has a detection for it, false when it is only predicted. */
  readonly seen: boolean;
};

/** Everything tracked in one frame. `gone` are the tracks that ended here and will not come back. */
export type Scene = {
  readonly camera: CameraId;
  readonly at: Instant;
  readonly pts: Millis;
  readonly width: number;
  readonly height: number;
  readonly tracks: readonly Track[];
  readonly gone: readonly number[];
};
