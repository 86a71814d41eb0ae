import type { SiteView } from "@openkerb/contract";
import { counted, listed } from "../../words.ts";

/** What a place senses, in one sentence. */
export function sensed(site: SiteView): string {
  const lines = site.cameras.flatMap((c) => c.lines);
  const zones = site.cameras.flatMap((c) => c.zones);
  const parts = [
    ...(lines.length > 0 ? [`steps over ${counted(lines.length, "line")} (${listed(lines.map((l) => l.name))})`] : []),
    ...(zones.length > 0
      ? [`how many are in ${counted(zones.length, "zone")} (${listed(zones.map((z) => z.name))})`]
      : []),
  ];
  if (parts.length === 0) return `${counted(site.cameras.length, "camera")}, nothing counted yet.`;
  return `${counted(site.cameras.length, "camera")} counting ${listed(parts)}: people, bicycles, cars, motorcycles, buses and trucks.`;
}
