import type { AirRegion, Alert } from "@openkerb/contract";
import { dayMeans, type Mean } from "../air/averages.ts";
import type { Episode, HeldMean } from "../air/exceedance.ts";
import { episodesIn } from "../air/ledger-year.ts";
import { thresholds } from "../air/limits.ts";
import type { LawStore } from "../api/law/law-store.ts";
import { measuredAt, standing } from "../api/law/site-hours.ts";
import type { Channel } from "../store/reading-queries.ts";
import { daySpan, hourSpan } from "../store/store.ts";

/** Something above a threshold of warning right now, as the operator's queue is told of it. */
export type Above = { readonly cause: string; readonly detail: Alert["detail"] };

const lookBack = 5 * daySpan;
const warned = [...new Set(thresholds.map(({ pollutant }) => pollutant))];

/**
 * What lies above the thresholds of warning of the law in force at a place: one thing for each pollutant, an alert before
 * an information. The channel that stands for the pollutant is chosen as in the ledger. `end` is the end of the last hour
 * that is over, `offset` milliseconds east of UTC.
 */
export async function aboveThresholds(
  store: Pick<LawStore, "rollups" | "decisions">,
  channels: readonly Channel[],
  { site, region, offset, end }: { site: string; region: AirRegion; offset: number; end: number },
): Promise<{ readonly channel: Channel; readonly above: Above }[]> {
  const found: { channel: Channel; above: Above }[] = [];
  for (const pollutant of warned) {
    const from = Math.max(0, end - lookBack);
    const one = standing(await measuredAt(store, channels, { site, pollutant, region, from, to: end }));
    if (!one) continue;
    const days = dayMeans(one.hours, region, offset / hourSpan).filter(({ at }) => at + daySpan <= end);
    const held = { hour: provisional(one.hours), day: provisional(days), offset: offset / hourSpan };
    const now = [...drained(episodesIn({ region }, pollutant, held))].filter((e) => isNow(e, end));
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

function drained<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
