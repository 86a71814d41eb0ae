import { z } from "zod";

const slug = z.string().regex(/^[a-z0-9-]{1,32}$/, "use 1 to 32 of a-z, 0-9 and -");

/** Names that stand in topics, files and links. One alphabet for all, so that none needs escaping anywhere. */
export const CityId = slug.brand<"CityId">();
export type CityId = z.infer<typeof CityId>;
export const SiteId = slug.brand<"SiteId">();
export type SiteId = z.infer<typeof SiteId>;
export const DeviceId = slug.brand<"DeviceId">();
export type DeviceId = z.infer<typeof DeviceId>;
export const CameraId = slug.brand<"CameraId">();
export type CameraId = z.infer<typeof CameraId>;
export const SensorId = slug.brand<"SensorId">();
export type SensorId = z.infer<typeof SensorId>;
export const LineId = slug.brand<"LineId">();
export type LineId = z.infer<typeof LineId>;
export const ZoneId = slug.brand<"ZoneId">();
export type ZoneId = z.infer<typeof ZoneId>;

/** A random id (16 hex digits) made when an outbox is created; sequences count from 1 within it. */
export const Epoch = z
  .string()
  .regex(/^[0-9a-f]{16}$/, "an epoch is 16 hex digits")
  .brand<"Epoch">();
export type Epoch = z.infer<typeof Epoch>;

/** The place of an item in its epoch, from 1, without holes. */
export const Sequence = z.int().positive().brand<"Sequence">();
export type Sequence = z.infer<typeof Sequence>;
