import {
  type AirAuditEntry,
  type Instant,
  type QualityFlag,
  type ReviewDecision,
  type ReviewItem,
  type Sentence,
  say,
  type Validation,
} from "@openkerb/contract";
import { redactReason } from "../redact/redact.ts";
import type { DriftDays } from "../store/drift-waiting.ts";
import { driftDays, type TestedHour } from "../store/quality-queries.ts";
import type { Channel } from "../store/reading-queries.ts";
import { rollupRows } from "../store/reading-recompute.ts";
import { countOf } from "../store/reading-rollup.ts";
import { rollupStep } from "../store/reading-rows.ts";
import { type ReviewRow, type ReviewTable, reviewTable } from "../store/review-table.ts";
import type { SqliteStore } from "../store/sqlite-store.ts";
import { daySpan, hourSpan } from "../store/store.ts";
import { type ValidationTable, validationTable } from "../store/validation-table.ts";

export type Decided =
  | { readonly kind: "done" }
  | { readonly kind: "unknown" }
  /** It does not fit any more; `why` is for people. */
  | { readonly kind: "refused"; readonly why: Sentence }
  /** It is not any more what the person saw. */
  | { readonly kind: "changed"; readonly why: Sentence };

/** Hours whose tests have run, and who must be told. */
export type Tested = {
  readonly channel: Pick<Channel, "id" | "metric">;
  readonly hours: readonly TestedHour[];
  /** Those of them that have new readings, and how far tests of later hours look back on them, milliseconds. */
  readonly fresh: ReadonlySet<number>;
  readonly reach: number;
  /** Hours that came late, so that comparing with them comes out differently for these channels. */
  readonly late: ReadonlySet<number>;
  readonly beside: readonly number[];
  /** Channels whose drift is judged by these hours, up to the day (number since 1970) that was judged last. */
  readonly drift: readonly number[];
  readonly judged: number;
};

/**
 * Where tests and officers change what readings are worth: flags, rollups, items, decisions and the audit log change in
 * one transaction. Synchronous, so that no two decisions ever cross.
 */
export type ReviewDesk = {
  /** Takes in what tests found. Hours that changed meanwhile go on waiting; those without their raw readings stay. */
  take(tested: Tested): void;
  /** Days of these whose drift was judged otherwise now are tested again; the others up to `to` (not included) are done. */
  rejudge(days: DriftDays, to: number, turned: readonly number[]): void;
  /** These hours need no tests. */
  pass(channel: number, hours: readonly number[]): void;
  /** Where stretches of doubts must end between two times, because something was decided there. */
  cuts(channel: number, from: number, to: number): number[];
  decide(id: number, decision: ReviewDecision, channel: Channel, at: Instant, by: string): Decided;
  validate(validation: Validation, channel: Channel, at: Instant, by: string): Decided;
  withdraw(id: number, reason: string, at: Instant, by: string): Decided;
  /** Writes down what somebody does beside these; the number of the entry. */
  note(entry: Omit<AirAuditEntry, "id">): number;
  readonly items: Pick<ReviewTable, "item" | "list" | "countOpen" | "audit" | "history">;
  readonly validations: Pick<ValidationTable, "of" | "list">;
};

/** Whether the flags of an hour changed, and whether what is doubted in it or the tests that speak did. */
type Change = { readonly changed: boolean; readonly anew: boolean };

/** Ends a transaction whose raw readings are gone: nothing of it may stay. */
class RawGone extends Error {}

const flagWord = (flag: QualityFlag): Sentence => say(`flag.${flag}`);
function said({ decision }: ReviewRow): Sentence {
  if (!decision) return say("review.decided-before");
  const { by, at, flag, reason } = decision;
  const [day = "", clock = ""] = new Date(at).toISOString().slice(0, 16).split("T");
  const decided = { by, day, clock, flag: flagWord(flag) };
  return reason === undefined ? say("review.decided", decided) : say("review.decided-because", { ...decided, reason });
}

