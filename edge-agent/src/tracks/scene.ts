import type { CameraId, Instant, Millis, RoadClass } from "@openkerb/contract";
import type { Box } from "@openkerb/vision";

/** Where something touches the ground: the middle of its box's lower edge, as shares of the picture's width and height. */
export type Foot = readonly [x: number, y: number];

/** One place where a road user was really seen. */
export type Sighting = { readonly pts: Millis; readonly score: number; readonly box: Box; readonly foot: Foot };

/** A road user followed through the picture. Its id is a small number that dies with the track and never leaves the agent. */
export type Track = {
  readonly id: number;
  readonly label: RoadClass;
  readonly score: number;
  /** Smoothed box in pixels of the original picture. */
  readonly box: Box;
  readonly foot: Foot;
  /** True when this frame has a detection for it, false when it is only predicted. */
  readonly seen: boolean;
  /**
   * Where it was seen before it was sure to be real, oldest first: filled in the first scene that shows the track,
   * empty in all later ones. Who crosses a line in his first three frames has crossed it all the same.
   */
  readonly earlier: readonly Sighting[];
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
