import type { AlertKind, Place } from "@openkerb/contract";

/**
 * What makes two alerts the same one while it is open: the kind and the whole place. Ids hold no slash. A sensor comes
 * last and only where there is one, because identities are stored and those of older alerts have none.
 */
export const identityOf = (kind: AlertKind, place: Place): string =>
  [
    ...[kind, place.city, place.site, place.device, place.camera ?? "", place.zone ?? ""],
    ...(place.sensor === undefined ? [] : [place.sensor]),
  ].join("/");
