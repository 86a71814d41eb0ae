import type { AlertKind, Place } from "@openkerb/contract";

/** What makes two alerts the same one while it is open: the kind and the whole place. Ids hold no slash. */
export const identityOf = (kind: AlertKind, place: Place): string =>
  [kind, place.city, place.site, place.device, place.camera ?? "", place.zone ?? ""].join("/");
