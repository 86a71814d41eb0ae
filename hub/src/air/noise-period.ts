import {
  againstGb3096,
  againstWho,
  equivalentLevel,
  type gb3096,
  gb3096Hours,
  type NoiseDay,
  type NoiseFinding,
  type NoiseHours,
  noiseDay,
  periodOf,
} from "./noise-assessment.ts";
import { day, hour } from "./timestamp.ts";

/** What was measured of noise at a place, by the start of each hour. Hours with less than 45 valid minutes are left out. */
export type NoiseHeard = {
  /** LAeq by the hour, dB. */
  readonly laeq: ReadonlyMap<number, number>;
  /** The highest LAF of the hour, dB. */
  readonly lafmax: ReadonlyMap<number, number>;
};
/** How a place's noise is judged. */
export type NoiseRules = {
  readonly hours: NoiseHours;
  readonly source: "road" | "rail" | "aircraft";
  readonly place: keyof typeof gb3096;
  /** Hours east of UTC. */
  readonly offset: number;
};
export type NoiseJudged = NoiseDay & {
  readonly lafmax: number | undefined;
  readonly findings: readonly (NoiseFinding & { readonly law: "who-2018" | "gb-3096" })[];
};

/** Where a clock is half an hour off, its hour is the one of UTC that it begins in. */
const hourOf = (at: number): number => Math.floor(at / hour) * hour;
/**
 * 24 hours of the place that begin with an hour of its day, so that a night is one night and not two halves; the index
 * is the hour of the place.
 */
export const dayFrom = (levels: ReadonlyMap<number, number>, midnight: number, first: number): (number | undefined)[] =>
  Array.from({ length: 24 }, (_, h) => levels.get(hourOf(midnight + h * hour + (h < first ? day : 0))));

/** The hours that a day of noise is made of: from its first morning hour to the next morning. `midnight` is the place's. */
export const noiseSpan = (midnight: number, { hours }: Pick<NoiseRules, "hours">): { from: number; to: number } => ({
  from: hourOf(midnight + hours.day * hour),
  to: hourOf(midnight + hours.day * hour + day),
});

/** LAeq by GB 3096's own day (06–22) and night (22–06), with the loudest LAF of the night. */
function chinese({ laeq, lafmax }: NoiseHeard, midnight: number): NoiseDay & { loudest: number | undefined } {
  const night = dayFrom(lafmax, midnight, gb3096Hours.day).filter(
    (value, h): value is number => value !== undefined && periodOf(h, gb3096Hours) === "night",
  );
  return {
    ...noiseDay(dayFrom(laeq, midnight, gb3096Hours.day), gb3096Hours),
    loudest: night.length === 0 ? undefined : Math.max(...night),
  };
}

const findingsOf = (
  levels: Pick<NoiseDay, "lden" | "lnight">,
  china: Pick<NoiseDay, "lday" | "lnight"> & { loudest: number | undefined },
  { source, place }: NoiseRules,
): NoiseJudged["findings"] => [
  ...againstWho(levels, source).map((finding) => ({ law: "who-2018" as const, ...finding })),
  ...againstGb3096(china, place, china.loudest).map((finding) => ({ law: "gb-3096" as const, ...finding })),
];

/** One day of the place. */
export function noiseOfDay(heard: NoiseHeard, midnight: number, rules: NoiseRules): NoiseJudged {
  const levels = noiseDay(dayFrom(heard.laeq, midnight, rules.hours.day), rules.hours);
  const peaks = dayFrom(heard.lafmax, midnight, rules.hours.day).filter((v) => v !== undefined);
  return {
    ...levels,
    lafmax: peaks.length === 0 ? undefined : Math.max(...peaks),
    findings: findingsOf(levels, chinese(heard, midnight), rules),
  };
}

/**
 * Several days: every level is the energy mean of the days that have it, as the long-term levels of 2002/49/EC are. WHO's
 * guidelines are for a year, so a shorter period shows where it is heading; GB 3096's day and night as well.
 */
export function noiseOfPeriod(
  heard: NoiseHeard,
  midnights: readonly number[],
  days: readonly NoiseJudged[],
  rules: NoiseRules,
): NoiseJudged & { readonly days: number } {
  const china = midnights.map((midnight) => chinese(heard, midnight));
  const mean = <K extends "lday" | "levening" | "lnight" | "lden">(
    key: K,
    of: readonly NoiseDay[],
  ): number | undefined => equivalentLevel(of.flatMap((one) => one[key] ?? []));
  const levels = {
    lday: mean("lday", days),
    levening: mean("levening", days),
    lnight: mean("lnight", days),
    lden: mean("lden", days),
  };
  const highest = (values: readonly (number | undefined)[]): number | undefined =>
    values.reduce((top, v) => (v === undefined ? top : Math.max(top ?? v, v)), undefined);
  return {
    ...levels,
    hours: days.reduce((sum, { hours }) => sum + hours, 0),
    days: days.filter(({ lden }) => lden !== undefined).length,
    lafmax: highest(days.map(({ lafmax }) => lafmax)),
    findings: findingsOf(
      levels,
      {
        lday: mean("lday", china),
        lnight: mean("lnight", china),
        loudest: highest(china.map(({ loudest }) => loudest)),
      },
      rules,
    ),
  };
}
