import { type CameraId, type CityEvent, type ConfigVersion, instant, type LineId, millis } from "@openkerb/contract";
import { detectionsToTracks, type Stamp, tracksToEvents } from "@openkerb/edge-agent";
import { type Crossing, crossingObjects, crossingPicture } from "./crossing-objects.ts";
import type { Figure } from "./figure.ts";

const objects = 25;
const camera = {
  id: "made" as CameraId,
  lines: [
    { id: "middle" as LineId, name: "Middle", from: [0.5, 1] as [number, number], to: [0.5, 0] as [number, number] },
  ],
  zones: [],
};
const stamp = (): Stamp => ({
  clock: "unknown",
  quality: 1,
  provenance: { source: "model:scripted@000000000000", config: "000000000000" as ConfigVersion },
});

/** How many of the objects the line counts, from detections to events, and what the minutes say. */
export async function counted(kind: Crossing, fps = 25): Promise<{ in: number; out: number; minutes: number }> {
  async function* detected() {
    // The last objects leave before the recording ends, as on a street that nobody cuts off.
    const frames = [...crossingObjects(objects, kind), ...Array.from({ length: 3 * fps }, () => [])];
    for (const [index, detections] of frames.entries()) {
      const pts = millis((index * 1000) / fps);
      yield { camera: camera.id, index, pts, at: instant(pts), ...crossingPicture, detections };
    }
  }
  const events: CityEvent[] = [];
  const scenes = detectionsToTracks(detected(), { sure: 0.35 });
  for await (const event of tracksToEvents(scenes, camera, stamp)) events.push(event);
  const crossings = events.filter((e) => e.kind === "line-crossed");
  return {
    in: crossings.filter((e) => e.direction === "in").length,
    out: crossings.filter((e) => e.direction === "out").length,
    minutes: events
      .flatMap((e) => (e.kind === "minute-counted" ? e.lines : []))
      .reduce((sum, line) => sum + line.in + line.out, 0),
  };
}

/** The counting goals: clean boxes, and boxes as a detector gives them, that tremble and are missed at times. */
export async function counting(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const step of [5, 15, 25, 40, 60])
    for (const [name, missed, trembling] of [
      ["clean", 0, 0],
      ["one in ten missed, trembling", 0.1, 1.5],
    ] as const) {
      const all: Awaited<ReturnType<typeof counted>>[] = [];
      for (const size of [24, 40])
        for (const seed of [1, 2, 3]) all.push(await counted({ step, size, missed, trembling, seed }));
      // The worst of all runs, too many as bad as too few.
      const off = Math.max(...all.map((n) => Math.abs(n.in - objects) + n.out + Math.abs(n.minutes - n.in - n.out)));
      figures.push({
        what: `counting at ${step} px/frame, ${name}: right of ${objects}`,
        value: objects - off,
        goal: { atLeast: objects },
        digits: 0,
      });
    }
  return figures;
}
