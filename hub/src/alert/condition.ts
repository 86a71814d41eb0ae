import { type Alert, type AlertKind, type Instant, minutes, type Place, seconds } from "@openkerb/contract";
import type { Signal } from "./signal.ts";

/** One thing going on: a trouble by its name, or something standing by its class and when it began to stand. */
export type Cause = {
  readonly name: string;
  readonly at: Instant;
  readonly began?: Instant;
  readonly detail: Alert["detail"];
  /** Hub time of its arrival while it is held back, because its end may follow it. */
  readonly held?: Instant;
};

/** What goes on at one place, of one kind. Several causes make one condition: it is over when all are. */
export type Condition = {
  readonly kind: AlertKind;
  readonly place: Place;
  readonly going: readonly Cause[];
  /** Ends that came before their beginnings, or last ends of a trouble, newest last. */
  readonly ended: readonly { readonly name: string; readonly at: Instant; readonly began?: Instant }[];
};

/** A step for the alert of this condition, with its time. */
export type Told = { readonly at: Instant } & (
  | {
      readonly do: "begin" | "happen" | "record";
      /** Time of the first of `times`; `at` is that of the last. */
      readonly since: Instant;
      readonly times: number;
      readonly detail: Alert["detail"];
    }
  | { readonly do: "end" }
  /** What goes on is another trouble now, of the same thing. */
  | { readonly do: "change"; readonly detail: Alert["detail"] }
);

export type Outcome = { readonly condition: Condition; readonly told: readonly Told[] };

/**
 * How far the beginning may differ between what begins and what ends. A box waits about ten seconds before it believes
 * that a vehicle out of sight has gone, and what it then says began that much later.
 */
const sameMoment = seconds(15);
/** How long something told late is held back for its end. A box that was away sends what it kept within this. */
export const holdBack = seconds(15);
/** How long a new process of a box may take to say again what still stands. */
export const sayAgain = minutes(2);
/** More than this many things at one place are one crowd; the oldest is let go. */
const mostCauses = 64;
const mostEnds = 32;

export const quiet = (kind: AlertKind, place: Place): Condition => ({ kind, place, going: [], ended: [] });

/** Takes one signal. `received` is hub time; `away` says that the box is offline, so that nothing it told is news. */
export function take(condition: Condition, signal: Signal, received: Instant, away: boolean): Outcome {
  switch (signal.change) {
    case "happened":
      return { condition, told: [coming("happen", signal.at, signal.detail)] };
    case "began":
      return begin(condition, signal, received, away);
    case "changed":
      return change(condition, signal);
    case "ended":
      return end(condition, signal);
    default:
      return signal.change satisfies never;
  }
}

function begin(condition: Condition, signal: Signal, received: Instant, away: boolean): Outcome {
  const { cause: name, at, began, detail } = signal;
  const over = condition.ended.find((e) => e.name === name && isSame(e, signal) && e.at >= at);
  if (over) {
    // The end of one that stood is used up; the last end of a trouble stays, for older beginnings still to come.
    const ended = began === undefined ? condition.ended : condition.ended.filter((e) => e !== over);
    return { condition: { ...condition, ended }, told: [coming("record", at, detail)] };
  }
  // A trouble said again is the same one; what stands is told once each.
  const known = began === undefined ? condition.going.find((c) => c.name === name) : undefined;
  if (known?.held !== undefined) return { condition, told: [] };
  const holding = known === undefined && (signal.late || away);
  const cause: Cause = { name, at, detail, ...(began !== undefined && { began }), ...(holding && { held: received }) };
  const going = [...condition.going.filter((c) => c !== known), cause].slice(-mostCauses);
  return { condition: { ...condition, going }, told: holding ? [] : [coming("begin", at, detail)] };
}

function change(condition: Condition, { cause: name, at, detail }: Signal): Outcome {
  const cause = condition.going.find((c) => c.name === name);
  if (!cause) return { condition, told: [] };
  const going = condition.going.map((c) => (c === cause ? { ...c, detail } : c));
  return { condition: { ...condition, going }, told: cause.held === undefined ? [{ do: "change", at, detail }] : [] };
}

