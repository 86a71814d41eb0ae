import { z } from "zod";
import { AirChannel } from "./air-api.ts";
import { Sentence } from "./sentences/sentence.ts";
import { Instant } from "./unit.ts";

/** How well warnings of an event did on the time kept for testing. */
export const WarningRecord = z.strictObject({
  hits: z.int(),
  misses: z.int(),
  falseAlarms: z.int(),
  /** Probability of detection, false alarm ratio, critical success index; absent when nothing could be counted. */
  pod: z.number().optional(),
  far: z.number().optional(),
  csi: z.number().optional(),
});
export type WarningRecord = z.infer<typeof WarningRecord>;

/** How the forecasts that were really made did in the last 30 days, as far as their hours have come. */
export const LivedRecord = z.strictObject({
  hours: z.int(),
  rmse: z.number(),
  /** Absent when the other made no error at all. */
  skillOverPersistence: z.number().optional(),
  skillOverDampedPersistence: z.number().optional(),
  /** Of ten hours so many lay within the interval. */
  held: z.number(),
  warnings: WarningRecord,
  warningsOfPersistence: WarningRecord,
});
export type LivedRecord = z.infer<typeof LivedRecord>;

/** A forecast for one hour ahead with how good such forecasts have been. */
export const HorizonForecast = z.strictObject({
  horizon: z.int().positive(),
  for: Instant,
  value: z.number(),
  /** Should hold nine of ten; `held` is how many of ten did. */
  low: z.number(),
  high: z.number(),
  held: z.number(),
  rmse: z.number(),
  skillOverPersistence: z.number(),
  skillOverDampedPersistence: z.number(),
  tested: z.int(),
  event: z.number(),
  warnings: WarningRecord,
  warningsOfPersistence: WarningRecord,
  /** Where `event` comes from: the law or index and what it calls it. */
  eventSource: Sentence.optional(),
  /** Absent until the first such hour has come. */
  lived: LivedRecord.optional(),
  /** A warning is given only when the record is better than persistence; else `why` says that it is not. */
  warning: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("issued"), words: Sentence }),
    z.strictObject({ kind: z.literal("not-expected") }),
    z.strictObject({ kind: z.literal("withheld"), why: Sentence }),
  ]),
});
export type HorizonForecast = z.infer<typeof HorizonForecast>;

/** GET /air/forecast?site=&metric=: the newest forecast of each channel, or why there is none. */
export const AirForecast = z.strictObject({
  channels: z.array(
    z.strictObject({
      channel: AirChannel,
      result: z.discriminatedUnion("kind", [
        z.strictObject({
          kind: z.literal("forecast"),
          made: Instant,
          /** The last hour it knew. */
          from: Instant,
          learntUntil: Instant,
          horizons: z.array(HorizonForecast),
          /** What earlier forecasts said for hours that have come since, oldest first. */
          past: z.array(
            z.strictObject({
              for: Instant,
              horizon: z.int(),
              value: z.number(),
              low: z.number(),
              high: z.number(),
              came: z.number().optional(),
            }),
          ),
        }),
        z.strictObject({ kind: z.literal("none"), why: Sentence }),
      ]),
    }),
  ),
});
export type AirForecast = z.infer<typeof AirForecast>;

/** GET /air/anomalies?channel=&from=&to=: hours with their score, 0 usual to 1 never seen, and stretches worth a look. */
export const AirAnomalies = z.strictObject({
  channel: AirChannel,
  scores: z.array(z.strictObject({ at: Instant, score: z.number() })),
  /** `to` is the start of the last unusual hour. `usual` holds eight of ten such hours of the day of the weeks before. */
  stretches: z.array(
    z.strictObject({
      from: Instant,
      to: Instant,
      peak: z.number(),
      words: Sentence,
      /** The most unusual hour and its mean. */
      at: Instant.optional(),
      value: z.number().optional(),
      usual: z.strictObject({ low: z.number(), high: z.number(), hours: z.int(), weekday: z.boolean() }).optional(),
    }),
  ),
});
export type AirAnomalies = z.infer<typeof AirAnomalies>;
