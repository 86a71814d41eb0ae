import type { Sentence } from "@openkerb/contract";
import type { Mean } from "./averages.ts";
import type { HeldMean } from "./exceedance.ts";

/** What an officer stood for, and what was there before a correction or a decision. */
export type Review = {
  /** Whether somebody validated every moment of that time. */
  validated(from: number, to: number): boolean;
  /** The same statistic from values as they first came, by its start; nothing when nothing was changed. */
  readonly before?: { readonly means: readonly Mean[]; why(from: number, to: number): Sentence };
};

const there = (mean: Mean | undefined): number | undefined => (mean?.kind === "value" ? mean.value : undefined);

/** Means as they stand in a ledger, `span` long each: provisional until validated, with what they were before. */
export function heldMeans(means: readonly Mean[], span: number, { validated, before }: Review): HeldMean[] {
  const earlier = before && new Map(before.means.map((mean) => [mean.at, mean]));
  return means.map((mean) => {
    const to = mean.at + span;
    const was = there(earlier?.get(mean.at));
    const now = there(mean);
    return {
      at: mean.at,
      value: now,
      status: validated(mean.at, to) ? "validated" : "provisional",
      ...(before && earlier && was !== now && { before: { value: was, why: before.why(mean.at, to) } }),
    };
  });
}
