import type { Scene } from "../tracks/scene.ts";
import { createTracker, type TrackerSettings } from "../tracks/tracker.ts";
import type { Detected } from "./frames-to-detections.ts";

/** Follows road users from frame to frame. One scene for every frame, in order; one call per camera. */
export async function* detectionsToTracks(
  detected: AsyncIterable<Detected>,
  settings: TrackerSettings = {},
): AsyncGenerator<Scene, void, undefined> {
  const track = createTracker(settings);
  for await (const { camera, at, pts, width, height, detections } of detected)
    yield { camera, at, pts, width, height, ...track({ pts, width, height, detections }) };
}
