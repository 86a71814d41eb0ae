import type { Millis, RoadClass } from "@openkerb/contract";
import type { Box, Detection } from "@openkerb/vision";
import { begin, boxOf, correct, leap, type Motion, predict } from "./motion.ts";
import type { Foot, Sighting, Track } from "./scene.ts";

/** The way of one road user as far as it is known. */
export type Trail = {
  /** Given when the trail is sure to be real; nothing is said of it before. */
  id: number | undefined;
  motion: Motion;
  /** Where it is thought to be in this frame. */
  expected: Box;
  /** The last sighting. */
  last: Box;
  lastSeen: Millis;
  score: number;
  /** Sightings since it was begun, and frames since the last one. */
  hits: number;
  missed: number;
  /** Where the last sightings were heading, pixels; the older ones fade. */
  heading: readonly [x: number, y: number];
  /** It once moved so far in one frame that only its distance spoke for it. */
  leapt: boolean;
  readonly kin: Kin;
  readonly votes: Map<RoadClass, number>;
  /** Sightings from before it was sure; emptied when they have been told. */
  earlier: Sighting[];
};

/** Classes that detectors take for each other. What is one can never become another. */
export type Kin = "walker" | "two wheels" | "four wheels";
const kinOf: Readonly<Record<RoadClass, Kin>> = {
  person: "walker",
  bicycle: "two wheels",
  motorcycle: "two wheels",
  car: "four wheels",
  bus: "four wheels",
  truck: "four wheels",
};
export const kin = (label: RoadClass): Kin => kinOf[label];

export function beginTrail(seen: Detection, now: Sighting): Trail {
  const motion = begin(seen.box);
  return {
    id: undefined,
    motion,
    expected: seen.box,
    last: seen.box,
    lastSeen: now.pts,
    score: seen.score,
    hits: 1,
    missed: 0,
    heading: [0, 0],
    leapt: false,
    kin: kin(seen.label),
    votes: new Map([[seen.label, seen.score]]),
    earlier: [now],
  };
}

/** Moves a trail on to the next frame, in place. */
export function advance(trail: Trail, dt: number): void {
  predict(trail.motion, dt);
  trail.expected = boxOf(trail.motion);
}

/** Goes on with a sighting, in place. `far` says that only the distance spoke for it. */
export function follow(trail: Trail, { label, box, score }: Detection, now: Sighting, far: boolean): void {
  const dt = Math.max(1, now.pts - trail.lastSeen) / 1000;
  if (far) {
    trail.motion = leap(trail.last, box, dt);
    // Two sightings far apart may be two things: what came before the first of them does not count.
    trail.earlier = trail.earlier.slice(-1);
    trail.hits = 1;
    trail.leapt = true;
  } else correct(trail.motion, box);
  trail.heading = [
    0.7 * trail.heading[0] + middle(box)[0] - middle(trail.last)[0],
    0.7 * trail.heading[1] + middle(box)[1] - middle(trail.last)[1],
  ];
  trail.last = box;
  trail.lastSeen = now.pts;
  trail.score = score;
  trail.hits++;
  trail.missed = 0;
  trail.votes.set(label, (trail.votes.get(label) ?? 0) + score);
  if (trail.id === undefined) trail.earlier.push(now);
}

export const middle = ([x, y, w, h]: Box): readonly [number, number] => [x + w / 2, y + h / 2];

export const footOf = ([x, y, w, h]: Box, width: number, height: number): Foot => [
  (x + w / 2) / width,
  (y + h) / height,
];

/** A trail as others see it. Its earlier sightings are told once. */
export function trackOf(trail: Trail, id: number, width: number, height: number): Track {
  const box = boxOf(trail.motion);
  const earlier = trail.earlier;
  trail.earlier = [];
  const label = [...trail.votes].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
  return { id, label, score: trail.score, box, foot: footOf(box, width, height), seen: trail.missed === 0, earlier };
}
