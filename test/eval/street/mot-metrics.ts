import { assign } from "../../../edge-agent/src/tracks/assign.ts";

/** One box of one object in one frame: `[left, top, width, height]` in any unit. */
export type Placed = {
  readonly frame: number;
  readonly id: number;
  readonly box: readonly [number, number, number, number];
};

export type MotFigures = {
  readonly frames: number;
  /** Boxes of the ground truth. */
  readonly truths: number;
  readonly matches: number;
  readonly misses: number;
  readonly falsePositives: number;
  readonly switches: number;
  /** Times an object was lost and found again. */
  readonly fragments: number;
  /** 1 - (misses + false positives + switches) / truths. */
  readonly mota: number;
  /** Mean overlap of the matches. */
  readonly motp: number;
  readonly idf1: number;
  readonly idPrecision: number;
  readonly idRecall: number;
};

/**
 * CLEAR MOT (Bernardin and Stiefelhagen 2008) and identity measures (Ristani et al. 2016), as MOTChallenge counts
 * them: a pair needs `overlap` (intersection over union) of 0.5, an object keeps its last track while that still
 * overlaps enough, the rest are paired for the greatest overlap, and a switch is a match with another track than the
 * last one the object had, however long ago.
 */
export function motFigures(truth: readonly Placed[], tracks: readonly Placed[], overlap = 0.5): MotFigures {
  const frames = [...new Set([...truth, ...tracks].map(({ frame }) => frame))].sort((a, b) => a - b);
  const truthOf = group(truth);
  const tracksOf = group(tracks);
  const lastTrack = new Map<number, number>();
  const wasMatched = new Map<number, boolean>();
  let [matches, misses, falsePositives, switches, fragments, overlaps] = [0, 0, 0, 0, 0, 0];

  for (const frame of frames) {
    const objects = truthOf.get(frame) ?? [];
    const found = tracksOf.get(frame) ?? [];
    const pairs = pairUp(objects, found, lastTrack, overlap);
    for (const object of objects) {
      const track = pairs.get(object);
      if (track) {
        overlaps += iou(object.box, track.box);
        const before = lastTrack.get(object.id);
        if (before !== undefined && before !== track.id) switches++;
        if (wasMatched.get(object.id) === false) fragments++;
        lastTrack.set(object.id, track.id);
        wasMatched.set(object.id, true);
      } else if (wasMatched.has(object.id)) wasMatched.set(object.id, false);
    }
    matches += pairs.size;
    misses += objects.length - pairs.size;
    falsePositives += found.length - pairs.size;
  }

  const same = identityMatches(truth, tracks, overlap);
  return {
    frames: frames.length,
    truths: truth.length,
    matches,
    misses,
    falsePositives,
    switches,
    fragments,
    mota: 1 - (misses + falsePositives + switches) / truth.length,
    motp: matches > 0 ? overlaps / matches : Number.NaN,
    idf1: (2 * same) / (truth.length + tracks.length),
    idPrecision: same / tracks.length,
    idRecall: same / truth.length,
  };
}

function pairUp(
  objects: readonly Placed[],
  found: readonly Placed[],
  lastTrack: ReadonlyMap<number, number>,
  overlap: number,
): ReadonlyMap<Placed, Placed> {
  const pairs = new Map<Placed, Placed>();
  const taken = new Set<Placed>();
  for (const object of objects) {
    const kept = found.find((track) => track.id === lastTrack.get(object.id) && !taken.has(track));
    if (!kept || iou(object.box, kept.box) < overlap) continue;
    pairs.set(object, kept);
    taken.add(kept);
  }
  const rows = objects.filter((object) => !pairs.has(object));
  const columns = found.filter((track) => !taken.has(track));
  const costs = Float64Array.from(
    rows.flatMap(({ box }) =>
      columns.map((track) => {
        const shared = iou(box, track.box);
        return shared < overlap ? Number.POSITIVE_INFINITY : 1 - shared;
      }),
    ),
  );
  // As many pairs as possible come first, their overlap second: alone costs more than all overlaps can save.
  assign(costs, rows.length, columns.length, rows.length + 1).forEach((column, row) => {
    if (column >= 0) pairs.set(rows[row]!, columns[column]!);
  });
  return pairs;
}

/** Boxes whose identity is right under the one-to-one mapping of objects to tracks that makes most of them right. */
function identityMatches(truth: readonly Placed[], tracks: readonly Placed[], overlap: number): number {
  const objects = [...new Set(truth.map(({ id }) => id))];
  const found = [...new Set(tracks.map(({ id }) => id))];
  const row = new Map(objects.map((id, at) => [id, at]));
  const column = new Map(found.map((id, at) => [id, at]));
  const together = new Float64Array(objects.length * found.length);
  const tracksOf = group(tracks);
  for (const object of truth)
    for (const track of tracksOf.get(object.frame) ?? [])
      if (iou(object.box, track.box) >= overlap)
        together[row.get(object.id)! * found.length + column.get(track.id)!]! -= 1;
  let same = 0;
  assign(together, objects.length, found.length, 0).forEach((to, from) => {
    if (to >= 0) same -= together[from * found.length + to]!;
  });
  return same;
}

function group(all: readonly Placed[]): ReadonlyMap<number, readonly Placed[]> {
  const byFrame = new Map<number, Placed[]>();
  for (const placed of all) {
    const there = byFrame.get(placed.frame);
    if (there) there.push(placed);
    else byFrame.set(placed.frame, [placed]);
  }
  return byFrame;
}

function iou(a: Placed["box"], b: Placed["box"]): number {
  const w = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const h = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  return w <= 0 || h <= 0 ? 0 : (w * h) / (a[2] * a[3] + b[2] * b[3] - w * h);
}
