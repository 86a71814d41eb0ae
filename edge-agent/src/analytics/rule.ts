import type { LineCrossed, RoadClass, VehicleStopped, ZoneEntered, ZoneId, ZoneLeft } from "@openkerb/contract";
import type { Scene } from "../tracks/scene.ts";

/** What the stage adds to a finding to make it an event. */
type Stamped = "at" | "clock" | "quality" | "provenance" | "camera";

/** How many of a class are in a zone from this scene on, said when it changes. It stays here: minutes are made of it. */
export type ZoneOccupied = {
  readonly kind: "zone-occupied";
  readonly zone: ZoneId;
  readonly class: RoadClass;
  readonly count: number;
};

/** What a rule has to say about a scene: an event without its stamp. */
export type Finding =
  | Omit<LineCrossed, Stamped>
  | Omit<ZoneEntered, Stamped>
  | Omit<ZoneLeft, Stamped>
  | Omit<VehicleStopped, Stamped>
  | ZoneOccupied;

/**
 * Looks at one scene after the other and says what happened. It may remember, it has no clock, and what it says does
 * not depend on the order of the tracks in a scene.
 */
export type Rule = (scene: Scene) => Iterable<Finding>;
