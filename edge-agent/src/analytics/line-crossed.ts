import type { RoadClass, SiteLine } from "@openkerb/contract";
import type { Scene, Track } from "../tracks/scene.ts";
import { crossing, distanceTo, type Point, type Segment } from "./geometry.ts";
import { scaleOf, slack, toPixels } from "./pixels.ts";
import type { Finding, Rule } from "./rule.ts";

/** What a line remembers of a track: where it last was, and what its steps near the line add up to so far. */
type Passage = { last: Point; net: number; class: RoadClass; wasClear: boolean };

/**
 * Counts who crosses a line with his foot. Each step from one sighting to the next is swept, so that nobody is too
 * fast; predicted places do not count. Steps near the line are added up and told only when the foot is clear of it:
 * a box that trembles on the line is one count at the most, and none when it goes back where it came from.
 */
export function lineCrossed(line: SiteLine): Rule {
  const passages = new Map<number, Passage>();

  function* count(passage: Passage): Iterable<Finding> {
    if (passage.net === 0) return;
    const direction = passage.net > 0 ? "in" : "out";
    passage.net = 0;
    if (line.classes === undefined || line.classes.includes(passage.class))
      yield { kind: "line-crossed", line: line.id, direction, class: passage.class };
  }

  return function* (scene) {
    const drawn: Segment = { from: toPixels(scene, line.from), to: toPixels(scene, line.to) };
    for (const track of scene.tracks) {
      if (!track.seen) continue;
      const passage = walk(passages.get(track.id), drawn, track, scene);
      passages.set(track.id, passage);
      if (distanceTo(drawn, passage.last) < slack * scaleOf(track.box)) continue;
      yield* count(passage);
    }
    for (const id of scene.gone) {
      const passage = passages.get(id);
      // Lost from sight just beyond the line. Who was on the line all his life has not crossed it.
      if (passage?.wasClear) yield* count(passage);
      passages.delete(id);
    }
  };
}

function walk(before: Passage | undefined, drawn: Segment, track: Track, scene: Scene): Passage {
  const steps = [...(before ? [] : track.earlier), track].map(({ foot }) => toPixels(scene, foot));
  const passage = before ?? { last: steps[0]!, net: 0, class: track.label, wasClear: false };
  passage.class = track.label;
  for (const step of steps) {
    passage.net += crossing(drawn, passage.last, step);
    passage.last = step;
    if (distanceTo(drawn, step) >= slack * scaleOf(track.box)) passage.wasClear = true;
  }
  return passage;
}
