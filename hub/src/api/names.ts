import type { Birth, CityId, Place } from "@openkerb/contract";
import type { Names } from "../alert/words.ts";
import type { SiteFile } from "../site-files.ts";

/** Names from the site files first, from what the boxes say second, and the id when nobody said more. */
export function namesOf(sites: readonly SiteFile[], births: readonly { city: CityId; birth: Birth }[]): Names {
  const site = (place: Place) => sites.find((s) => s.site.site === place.site)?.site;
  const birth = (place: Place) => births.find((b) => b.birth.device === place.device)?.birth;
  const cameras = (place: Place) => [...(site(place)?.cameras ?? []), ...(birth(place)?.cameras ?? [])];
  return {
    site: (place) => site(place)?.name ?? place.site,
    camera: (place) =>
      cameras(place).find((c) => c.id === place.camera)?.name ?? `Camera ${place.camera ?? "without a name"}`,
    zone: (place) =>
      cameras(place)
        .flatMap((c) => c.zones)
        .find((z) => z.id === place.zone)?.name ?? `zone ${place.zone ?? "without a name"}`,
    sensor: (place) =>
      [...(site(place)?.sensors ?? []), ...(birth(place)?.sensors ?? [])].find((s) => s.id === place.sensor)?.name ??
      place.sensor ??
      "without a name",
  };
}
