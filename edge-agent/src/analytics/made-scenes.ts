import { type CameraId, type Instant, instant, millis, type RoadClass } from "@openkerb/contract";
import type { Foot, Scene, Sighting, Track } from "../tracks/scene.ts";
import type { Finding, Rule } from "./rule.ts";

/** What made-up scenes are seen by: a picture of 1000 by 1000, so that a share is easily told in pixels. */
const picture = { width: 1000, height: 1000 };

export type Made = {
  readonly id?: number;
  readonly foot: Foot;
  readonly label?: RoadClass;
  readonly seen?: boolean;
  readonly earlier?: readonly Foot[];
  /** Side of the box, pixels. */
  readonly size?: number;
};

const sighting = (foot: Foot, size: number): Sighting => ({
  pts: millis(0),
  score: 0.9,
  box: [foot[0] * 1000 - size / 2, foot[1] * 1000 - size, size, size],
  foot,
});

/** A track for tests and examples. */
export const madeTrack = ({ id = 1, foot, label = "car", seen = true, earlier = [], size = 50 }: Made): Track => ({
  ...sighting(foot, size),
  id,
  label,
  seen,
  earlier: earlier.map((at) => sighting(at, size)),
});

/** A scene for tests and examples, some milliseconds after the start. */
export const madeScene = (
  pts: number,
  tracks: readonly Made[],
  gone: readonly number[] = [],
  at: Instant = instant(pts),
): Scene => ({ camera: "kerb" as CameraId, at, pts: millis(pts), ...picture, tracks: tracks.map(madeTrack), gone });

/** Everything a rule says about scenes that are `step` milliseconds apart. */
export const findings = (rule: Rule, scenes: readonly (readonly Made[])[], step = 100): Finding[] =>
  scenes.flatMap((tracks, n) => [...rule(madeScene(n * step, tracks))]);
