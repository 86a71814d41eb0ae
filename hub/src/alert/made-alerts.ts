import type { Alert, CameraId, CityId, DeviceId, Instant, Place, SensorId, SiteId, ZoneId } from "@openkerb/contract";
import type { HubStep } from "./next.ts";

/** Alerts and steps for tests. */
export const t = (seconds: number): Instant => (1_800_000_000_000 + seconds * 1000) as Instant;

export const place: Place = {
  city: "demo" as CityId,
  site: "mill-road" as SiteId,
  device: "kerb-01" as DeviceId,
  camera: "cam-1" as CameraId,
};
export const bay: Place = { ...place, zone: "bay" as ZoneId };
export const box: Place = { city: place.city, site: place.site, device: place.device };
export const air: Place = { ...box, sensor: "air" as SensorId };

type Coming = Extract<HubStep, { times: number }>;
export const coming = (what: Coming["do"], at: Instant, more: Partial<Coming> = {}): Coming => ({
  do: what,
  id: "a1",
  kind: "camera-down",
  place,
  detail: { trouble: "unreachable" },
  times: 1,
  since: at,
  ...more,
});

export const raised: Alert = {
  id: "a1",
  kind: "camera-down",
  place,
  severity: "warning",
  condition: "active",
  occurrences: 1,
  first: t(0),
  last: t(0),
  detail: { trouble: "unreachable" },
};
