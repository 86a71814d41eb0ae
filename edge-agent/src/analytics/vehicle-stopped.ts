import { type Millis, millis, type RoadClass, type SiteZone } from "@openkerb/contract";
import type { Track } from "../tracks/scene.ts";
import { contains, type Point } from "./geometry.ts";
import { scaleOf, toPixels } from "./pixels.ts";
import type { Finding, Rule } from "./rule.ts";

/** A foot within this of where it stood has not moved, as a share of the box: wider than boxes tremble. */
const still = 0.25;
/** Milliseconds that a foot must be away before it has moved: somebody walking past makes a box jump for a moment. */
const moved = 1000;
/** Milliseconds that a standing vehicle is waited for when it is out of sight: a bus in front of it has not towed it. */
const hidden = 10_000;

/** A vehicle at one place of the zone. `track` is none while it is out of sight. */
type Stand = {
  track: number | undefined;
  class: RoadClass;
  place: Point;
  size: number;
  since: Millis;
  /** When it was last at its place. */
  until: Millis;
  told: boolean;
};

/** Bicycles stand about everywhere; they count as vehicles only where the zone names them. */
const isVehicle = ({ label }: Track, { classes }: SiteZone): boolean =>
  label !== "person" && (classes ? classes.includes(label) : label !== "bicycle");

/**
 * Reports a vehicle that has stood in the zone for longer than it allows: once when the time is up, and once more
 * when it has gone. A vehicle that was hidden for a moment and is found at the same place is the same one.
 */
export function vehicleStopped(zone: SiteZone & { readonly stoppedAfter: number }): Rule {
  const allowed = zone.stoppedAfter * 1000;
  let stands: Stand[] = [];

  const say = (stand: Stand, active: boolean): Finding => ({
    kind: "vehicle-stopped",
    zone: zone.id,
    class: stand.class,
    dwell: millis(stand.until - stand.since),
    active,
  });

  return function* (scene) {
    const polygon = zone.polygon.map((p) => toPixels(scene, p));
    for (const stand of stands)
      if (stand.track !== undefined && scene.gone.includes(stand.track)) stand.track = undefined;

    // In the order of their ids, so that two that could take one place do not depend on the order of the tracks.
    for (const track of [...scene.tracks].sort((a, b) => a.id - b.id)) {
      if (!track.seen || !isVehicle(track, zone)) continue;
      const foot = toPixels(scene, track.foot);
      const size = scaleOf(track.box);
      const inside = contains(polygon, foot);
      const here = (stand: Stand): boolean => distance(stand.place, foot) <= still * Math.max(size, stand.size);
      let stand = stands.find((s) => s.track === track.id);
      if (!stand && inside) {
        stand = stands.find((s) => s.track === undefined && here(s));
        if (stand) stand.track = track.id;
        else {
          stand = {
            track: track.id,
            class: track.label,
            place: foot,
            size,
            since: scene.pts,
            until: scene.pts,
            told: false,
          };
          stands.push(stand);
        }
      }
      if (!stand) continue;
      if (!stand.told) stand.class = track.label;
      if (here(stand)) {
        stand.until = scene.pts;
        if (!stand.told && stand.until - stand.since >= allowed) {
          stand.told = true;
          yield say(stand, true);
        }
      } else if (scene.pts - stand.until >= moved || distance(stand.place, foot) > stand.size) {
        if (stand.told) yield say(stand, false);
        const from = inside ? { place: foot, size, since: scene.pts, until: scene.pts, told: false } : undefined;
        if (from) Object.assign(stand, from);
        else stands = stands.filter((s) => s !== stand);
      }
    }

    const over = stands.filter(({ track, until }) => track === undefined && scene.pts - until >= hidden);
    for (const stand of over) if (stand.told) yield say(stand, false);
    stands = stands.filter((stand) => !over.includes(stand));
  };
}

const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
