import { asWritten, type Instant, type Sentence, say, sayAll } from "@openkerb/contract";
import { type CorrectedSpan, correctionSpans } from "../../store/correction-spans.ts";
import type { Database } from "../../store/database.ts";
import type { Queries } from "../../store/queries.ts";
import { effectiveFlag } from "../../store/reading-flags.ts";
import { flagReader } from "../../store/reading-overlay.ts";
import { addReading, meanOf, noReadings } from "../../store/reading-rollup.ts";
import { reviewTable } from "../../store/review-table.ts";
import { hourSpan } from "../../store/store.ts";
import { lapsedHours } from "../../store/validation-lapses.ts";
import { validationTable } from "../../store/validation-table.ts";

/** An hour as it would be without the decisions of officers, in the channel's unit. */
export type UndecidedHour = {
  readonly from: number;
  readonly mean?: number;
  readonly coverage: number;
  /** The reasons officers gave. */
  readonly why: Sentence;
};
export type Decisions = {
  /** Stretches that somebody stands for now, without hours that have changed after that: nobody has seen those. */
  readonly validations: readonly { readonly from: number; readonly to: number }[];
  readonly hours: readonly UndecidedHour[];
  /** When a correction of the hub made the values of this channel. */
  readonly corrected: readonly CorrectedSpan[];
};

/** The most readings of one hour: one a second. */
const mostOfAnHour = 3600;
const mostReasons = 10_000;

/** What officers decided about a channel, and what its hours were before. */
export function decisionReader(
  database: Database,
  here: Pick<Queries, "channels" | "readings">,
): (channel: number, from: number, to: number) => Decisions {
  const flags = flagReader(database);
  const validations = validationTable(database);
  const reviews = reviewTable(database);
  const spans = correctionSpans(database);
  const lapsed = lapsedHours(database);
  return (channel, from, to) => {
    const metric = here.channels().find(({ id }) => id === channel)?.metric;
    const corrected = spans(channel);
    const ranges = flags(channel, from, to);
    const decided = ranges.filter(({ decision }) => decision > 0);
    const stands = validations.list(channel).filter(({ withdrawn }) => withdrawn === undefined);
    const standing = stands.flatMap((v) => {
      const [first, last] = [Math.max(v.from, from), Math.min(v.to, to)];
      return without({ from: v.from, to: v.to }, first < last ? lapsed(v.id, first, last) : []);
    });
    if (metric === undefined || decided.length === 0) return { validations: standing, hours: [], corrected };
    const reasons = new Map(reviews.audit({ channel, limit: mostReasons }).map((entry) => [entry.id, entry]));
    const asTested = effectiveFlag(ranges.filter(({ decision }) => decision === 0));
    const starts = new Set<number>();
    for (const { start, stop } of decided)
      for (let at = Math.max(from, start - (start % hourSpan)); at < Math.min(stop, to); at += hourSpan) starts.add(at);
    const hours = [...starts]
      .sort((a, b) => a - b)
      .map((start): UndecidedHour => {
        const rollup = noReadings();
        const page = { from: start as Instant, to: (start + hourSpan - 1) as Instant, limit: mostOfAnHour, skip: 0 };
        for (const { at, value, averaging, device } of here.readings({ channel, ...page, newestFirst: false }))
          addReading(rollup, metric, { value, averaging, quality: asTested(at, device) });
        const mean = meanOf(rollup, metric);
        const because = decided.flatMap(({ start: first, stop, decision }) => {
          const entry = first < start + hourSpan && stop > start ? reasons.get(decision) : undefined;
          if (!entry) return [];
          const { reason, words, by } = entry;
          return [reason === undefined ? say("ledger.decided", { words, by }) : asWritten(`${reason} (${by})`)];
        });
        return {
          from: start,
          ...(mean !== undefined && { mean }),
          coverage: Math.min(1, rollup.covered / hourSpan),
          why: because.length === 0 ? say("ledger.decided-by-somebody") : sayAll([...new Set(because)]),
        };
      });
    return { validations: standing, hours, corrected };
  };
}

/** A stretch without some hours, as the stretches that are left. */
function without(stretch: { from: number; to: number }, hours: readonly number[]): { from: number; to: number }[] {
  const left: { from: number; to: number }[] = [];
  let from = stretch.from;
  for (const hour of [...new Set(hours)].sort((a, b) => a - b)) {
    if (hour > from) left.push({ from, to: hour });
    from = Math.max(from, hour + hourSpan);
  }
  if (from < stretch.to) left.push({ from, to: stretch.to });
  return left;
}