function end(condition: Condition, signal: Signal): Outcome {
  const { cause: name, at, began } = signal;
  // An end older than a beginning is the end of an earlier time.
  const candidates = condition.going.filter((c) => c.name === name && c.at <= at);
  // The end of something unknown is the end of the oldest: ends and beginnings then at least add up.
  const cause = nearest(candidates, signal) ?? candidates[0];
  const remembered = { name, at, ...(began !== undefined && { began }) };
  const others = condition.ended.filter((e) => began !== undefined || e.name !== name);
  // The end of something that stood matters only while its beginning is missing; that of a trouble also afterwards.
  const ended = cause && began !== undefined ? condition.ended : [...others, remembered].slice(-mostEnds);
  if (!cause) return { condition: { ...condition, ended }, told: [] };
  const going = condition.going.filter((c) => c !== cause);
  const after = { ...condition, going, ended };
  if (cause.held !== undefined) return { condition: after, told: [coming("record", cause.at, cause.detail)] };
  return { condition: after, told: active(condition) && !active(after) ? [{ do: "end", at }] : [] };
}

/** Lets go what was held back long enough: it is still going on, so somebody has to know. */
export function release(condition: Condition, now: Instant, away: boolean): Outcome {
  if (away) return { condition, told: [] };
  const due = condition.going.filter((c) => c.held !== undefined && now - c.held >= holdBack);
  if (due.length === 0) return { condition, told: [] };
  const going = condition.going.map(({ held, ...c }) =>
    held === undefined || now - held >= holdBack ? c : { ...c, held },
  );
  const told = due.map((c) => coming("begin", c.at, c.detail));
  return { condition: { ...condition, going }, told };
}

/**
 * Ends what stood before the present process of the box began, `startedAt`: nobody is left to say that it went. Given
 * time, `sayAgain`, because the present process tells anew of what still stands. Troubles are not touched: a box
 * remembers those through a restart and ends them itself. `at` is the device's time of saying so.
 */
export function forgetEarlier(condition: Condition, startedAt: Instant, at: Instant): Outcome {
  if (at - startedAt < sayAgain) return { condition, told: [] };
  const isEarlier = (c: Cause): boolean => c.began !== undefined && c.at < startedAt;
  const going = condition.going.filter((c) => !isEarlier(c));
  if (going.length === condition.going.length) return { condition, told: [] };
  const gone = condition.going.filter(isEarlier);
  const records = gone.filter((c) => c.held !== undefined).map((c) => coming("record", c.at, c.detail));
  const after = { ...condition, going };
  return {
    condition: after,
    told: [...records, ...(active(condition) && !active(after) ? [{ do: "end" as const, at }] : [])],
  };
}

/** Whether anything is going on that somebody was told of. */
export const active = (condition: Condition): boolean => condition.going.some((c) => c.held === undefined);

/**
 * Many steps of one condition as few: a burst of coming and going is one coming (with how often) and, when it ended
 * so, one end. Only the last state counts; what lies between was over before anybody could look.
 */
export function collapse(told: readonly Told[]): readonly Told[] {
  if (told.length < 2) return told;
  const sums = (["record", "happen", "begin"] as const).flatMap((what): Told[] => {
    const of = told.filter(isComing).filter((t) => t.do === what);
    const last = of.at(-1);
    if (!last) return [];
    const at = Math.max(...of.map((t) => t.at)) as Instant;
    const since = Math.min(...of.map((t) => t.since)) as Instant;
    return [{ ...last, at, since, times: of.reduce((n, t) => n + t.times, 0), detail: summed(of) }];
  });
  const last = told.findLast((t) => t.do === "begin" || t.do === "change" || t.do === "end");
  return last?.do === "end" || last?.do === "change" ? [...sums, last] : sums;
}

type Coming = Extract<Told, { times: number }>;
const isComing = (told: Told): told is Coming => told.do !== "end" && told.do !== "change";
const coming = (what: Coming["do"], at: Instant, detail: Alert["detail"]): Told => ({
  do: what,
  at,
  since: at,
  times: 1,
  detail,
});

/** Lost items add up, as in `next`; of everything else the newest counts. */
function summed(of: readonly Coming[]): Alert["detail"] {
  const items = of.map((t) => t.detail.items).filter((n) => typeof n === "number");
  return { ...of.at(-1)?.detail, ...(items.length > 0 && { items: items.reduce((a, b) => a + b, 0) }) };
}

/** Of several that may have begun at the same moment, the one that fits best. */
function nearest(causes: readonly Cause[], { began }: Signal): Cause | undefined {
  const off = (c: Cause): number => Math.abs((c.began ?? 0) - (began ?? 0));
  return causes
    .filter((c) => isSame(c, { began }))
    .reduce<Cause | undefined>((best, c) => (best && off(best) <= off(c) ? best : c), undefined);
}

const isSame = (a: { began?: Instant | undefined }, b: { began?: Instant | undefined }): boolean =>
  a.began === undefined || b.began === undefined || Math.abs(a.began - b.began) <= sameMoment;
