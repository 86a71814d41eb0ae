import type { Millis, RoadClass, SiteZone } from "@openkerb/contract";
import type { Track } from "../tracks/scene.ts";
import { contains, distanceTo, type Point, sidesOf } from "./geometry.ts";
import { scaleOf, slack, toPixels } from "./pixels.ts";
import type { Finding, Rule } from "./rule.ts";

/** A foot this long on the other side of the border has changed sides, however near the border it is. */
const settled = 500;

/** A track near or in the zone. `since` is when it was first on the side that it is on now. */
type Visit = { inside: boolean; since: Millis; visit: { from: Millis; until: Millis; class: RoadClass } | undefined };

/**
 * Tells who enters and who leaves a zone, how long he was there, and how many are in it. A foot has changed sides
 * when it is clear of the border or has stayed on its new side for a moment. A visit keeps the class it began with,
 * so that who enters and who leaves add up.
 */
export function zoneVisited(zone: SiteZone): Rule {
  const visits = new Map<number, Visit>();
  const occupied = new Map<RoadClass, number>();
  const wanted = (track: Track): boolean => zone.classes === undefined || zone.classes.includes(track.label);

  function* leave(visit: Visit): Iterable<Finding> {
    if (!visit.visit) return;
    const { from, until, class: of } = visit.visit;
    visit.visit = undefined;
    occupied.set(of, occupied.get(of)! - 1);
    yield { kind: "zone-left", zone: zone.id, class: of, dwell: Math.max(0, until - from) as Millis };
  }

  return function* (scene) {
    const before = new Map(occupied);
    const polygon = zone.polygon.map((p) => toPixels(scene, p));
    for (const track of scene.tracks) {
      if (!track.seen) continue;
      const foot = toPixels(scene, track.foot);
      const inside = contains(polygon, foot);
      const visit = visits.get(track.id) ?? { inside, since: scene.pts, visit: undefined };
      visits.set(track.id, visit);
      if (visit.inside !== inside) Object.assign(visit, { inside, since: scene.pts });
      if (inside && visit.visit) visit.visit.until = scene.pts;
      if (inside === (visit.visit !== undefined)) continue;
      if (!isClear(polygon, foot, track) && scene.pts - visit.since < settled) continue;
      if (!inside) yield* leave(visit);
      else if (wanted(track)) {
        visit.visit = { from: visit.since, until: scene.pts, class: track.label };
        occupied.set(track.label, (occupied.get(track.label) ?? 0) + 1);
        yield { kind: "zone-entered", zone: zone.id, class: track.label };
      }
    }
    for (const id of scene.gone) {
      const visit = visits.get(id);
      if (visit) yield* leave(visit);
      visits.delete(id);
    }
    for (const [of, count] of occupied)
      if (count !== (before.get(of) ?? 0)) yield { kind: "zone-occupied", zone: zone.id, class: of, count };
  };
}

const isClear = (polygon: readonly Point[], foot: Point, { box }: Track): boolean =>
  sidesOf(polygon).every((side) => distanceTo(side, foot) >= slack * scaleOf(box));
