import { z } from "zod";
import { CityId, DeviceId, SensorId, SiteId } from "./id.ts";
import { ClockQuality, QualityFlag } from "./provenance.ts";
import { Metric, ReferenceState, Unit } from "./reading.ts";
import { Instant, Millis } from "./unit.ts";

/** What one sensor measures at one place in one unit; raw and corrected values are different channels. */
export const AirChannel = z.strictObject({
  id: z.int().positive(),
  site: SiteId,
  device: DeviceId,
  sensor: SensorId,
  metric: Metric,
  unit: Unit,
  reference: ReferenceState.optional(),
  correction: z.string().optional(),
});
export type AirChannel = z.infer<typeof AirChannel>;

/** GET /air/stations: places with sensors, and what each channel said last. */
export const AirStation = z.strictObject({
  city: CityId.optional(),
  site: SiteId,
  name: z.string(),
  position: z.strictObject({ latitude: z.number(), longitude: z.number() }).optional(),
  channels: z.array(
    z.strictObject({
      channel: AirChannel,
      /** Start of the first hour kept. */
      first: Instant.optional(),
      count: z.int(),
      latest: z
        .strictObject({ at: Instant, averaging: Millis, value: z.number(), quality: QualityFlag, clock: ClockQuality })
        .optional(),
    }),
  ),
});
export type AirStation = z.infer<typeof AirStation>;
export const AirStationList = z.strictObject({
  /** Hours east of UTC by which this city's days and hours are told, the same all year. */
  utcOffset: z.number().min(-12).max(14).multipleOf(0.25),
  stations: z.array(AirStation),
});

/** Part of a chart's line: `mean`, `min` and `max` of readings with the flags 1, 2 and 3, absent when there is none. */
export const AirBin = z.strictObject({
  from: Instant,
  span: Millis,
  mean: z.number().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  /** Part of the bin that valid readings cover, 0 to 1. */
  coverage: z.number().min(0).max(1),
  /** Readings by QARTOD flag. */
  flags: z.strictObject({ "1": z.int(), "2": z.int(), "3": z.int(), "4": z.int(), "9": z.int() }),
});
export type AirBin = z.infer<typeof AirBin>;

/** GET /air/series?site=&metric=&sensor=&from=&to=&points=: one line per channel, bins without readings left out. */
export const AirSeries = z.strictObject({
  lines: z.array(z.strictObject({ channel: AirChannel, bins: z.array(AirBin) })),
});
export type AirSeries = z.infer<typeof AirSeries>;
