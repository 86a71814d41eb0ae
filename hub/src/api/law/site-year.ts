import type { AirRegion, Instant, Pollutant } from "@openkerb/contract";
import { ozoneSummer, type Region, yearShortfall } from "../../air/averages.ts";
import { type Exceedance, exceeds } from "../../air/exceedance.ts";
import { heldMeans } from "../../air/held-means.ts";
import type { Limit } from "../../air/limits.ts";
import { statisticsOf } from "../../air/statistics.ts";
import { day, hour } from "../../air/timestamp.ts";
import type { YearOfPollutant } from "../../air/year-account.ts";
import type { Channel } from "../../store/reading-queries.ts";
import { covers } from "./covers.ts";
import { inSlices } from "./in-slices.ts";
import type { LawStore } from "./law-store.ts";
import { reviewOf } from "./reviewed-hours.ts";
import { inChannelUnit, type Measured, measuredAt, standing } from "./site-hours.ts";

export type SiteYear = {
  readonly site: string;
  readonly year: number;
  readonly region: AirRegion;
  /** Hours east of UTC. */
  readonly offset: number;
  /** End of the last whole hour. */
  readonly until: number;
};

const startOf = (year: number, offset: number): number => Date.UTC(year, 0, 1) - offset * hour;

/** Days above the target for ozone in the two years before, of those whose summer was measured. */
async function earlierDays(
  store: LawStore,
  channels: readonly Channel[],
  channel: Channel,
  { year, region, offset, ...of }: SiteYear,
  target: number,
): Promise<number[]> {
  const counts: number[] = [];
  for (const before of [year - 1, year - 2]) {
    const from = startOf(before, offset);
    const to = startOf(before + 1, offset);
    const span = { site: of.site, pollutant: "o3" as const, region, from: from - 7 * hour, to };
    const own = (await measuredAt(store, channels, span)).find((m) => m.channel.id === channel.id);
    if (!own || own.valid === 0) continue;
    const { mda8 } = await inSlices(statisticsOf(own.hours, { from, region, offset, eightHours: true }));
    const days = mda8.flatMap((mean) => (mean.kind === "value" ? [mean.value] : []));
    if (yearShortfall(mda8, { year: before, rule: ozoneSummer, expected: 0, offset }) !== undefined) continue;
    counts.push(days.filter((value) => exceeds(value, { law: "eu-2008-50", pollutant: "o3", value: target })).length);
  }
  return counts;
}

/** Means of 10 or 15 minutes above a figure. Only days with a reading above it can have one, so only those are read. */
async function shortMeans(
  store: LawStore,
  channel: Channel,
  { year, region, offset, until }: SiteYear,
  { limit, minutes, validated }: { limit: Limit; minutes: 10 | 15; validated: (from: number, to: number) => boolean },
): Promise<Exceedance[] | undefined> {
  const newest = (await store.channelStates()).find((state) => state.channel.id === channel.id)?.latest;
  const figure = inChannelUnit(channel, limit.pollutant as Pollutant, region, limit.value);
  if (!newest || newest.averaging > minutes * 60_000 || figure === undefined) return undefined;
  const found: Exceedance[] = [];
  const from = startOf(year, offset);
  const days = await store.rollups(channel.id, "day", (from - (from % day)) as Instant, until as Instant);
  const { site, device, sensor, metric } = channel;
  const end = startOf(year + 1, offset);
  for (const { from: at, max } of days) {
    if (max === undefined || max <= figure) continue;
    // Whole days of UTC, so that the bins are 10 or 15 minutes long.
    const whole = { from: at, to: (at + day) as Instant, points: 1440 / minutes };
    const lines = await store.chart({ site, device, sensor, metric, ...whole });
    for (const bin of lines.find((line) => line.channel.id === channel.id)?.bins ?? []) {
      if (bin.from < from || bin.from >= end || bin.mean === undefined || bin.coverage < 0.75) continue;
      const value = (bin.mean / figure) * limit.value;
      if (!exceeds(value, limit)) continue;
      const stands = validated(bin.from, bin.from + minutes * 60_000);
      found.push({ at: bin.from, value, status: stands ? "validated" : "provisional" });
    }
  }
  return found;
}

/** One pollutant's year at a place, and the channel that stands for it; nothing when nothing was measured. */
export async function yearOfPollutant(
  store: LawStore,
  channels: readonly Channel[],
  pollutant: Pollutant,
  of: SiteYear,
  figures: readonly Limit[],
): Promise<{ readonly measured: Measured; readonly year: YearOfPollutant } | undefined> {
  const { site, year, region, offset, until } = of;
  const from = startOf(year, offset);
  const span = { site, pollutant, region, from: from - 7 * hour, to: Math.min(until, startOf(year + 1, offset)) };
  const measured = standing(await measuredAt(store, channels, span));
  if (!measured) return undefined;
  const review = await reviewOf(store, channels, measured, span);
  const of8h = { from, region: region as Region, offset, eightHours: pollutant === "o3" || pollutant === "co" };
  const now = await inSlices(statisticsOf(measured.hours, of8h));
  const was = review.before && (await inSlices(statisticsOf(review.before.hours, of8h)));
  const validated = covers(review.validations);
  const held = (statistic: "hour" | "day" | "mda8") =>
    heldMeans(now[statistic], statistic === "hour" ? hour : day, {
      validated,
      ...(was && review.before && { before: { means: was[statistic], why: review.before.why } }),
    });
  const target = figures.find((f) => f.level === "target" && f.pollutant === "o3" && f.statistic === "mda8");
  const briefly = async (statistic: "10min" | "15min") => {
    const limit = figures.find((f) => f.statistic === statistic);
    return (
      limit && shortMeans(store, measured.channel, of, { limit, minutes: statistic === "10min" ? 10 : 15, validated })
    );
  };
  const [tens, fifteens] = [await briefly("10min"), await briefly("15min")];
  return {
    measured,
    year: {
      year,
      offset,
      until,
      region: region as Region,
      hour: held("hour"),
      day: held("day"),
      mda8: held("mda8"),
      short: { ...(tens && { "10min": tens }), ...(fifteens && { "15min": fifteens }) },
      earlier: target ? await earlierDays(store, channels, measured.channel, of, target.value) : [],
    },
  };
}
