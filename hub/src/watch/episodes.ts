import { type AirRegion, type Alert, Pollutant } from "@openkerb/contract";
import { dayMeans, type Mean } from "../air/averages.ts";
import type { Episode, HeldMean } from "../air/exceedance.ts";
import { type IndexInput, indexMoments, leadOf } from "../air/index-moments.ts";
import { episodesIn } from "../air/ledger-year.ts";
import { thresholds } from "../air/limits.ts";
import { inSlices } from "../api/law/in-slices.ts";
import type { LawStore } from "../api/law/law-store.ts";
import { measuredAt, standing, unitOfChannel } from "../api/law/site-hours.ts";
import type { Channel } from "../store/reading-queries.ts";
import { daySpan, hourSpan } from "../store/store.ts";

/** Something above a threshold of warning right now, as the operator's queue is told of it. */
export type Above = { readonly cause: string; readonly detail: Alert["detail"] };

type Found = { readonly channel: Channel; readonly above: Above };

const lookBack = 5 * daySpan;
const warned = [...new Set(thresholds.map(({ pollutant }) => pollutant))];

/**
 * Levels of the index from which people are told, where a region's law has no thresholds of concentrations for that. US:
 * above 100 sensitive groups have to be named (40 CFR Part 58 Appendix G, 64 FR 42530), above 150 the air is unhealthy
 * for everybody (EPA-454/B-24-002, table 6). China: heavily polluted above 200, severely above 300 (HJ 633, both
 * editions).
 */
const indexLevels = { us: { information: 100, alert: 150 }, cn: { information: 200, alert: 300 } } as const;
/** Hours of the index looked at: that of ozone in the US is a regression for each hour. */
const indexHours = 6;

type Wish = { readonly site: string; readonly region: AirRegion; readonly offset: number; readonly end: number };

/**
 * What lies above the thresholds of warning at a place right now, by the region's own rules; one thing for each
 * pollutant, an alert before an information.
 */
export const aboveNow = (
  store: Pick<LawStore, "rollups" | "decisions">,
  channels: readonly Channel[],
  wish: Wish,
): Promise<Found[]> =>
  wish.region === "eu"
    ? aboveThresholds(store, channels, wish)
    : aboveLevels(store, channels, wish, indexLevels[wish.region]);

/** The sub-index of each pollutant by the index in force, hour by hour: it is what the pages show. */
async function aboveLevels(
  store: Pick<LawStore, "rollups" | "decisions">,
  channels: readonly Channel[],
  { site, region, offset, end }: Wish,
  levels: { readonly information: number; readonly alert: number },
): Promise<Found[]> {
  const by = { region };
  const from = Math.max(0, end - indexHours * hourSpan);
  const inputs: IndexInput[] = [];
  const spoken = new Map<Pollutant, Channel>();
  for (const pollutant of Pollutant.options) {
    const one = standing(
      await measuredAt(store, channels, { site, pollutant, from: Math.max(0, from - leadOf(by)), to: end }),
    );
    const unit = one && unitOfChannel(one.channel);
    if (!one || !unit) continue;
    inputs.push({ pollutant, unit, hours: one.hours });
    spoken.set(pollutant, one.channel);
  }
  const wish = { span: "hour", from, to: end, offset: offset / hourSpan, by, station: "background" } as const;
  const moments = await inSlices(indexMoments(inputs, wish));
  const found: Found[] = [];
  for (const [pollutant, channel] of spoken) {
    const indices = moments.map(({ at, each }) => ({
      at,
      index: Math.max(
        0,
        ...each.flatMap((p) => (p.pollutant === pollutant && p.verdict.kind === "index" ? [p.verdict.index] : [])),
      ),
    }));
    // The last hour that has an index; one may come in a little late.
    const now = indices.findLast(({ index }) => index > 0);
    if (!now || now.at + 3 * hourSpan < end) continue;
    const kind = now.index > levels.alert ? "alert" : now.index > levels.information ? "information" : undefined;
    if (!kind) continue;
    const run = indices.slice(0, indices.indexOf(now) + 1);
    const length = run.length - 1 - run.findLastIndex(({ index }) => index <= levels[kind]);
    found.push({
      channel,
      above: {
        cause: `${pollutant} ${kind}`,
        detail: {
          ...{ pollutant, kind, statistic: "hour", index: region, threshold: levels[kind], length },
          peak: Math.max(...run.slice(-length).map(({ index }) => index)),
        },
      },
    });
  }
  return found;
}

/**
 * What lies above the thresholds of warning of the law in force at a place: one thing for each pollutant, an alert before
 * an information. The channel that stands for the pollutant is chosen as in the ledger. `end` is the end of the last hour
 * that is over, `offset` milliseconds east of UTC.
 */
async function aboveThresholds(
  store: Pick<LawStore, "rollups" | "decisions">,
  channels: readonly Channel[],
  { site, region, offset, end }: Wish,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const pollutant of warned) {
    const from = Math.max(0, end - lookBack);
    const one = standing(await measuredAt(store, channels, { site, pollutant, region, from, to: end }));
    if (!one) continue;
    const days = dayMeans(one.hours, region, offset / hourSpan).filter(({ at }) => at + daySpan <= end);
    const held = { hour: provisional(one.hours), day: provisional(days), offset: offset / hourSpan };
    const now = (await inSlices(episodesIn({ region }, pollutant, held))).filter((e) => isNow(e, end));
    const worst = now.find(({ threshold }) => threshold.kind === "alert") ?? now[0];
    if (worst) found.push({ channel: one.channel, above: told(worst) });
  }
  return found;
}

/** An hour may come in a little late, and a day is known until the next one is over. */
const isNow = ({ threshold, to }: Episode, end: number): boolean =>
  threshold.statistic === "hour" ? to + 2 * hourSpan >= end : to + 2 * daySpan + 2 * hourSpan >= end;

const provisional = (means: readonly Mean[]): HeldMean[] =>
  means.map((mean) => ({
    at: mean.at,
    value: mean.kind === "value" ? mean.value : undefined,
    status: "provisional",
  }));

function told({ threshold, length, peak }: Episode): Above {
  const { kind, pollutant, statistic, value, consecutive, law } = threshold;
  return {
    cause: `${pollutant} ${kind}`,
    detail: {
      pollutant,
      kind,
      statistic,
      threshold: value,
      consecutive,
      law,
      length,
      peak: Number(peak.toPrecision(4)),
    },
  };
}