export function openReviewDesk(store: Pick<SqliteStore, "database" | "care" | "atOnce">): ReviewDesk {
  const { database, care, atOnce } = store;
  const table = reviewTable(database);
  const validations = validationTable(database);
  const rows = rollupRows(database);
  const anyHour = database.prepare<[number, number], object>(
    "SELECT 1 FROM hour_rollups WHERE id >= ? AND id < ? LIMIT 1",
  );

  const takeHour = (channel: Tested["channel"], { hour, count, raw, doubts }: TestedHour): "wait" | Change => {
    const now = rows.hour(channel.id, hour);
    if ((now ? countOf(now) : 0) !== count) return "wait";
    if (raw !== count || count === 0) return { changed: false, anew: false };
    const settled = table.decided(channel.id, hour, hour + hourSpan);
    // Decided between the question and its answer: the stretch is cut there the next time.
    const crossing = doubts.some((d) =>
      settled.some((s) => s.start < d.stop && s.stop > d.start && !(s.start <= d.start && s.stop >= d.stop)),
    );
    if (crossing) return "wait";
    const changed = care.overlay.test(channel.id, hour, doubts);
    const anew = table.putDoubts(channel.id, hour, hour + hourSpan, doubts, settled);
    return { changed, anew };
  };

  /** What an item's readings are worth from now on. */
  const settle = (item: ReviewRow, decision: ReviewDecision, channel: Channel, line: number): void => {
    if (decision.do === "accept") {
      // What the tests said stays, whatever later tests may say of readings that come in late.
      for (const { start, stop, flag } of table.doubtsOf(item))
        care.overlay.decide(channel.id, { start, stop, flag, decision: line, replaces: false });
      return;
    }
    const { from: start, to: stop } = item;
    care.overlay.decide(channel.id, { start, stop, flag: decision.flag, decision: line, replaces: true });
    const hours: number[] = [];
    for (let at = start - (start % hourSpan); at < stop; at += hourSpan) hours.push(at);
    if (care.recompute(channel.id, channel.metric, hours, "officer").gone.length > 0) throw new RawGone();
  };

  return {
    items: table,
    validations,
    cuts: (channel, from, to) => table.decided(channel, from, to).flatMap((s) => [s.start, s.stop]),
    take({ channel, hours, fresh, reach, late, beside, drift, judged }) {
      atOnce(() => {
        // First those that come after; what is among the tested ones is done below.
        for (const { hour } of hours) if (fresh.has(hour)) care.waiting.addAfter(channel.id, hour, reach);
        const changed: number[] = [];
        const anew: number[] = [];
        for (const tested of hours) {
          const outcome = takeHour(channel, tested);
          if (outcome === "wait") continue;
          if (outcome.changed) changed.push(tested.hour);
          if (outcome.anew) anew.push(tested.hour);
          care.waiting.done(channel.id, tested.hour);
          if (late.has(tested.hour)) for (const other of beside) care.waiting.addBeside(other, tested.hour);
        }
        // Drift looks back on whole days: what came late may turn the judgement of every day after it.
        for (const day of new Set(hours.flatMap((h) => (late.has(h.hour) ? [Math.floor(h.hour / daySpan)] : []))))
          if (day < judged)
            for (const id of drift)
              care.drift.add({ channel: id, first: day + 1, last: Math.min(judged, day + driftDays) });
        if (anew.length > 0) table.regroup(channel.id, Math.min(...anew), Math.max(...anew) + hourSpan);
        care.recompute(channel.id, channel.metric, changed, "tests");
      });
    },
    rejudge: (days, to, turned) =>
      atOnce(() => {
        for (const day of turned) care.drift.testAgain(days.channel, day);
        care.drift.done(days, to);
      }),
    pass: (channel, hours) => atOnce(() => hours.forEach((hour) => void care.waiting.done(channel, hour))),
    decide(id, decision, channel, at, by) {
      const reason = decision.reason === undefined ? undefined : redactReason(decision.reason);
      try {
        return atOnce((): Decided => {
          const item = table.item(id);
          if (!item) return { kind: "unknown" };
          if (item.state !== "open") return { kind: "refused", why: said(item) };
          if (decision.seen !== undefined && decision.seen !== item.to)
            return { kind: "changed", why: say("review.gone-on") };
          const { metric, sensor, site } = channel;
          const accepted = decision.do === "accept";
          const flag = accepted ? item.flag : decision.flag;
          const line = table.note(
            {
              at,
              by,
              action: accepted ? "review-accepted" : "review-overridden",
              channel: channel.id,
              from: item.from,
              to: item.to,
              words: accepted
                ? say("audit.accepted", { metric, sensor, site, flag: flagWord(flag) })
                : say("audit.overridden", { metric, sensor, site, flag: flagWord(flag), before: flagWord(item.flag) }),
              ...(reason !== undefined && { reason }),
            },
            id,
          );
          settle(item, decision, channel, line);
          const made: NonNullable<ReviewItem["decision"]> = { flag, by, at, ...(reason !== undefined && { reason }) };
          table.settle(item, accepted ? "accepted" : "overridden", made);
          return { kind: "done" };
        });
      } catch (error) {
        if (!(error instanceof RawGone)) throw error;
        return {
          kind: "refused",
          why: say("review.raw-gone"),
        };
      }
    },
    validate(validation, channel, at, by) {
      const { from, to } = validation;
      if (to <= from || to > at) return { kind: "refused", why: say("validation.time") };
      const reason = redactReason(validation.reason);
      return atOnce((): Decided => {
        let open = 0;
        for (let start: number = from; start < to; start += 30 * daySpan)
          open += table.openIn(channel.id, start, Math.min(to, start + 30 * daySpan));
        if (open > 0) return { kind: "refused", why: say("validation.open") };
        const hours = [Math.floor(from / hourSpan), Math.ceil(to / hourSpan)].map((h) => channel.id * rollupStep + h);
        if (anyHour.get(...(hours as [number, number])) === undefined)
          return { kind: "refused", why: say("validation.empty") };
        const { metric, sensor, site } = channel;
        const words = say("audit.validated", { metric, sensor, site });
        table.note({ at, by, action: "validated", channel: channel.id, from, to, words, reason });
        validations.add({ ...validation, reason }, by, at);
        care.lapses.forget();
        return { kind: "done" };
      });
    },
    withdraw(id, text, at, by) {
      const reason = redactReason(text);
      return atOnce((): Decided => {
        const old = validations.of(id);
        if (!old) return { kind: "unknown" };
        if (old.withdrawn !== undefined) return { kind: "refused", why: say("validation.withdrawn") };
        const { channel, from, to } = old;
        const words = say("audit.withdrawn", { by: old.by });
        table.note({ at, by, action: "validation-withdrawn", channel, from, to, words, reason });
        validations.withdraw(id, at);
        care.lapses.forget();
        return { kind: "done" };
      });
    },
    note: (entry) => table.note(entry),
  };
}
