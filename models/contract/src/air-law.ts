import { z } from "zod";
import { SiteId } from "./id.ts";
import { Sentence } from "./sentences/sentence.ts";
import { thirdOctaves } from "./third-octave.ts";
import { Instant } from "./unit.ts";

/** What a law of air or a public index judges. */
export const Pollutant = z.enum(["pm25", "pm10", "o3", "no2", "so2", "co"]);
export type Pollutant = z.infer<typeof Pollutant>;

/** Whose laws a place is judged by. */
export const AirRegion = z.enum(["eu", "us", "cn"]);
export type AirRegion = z.infer<typeof AirRegion>;

export const IndexStandardId = z.enum(["us-2024", "eaqi-2024", "eaqi-2019", "hj633-2026", "hj633-2012"]);
export type IndexStandardId = z.infer<typeof IndexStandardId>;

/** A day of the place, `YYYY-MM-DD`. */
export const Day = z.iso.date();

/** A dated rule set of an index; `classes` best first. No `to` means still in force. */
export const IndexRule = z.strictObject({
  id: IndexStandardId,
  region: AirRegion,
  source: z.string(),
  /** What no text at hand says word by word. */
  unconfirmed: Sentence.optional(),
  from: Day,
  to: Day.optional(),
  classes: z.array(z.string()),
});
export type IndexRule = z.infer<typeof IndexRule>;

/** An index of one moment: by the worst pollutant, or the reason why there is none. */
const indexed = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("index"), index: z.number(), category: z.string(), primary: z.array(Pollutant) }),
  z.strictObject({ kind: z.literal("none"), why: Sentence }),
]);
export const AirIndexMoment = z.strictObject({
  /** Start of the hour or day. */
  at: Instant,
  /** The rule set it was judged by: that day's own, or the one asked for. Absent when none held that day. */
  standard: IndexStandardId.optional(),
  overall: indexed,
  each: z.array(
    z.strictObject({
      pollutant: Pollutant,
      averaging: z.enum(["1h", "8h", "24h", "nowcast"]),
      /** In µg/m³, CO in mg/m³, or as `unit` says. */
      value: z.number().optional(),
      unit: z.string(),
      index: z.number().optional(),
      category: z.string().optional(),
      why: Sentence.optional(),
    }),
  ),
});
export type AirIndexMoment = z.infer<typeof AirIndexMoment>;
/** GET /air/index?site=&span=hour|day&from=&to=&region=|standard=: oldest first. `rules` are those used. */
export const AirIndex = z.strictObject({ site: SiteId, rules: z.array(IndexRule), moments: z.array(AirIndexMoment) });
export type AirIndex = z.infer<typeof AirIndex>;

/** A figure of a law or guideline. Concentrations in µg/m³, CO in mg/m³. */
export const AirLimit = z.strictObject({
  law: z.enum(["eu-2008-50", "eu-2024-2881", "gb-3095-2012", "gb-3095-2026", "who-2021"]),
  pollutant: z.union([Pollutant, z.literal("benzene")]),
  statistic: z.enum(["10min", "15min", "hour", "8h", "mda8", "day", "season", "year"]),
  value: z.number(),
  level: z.enum(["limit", "target", "objective", "grade-1", "grade-2", "aqg", "it-1", "it-2", "it-3", "it-4"]),
  permitted: z.int().optional(),
  from: Day,
  to: Day.optional(),
  /** Title, place and address of the law. */
  source: z.string().optional(),
  /** What about the figure could not be confirmed word by word in the law; absent means nothing. */
  unconfirmed: z.string().optional(),
});
export type AirLimit = z.infer<typeof AirLimit>;
/** GET /air/limits?region=&day=: figures in force that day, to be drawn in charts; WHO's beside them. */
export const AirLimitList = z.strictObject({ limits: z.array(AirLimit) });

