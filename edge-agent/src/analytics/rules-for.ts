import type { SiteCamera } from "@openkerb/contract";
import { lineCrossed } from "./line-crossed.ts";
import type { Rule } from "./rule.ts";
import { vehicleStopped } from "./vehicle-stopped.ts";
import { zoneVisited } from "./zone-visited.ts";

/** The rules that a camera's lines and zones ask for. Each call makes fresh ones: a rule remembers one camera's scenes. */
export const rulesFor = ({ lines, zones }: Pick<SiteCamera, "lines" | "zones">): readonly Rule[] => [
  ...lines.map(lineCrossed),
  ...zones.flatMap(({ stoppedAfter, ...zone }) => [
    zoneVisited(zone),
    ...(stoppedAfter === undefined ? [] : [vehicleStopped({ ...zone, stoppedAfter })]),
  ]),
];
