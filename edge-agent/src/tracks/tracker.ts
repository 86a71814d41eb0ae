import type { Millis } from "@openkerb/contract";
import { type Detection, iou } from "@openkerb/vision";
import { byLeap, byOverlap, type Cost, farthest, pair } from "./pairing.ts";
import type { Scene, Sighting } from "./scene.ts";
import { advance, beginTrail, follow, footOf, kin, type Trail, trackOf } from "./trail.ts";

export type TrackerSettings = {
  /**
   * The score from which a detection is believed: the model's own threshold. Weaker ones, which the detector should
   * give down to `weakShare` of it, only continue what was seen in the frame before.
   */
  readonly sure?: number | undefined;
};

/** The detections of one frame; boxes in pixels of a picture of this size. */
export type Look = {
  readonly pts: Millis;
  readonly width: number;
  readonly height: number;
  readonly detections: readonly Detection[];
};

export type Followed = Pick<Scene, "tracks" | "gone">;

/** The share of `sure` down to which a detector should give detections, so that a track outlives a weak moment. */
export const weakShare = 0.6;
/** How much of what is left to certainty a detection must score above `sure` to begin a track. */
const newcomer = 0.15;
/** Two boxes of a kind that overlap more than this are one thing under two names, a car and a truck. */
const sameThing = 0.7;
/** Overlaps that pair a sure detection with a track, with a trail not yet sure, and a weak one with a track. */
const [overlapSure, overlapNew, overlapWeak] = [0.2, 0.3, 0.5];
/** Sightings that make a trail a track; one less when frames are so far apart that chance does not repeat itself. */
const sightings = 3;
const slow = 150;
/** Milliseconds that a track is looked for when it is out of sight, and that its expected place is told. */
const [lookedFor, expectedFor] = [2000, 500];
/** Milliseconds and frames that a trail not yet sure may be unseen. */
const [doubted, doubtedFrames] = [250, 2];

/**
 * Follows road users through the frames of one camera. Motion is a Kalman filter in real time; sure detections are
 * paired before weak ones (ByteTrack, Zhang et al. 2022), and what is too fast to overlap itself is paired by distance.
 * Ids count from 1 for each tracker and are not used again.
 */
export function createTracker({ sure = 0.5 }: TrackerSettings = {}): (look: Look) => Followed {
  let trails: Trail[] = [];
  let ids = 0;
  let before: Millis | undefined;

  return ({ pts, width, height, detections }) => {
    const step = before === undefined ? 0 : Math.max(0, pts - before);
    before = pts;
    for (const trail of trails) advance(trail, step / 1000);

    const things = oneOfEach(detections);
    const seen = new Map<Trail, Detection>();
    const leaps = new Set<Trail>();
    let strong = things.filter(({ score }) => score >= sure);
    let weak = things.filter(({ score }) => score < sure);

    const match = (wanted: (trail: Trail) => boolean, from: readonly Detection[], alone: number, cost: Cost) => {
      const free = trails.filter((trail) => !seen.has(trail) && wanted(trail));
      const pairs = pair(free, from, alone, cost);
      for (const [trail, detection] of pairs) seen.set(trail, detection);
      const taken = new Set(pairs.map(([, detection]) => detection));
      return { rest: from.filter((detection) => !taken.has(detection)), pairs };
    };
    const isTrack = ({ id }: Trail): boolean => id !== undefined;
    const isNew = ({ id }: Trail): boolean => id === undefined;
    strong = match(isTrack, strong, 1, byOverlap(overlapSure)).rest;
    weak = match((t) => isTrack(t) && t.missed === 0, weak, 1, byOverlap(overlapWeak)).rest;
    strong = match(isNew, strong, 1, byOverlap(overlapNew)).rest;
    // Pairing as many as possible comes before pairing the nearest: alone costs more than any two leaps.
    const last = match(isNew, strong, 2 * farthest, byLeap);
    for (const [trail] of last.pairs) leaps.add(trail);

    const gone: number[] = [];
    const needed = step > slow ? sightings - 1 : sightings;
    trails = trails.filter((trail) => {
      const detection = seen.get(trail);
      if (detection) {
        follow(trail, detection, sighting(detection, pts, width, height), leaps.has(trail));
        // A leap may be two things by chance: it has to go on as it began for once more.
        if (trail.id === undefined && trail.hits >= needed + (trail.leapt ? 1 : 0)) {
          trail.id = ++ids;
          trail.earlier.pop();
        }
        return true;
      }
      trail.missed++;
      const unseen = pts - trail.lastSeen;
      if (trail.id === undefined) return unseen <= Math.max(doubted, 1.5 * step) && trail.missed <= doubtedFrames;
      if (unseen <= lookedFor) return true;
      gone.push(trail.id);
      return false;
    });
    const certain = sure + newcomer * (1 - sure);
    for (const detection of last.rest)
      if (detection.score >= certain) trails.push(beginTrail(detection, sighting(detection, pts, width, height)));

    const tracks = trails.flatMap((trail) =>
      trail.id === undefined || pts - trail.lastSeen > expectedFor ? [] : [trackOf(trail, trail.id, width, height)],
    );
    return { tracks, gone };
  };
}

/** Without second boxes of other classes of the same kind around the same thing. */
function oneOfEach(detections: readonly Detection[]): readonly Detection[] {
  const kept: Detection[] = [];
  for (const detection of [...detections].sort((a, b) => b.score - a.score)) {
    const known = kept.some((k) => kin(k.label) === kin(detection.label) && iou(k.box, detection.box) > sameThing);
    if (!known) kept.push(detection);
  }
  return kept;
}

const sighting = ({ box, score }: Detection, pts: Millis, width: number, height: number): Sighting => ({
  pts,
  score,
  box,
  foot: footOf(box, width, height),
});