const status = z.enum(["provisional", "validated"]);
/** One figure's account of a year. `used` of `permitted` exceedances; a mean of a year stands in `mean` instead. */
export const LedgerRow = z.strictObject({
  limit: AirLimit,
  verdict: z.enum(["within", "exceeded", "not-available"]),
  /** Why there is no verdict, or what it rests on. */
  why: Sentence.optional(),
  used: z.int(),
  permitted: z.int(),
  left: z.int(),
  /** Exceedances that rest on values nobody has validated. */
  provisional: z.int(),
  /** Valid hours or days, of how many there could be until now. */
  valid: z.int(),
  of: z.int(),
  /** Only of yearly and seasonal figures. */
  mean: z.number().optional(),
  /** The same question as a percentile: the limit is kept when this value does not exceed it. */
  percentile: z.strictObject({ percent: z.number(), value: z.number() }).optional(),
  exceedances: z.array(z.strictObject({ at: Instant, value: z.number(), status })),
  /** What a correction or a decision of an officer turned, and why. */
  turned: z.array(
    z.strictObject({
      at: Instant,
      from: z.number().optional(),
      to: z.number().optional(),
      why: Sentence,
      now: z.enum(["counts", "no longer counts"]),
    }),
  ),
});
export type LedgerRow = z.infer<typeof LedgerRow>;
/** Consecutive hours or days above a threshold of warning. */
export const AirEpisode = z.strictObject({
  law: AirLimit.shape.law,
  kind: z.enum(["alert", "information"]),
  pollutant: Pollutant,
  statistic: z.enum(["hour", "day"]),
  threshold: z.number(),
  consecutive: z.int(),
  from: Instant,
  to: Instant,
  length: z.int(),
  peak: z.number(),
  provisional: z.boolean(),
});
export type AirEpisode = z.infer<typeof AirEpisode>;
/**
 * GET /air/ledger?site=&year=&law=: `law` absent means every day by its own law; naming one replays the year under it.
 * `channels` says which channel stood for each pollutant.
 */
export const AirLedger = z.strictObject({
  site: SiteId,
  year: z.int(),
  rows: z.array(LedgerRow),
  episodes: z.array(AirEpisode),
  channels: z.array(z.strictObject({ pollutant: Pollutant, channel: z.int().positive() })),
});
export type AirLedger = z.infer<typeof AirLedger>;

/** One day of noise at a place, levels in dB. */
export const NoiseDayView = z.strictObject({
  day: Day,
  hours: z.int(),
  lday: z.number().optional(),
  levening: z.number().optional(),
  lnight: z.number().optional(),
  lden: z.number().optional(),
  /** Levels exceeded 10, 50 and 90 % of the time. */
  la10: z.number().optional(),
  la50: z.number().optional(),
  la90: z.number().optional(),
  lafmax: z.number().optional(),
  findings: z.array(
    z.strictObject({
      law: z.enum(["who-2018", "gb-3096"]),
      figure: z.string(),
      level: z.number(),
      limit: z.number(),
      exceeded: z.boolean(),
    }),
  ),
});
export type NoiseDayView = z.infer<typeof NoiseDayView>;
/** GET /air/noise?site=&from=YYYY-MM-DD&to=YYYY-MM-DD (both included): `whole` is the energy mean of the period's days. */
export const AirNoise = z.strictObject({
  site: SiteId,
  channel: z.int().positive().optional(),
  hours: z.strictObject({ day: z.int(), evening: z.int(), night: z.int() }),
  source: z.enum(["road", "rail", "aircraft"]),
  place: z.enum(["0", "1", "2", "3", "4a", "4b"]),
  /** What LA10, LA50 and LA90 were taken from: levels of minutes, or what the sensor itself gave by the hour. */
  percentiles: z.enum(["minutes", "sensor"]).optional(),
  days: z.array(NoiseDayView),
  /**
   * Energy means of each third-octave band over the period's hours, dB, unweighted; of the one sensor that has most of
   * them. `tones`: the parts of the day in which a band stands out of its neighbours as a tone does (ISO 1996-2).
   */
  spectrum: z
    .array(
      z.strictObject({
        band: z.enum(thirdOctaves),
        day: z.number().optional(),
        evening: z.number().optional(),
        night: z.number().optional(),
        tones: z.array(z.enum(["day", "evening", "night"])),
      }),
    )
    .optional(),
  whole: NoiseDayView.omit({ day: true }).extend({ days: z.int() }),
});
export type AirNoise = z.infer<typeof AirNoise>;

/** GET /air/association?site=&metric=&from=&to=: hours of a metric beside the traffic counted at the same place. */
export const AirAssociation = z.strictObject({
  site: SiteId,
  channel: z.int().positive().optional(),
  /** Never a cause: the words the answer has to be shown with. */
  words: Sentence,
  result: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("association"),
      hours: z.int(),
      /** Rise of the metric per 100 vehicles an hour, with its 95 % interval. */
      per100: z.number(),
      interval: z.tuple([z.number(), z.number()]),
      correlation: z.number(),
      unit: z.string(),
      /** What was held equal: hour of day, weekday, wind … */
      adjusted: z.array(Sentence),
      windKnown: z.boolean(),
    }),
    z.strictObject({ kind: z.literal("none"), why: Sentence }),
  ]),
  points: z.array(
    z.strictObject({
      at: Instant,
      vehicles: z.number(),
      value: z.number(),
      windSpeed: z.number().optional(),
      windDirection: z.number().optional(),
    }),
  ),
});
export type AirAssociation = z.infer<typeof AirAssociation>;
