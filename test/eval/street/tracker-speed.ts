import { millis } from "@openkerb/contract";
import type { Detection } from "@openkerb/vision";
import { createTracker } from "../../../edge-agent/src/tracks/tracker.ts";
import { dice } from "../dice.ts";
import type { Figure } from "./figure.ts";

/** Milliseconds that the tracker takes for a frame with thirty people who walk about. */
export function trackerSpeed(): Figure[] {
  const random = dice(7);
  const people = Array.from({ length: 30 }, (_, n) => ({
    x: (n % 6) * 150,
    y: Math.floor(n / 6) * 100,
    v: 3 * random(),
  }));
  const frames = Array.from({ length: 3000 }, (): Detection[] =>
    people.map((p) => {
      p.x = (p.x + p.v) % 900;
      return { label: "person", score: 0.6 + 0.3 * random(), box: [p.x + random(), p.y + random(), 40, 90] };
    }),
  );
  const track = createTracker();
  const look = (detections: readonly Detection[], n: number) =>
    track({ pts: millis(40 * n), width: 960, height: 540, detections });
  for (const [n, frame] of frames.slice(0, 1000).entries()) look(frame, n);
  // Time on the processor: what else runs on the machine does not count.
  const begun = process.cpuUsage();
  for (const [n, frame] of frames.slice(1000).entries()) look(frame, 1000 + n);
  const { user, system } = process.cpuUsage(begun);
  const each = (user + system) / 1000 / 2000;
  return [{ what: "tracker, 30 objects: ms/frame", value: each, goal: { atMost: 0.5 }, digits: 3 }];
}
