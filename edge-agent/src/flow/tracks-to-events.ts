import type { CityEvent, LineCrossed, Millis, QualityFlag, SiteCamera } from "@openkerb/contract";
import { type Minute, minuteCounter } from "../analytics/minute-counted.ts";
import { rulesFor } from "../analytics/rules-for.ts";
import type { Scene } from "../tracks/scene.ts";

/** How far the measurement and its clock can be trusted right now, and what measured it. */
export type Stamp = Pick<LineCrossed, "clock" | "quality" | "provenance">;

/**
 * Says what happened, scene after scene, as anonymous events. When the scenes end or fail, everything still open ends
 * too: visits, stopped vehicles, the minute that was begun.
 */
export async function* tracksToEvents(
  scenes: AsyncIterable<Scene>,
  camera: Pick<SiteCamera, "id" | "lines" | "zones">,
  stamp: () => Stamp,
): AsyncGenerator<CityEvent, void, undefined> {
  const rules = rulesFor(camera);
  const minutes = minuteCounter();
  const stamped = (minute: Minute): CityEvent => {
    const { clock, quality, provenance } = stamp();
    return { ...minute, camera: camera.id, clock, quality: worth(minute, quality), provenance };
  };

  function* tell(scene: Scene): Iterable<CityEvent> {
    for (const minute of minutes.reach(scene.at)) yield stamped(minute);
    for (const rule of rules)
      for (const finding of rule(scene)) {
        minutes.add(finding);
        if (finding.kind !== "zone-occupied") yield { ...finding, at: scene.at, camera: camera.id, ...stamp() };
      }
  }

  let last: Scene | undefined;
  const known = new Set<number>();
  try {
    for await (const scene of scenes) {
      yield* tell(scene);
      last = scene;
      for (const { id } of scene.tracks) known.add(id);
      for (const id of scene.gone) known.delete(id);
    }
  } catch (err) {
    yield* finish();
    throw err;
  }
  yield* finish();

  function* finish(): Iterable<CityEvent> {
    if (!last) return;
    // An hour in which nobody is seen ends whatever a rule is still waiting for; the events keep the last moment.
    const [pts, gone] = [(last.pts + 3_600_000) as Millis, [...known]];
    yield* tell({ ...last, pts, tracks: [], gone });
    for (const minute of minutes.end()) yield stamped(minute);
  }
}

/** A minute that was hardly watched is suspect, one that was not watched at all is missing. */
const worth = ({ watched, span }: Minute, quality: QualityFlag): QualityFlag =>
  watched === 0 ? 9 : watched < span / 2 && quality < 3 ? 3 : quality;
