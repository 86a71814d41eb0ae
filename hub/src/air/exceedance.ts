import type { Sentence } from "@openkerb/contract";
import { compare, fraction, halfEven, plus, times, truncated } from "./fraction.ts";
import type { Limit, Threshold } from "./limits.ts";
import { day, hour } from "./timestamp.ts";

/** A mean as an officer holds it: provisional until it is validated, with what it was before a correction and why. */
export type HeldMean = {
  readonly at: number;
  readonly value: number | undefined;
  readonly status: "provisional" | "validated";
  readonly before?: { readonly value: number | undefined; readonly why: Sentence };
};

export type Exceedance = {
  readonly at: number;
  readonly value: number;
  readonly status: HeldMean["status"];
};
/** A mean whose correction moved it over or under the limit. */
export type Turned = {
  readonly at: number;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly why: Sentence;
  readonly now: "counts" | "no longer counts";
};
export type Ledger = {
  readonly limit: Limit;
  readonly year: number;
  readonly exceedances: readonly Exceedance[];
  readonly used: number;
  readonly permitted: number;
  /** How many more the year may have; never below zero. */
  readonly left: number;
  readonly verdict: "within" | "exceeded";
  /** The verdict may still change: it rests on means that nobody has validated. */
  readonly provisional: number;
  readonly valid: number;
  readonly turned: readonly Turned[];
};

const placesOf = (value: number): number => String(value).split(".")[1]?.length ?? 0;

/**
 * Whether a mean exceeds a limit. It is first rounded to the limit's own precision, as the last step and once: a half
 * upwards in Europe, half to even in China (GB/T 8170). CO is stated to 0.1 mg/m³ in China. Equal is not exceeded.
 */
export function exceeds(value: number, limit: Pick<Limit, "law" | "pollutant" | "value">): boolean {
  // Far from the limit nothing depends on rounding.
  if (value <= limit.value) return false;
  if (value > limit.value + 1) return true;
  const china = limit.law.startsWith("gb-");
  const places = china && limit.pollutant === "co" ? 1 : placesOf(limit.value);
  const exact = fraction(value);
  const half = times(fraction("0.5"), fraction(`1e-${places}`));
  const rounded = china ? halfEven(exact, places) : value >= 0 ? truncated(plus(exact, half), places) : exact;
  return compare(rounded, fraction(limit.value)) > 0;
}

/** The year's account of a limit: what was used of the permitted exceedances, what is left, what a correction turned. */
export function ledgerOf(limit: Limit, year: number, means: readonly HeldMean[], offset = 0): Ledger {
  const own = means.filter(({ at }) => new Date(at + offset * hour).getUTCFullYear() === year);
  const counts = (value: number | undefined) => value !== undefined && exceeds(value, limit);
  const over = own.filter(({ value }) => counts(value));
  const permitted = limit.permitted ?? 0;
  return {
    limit,
    year,
    exceedances: over.map(({ at, value, status }) => ({ at, value: value!, status })),
    used: over.length,
    permitted,
    left: Math.max(0, permitted - over.length),
    verdict: over.length > permitted ? "exceeded" : "within",
    provisional: over.filter(({ status }) => status === "provisional").length,
    valid: own.filter(({ value }) => value !== undefined).length,
    turned: own.flatMap(({ at, value, before }) =>
      before && counts(before.value) !== counts(value)
        ? [{ at, from: before.value, to: value, why: before.why, now: counts(value) ? "counts" : "no longer counts" }]
        : [],
    ),
  };
}

/** A run of consecutive hours or days above a warning threshold. */
export type Episode = {
  readonly threshold: Threshold;
  readonly from: number;
  /** Start of its last hour or day. */
  readonly to: number;
  readonly length: number;
  readonly peak: number;
  readonly provisional: boolean;
};

/** Episodes of a threshold, oldest first. A missing hour breaks a run: nobody may be warned on what was not measured. */
export function episodesOf(threshold: Threshold, means: readonly HeldMean[]): Episode[] {
  const step = threshold.statistic === "hour" ? hour : day;
  const episodes: Episode[] = [];
  let run: HeldMean[] = [];
  const close = () => {
    if (run.length >= threshold.consecutive)
      episodes.push({
        threshold,
        from: run[0]!.at,
        to: run.at(-1)!.at,
        length: run.length,
        peak: run.reduce((top, { value }) => Math.max(top, value!), Number.NEGATIVE_INFINITY),
        provisional: run.some(({ status }) => status === "provisional"),
      });
    run = [];
  };
  for (const mean of [...means].sort((a, b) => a.at - b.at)) {
    if (run.length > 0 && mean.at - run.at(-1)!.at !== step) close();
    if (mean.value !== undefined && exceeds(mean.value, threshold)) run.push(mean);
    else close();
  }
  close();
  return episodes;
}
