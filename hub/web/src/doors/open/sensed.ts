import type { SiteView } from "@openkerb/contract";
import { texts } from "../../language/language.ts";
import { listed } from "../../words.ts";
import * as said from "./texts.ts";

/** What a place senses, in one sentence. */
export function sensed(site: SiteView): string {
  const say = texts(said);
  const lines = site.cameras.flatMap((c) => c.lines);
  const zones = site.cameras.flatMap((c) => c.zones);
  const parts = [
    ...(lines.length > 0 ? [say.overLines(lines.length, listed(lines.map((l) => l.name)))] : []),
    ...(zones.length > 0 ? [say.inZones(zones.length, listed(zones.map((z) => z.name)))] : []),
  ];
  if (parts.length === 0) return say.nothingCounted(site.cameras.length);
  return say.sensed(site.cameras.length, listed(parts));
}
