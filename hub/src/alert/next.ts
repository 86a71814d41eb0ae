import {
  type Alert,
  type AlertChange,
  type AlertKind,
  type AlertStep,
  hours,
  type Instant,
  type Place,
  type Sentence,
  say,
  sayAll,
} from "@openkerb/contract";
import { kinds } from "./kinds.ts";

type Fresh = {
  /** The id to use should this open a new alert. */
  readonly id: string;
  readonly kind: AlertKind;
  readonly place: Place;
  readonly detail: Alert["detail"];
  /** How many occurrences this stands for: a burst is told once. */
  readonly times: number;
  /** Time of the first of them; `at` is that of the last. */
  readonly since: Instant;
};

/** What the street or the boxes did. */
export type HubStep =
  | (Fresh & { readonly do: "begin" })
  /** Something that has no length, such as lost data: told, over, and waiting to be seen. */
  | (Fresh & { readonly do: "happen" })
  /** Told so late that it was over before anybody could act: kept, but not put before anybody. */
  | (Fresh & { readonly do: "record" })
  | { readonly do: "end" }
  /** It goes on, but as another trouble: nobody has to see it anew. */
  | { readonly do: "change"; readonly detail: Alert["detail"] }
  | { readonly do: "shelf-ends" };

export type Turn =
  | { readonly kind: "turned"; readonly alert: Alert; readonly change: AlertChange }
  /** The step is right but changes nothing. */
  | { readonly kind: "same" }
  /** The step does not fit the alert; `why` is a sentence for the person who asked. */
  | { readonly kind: "refused"; readonly why: Sentence };

const same: Turn = { kind: "same" };
const refused = (why: Sentence): Turn => ({ kind: "refused", why });

/** The longest an alert may be put aside. */
export const longestShelf = hours(30 * 24);

/**
 * The whole life of an alert: the only code that makes or changes one. `by` is a person or `hub`.
 * Without an alert only the hub's steps that open one apply. Applied to a closed alert, `begin` and `happen` open the
 * next one under the new id, or go on with the closed one when it was closed only just now (see `kinds`).
 */
export function next(alert: Alert | undefined, step: HubStep | AlertStep, at: Instant, by: string): Turn {
  switch (step.do) {
    case "begin":
    case "happen":
      return come(alert, step, at, by);
    case "record":
      return record(alert, step, at, by);
    default:
      if (!alert) return refused(say("step.unknown"));
      return go(alert, step, at, by);
  }
}

function come(alert: Alert | undefined, step: HubStep & { do: "begin" | "happen" }, at: Instant, by: string): Turn {
  const facts = kinds[step.kind];
  // What lasts goes on lasting when something without length happens beside it.
  const lasts = step.do === "begin" || alert?.condition === "active";
  const going = lasts ? { condition: "active" as const } : { condition: "cleared" as const, cleared: at };
  if (!alert || (alert.closed !== undefined && at - alert.closed > facts.calm)) {
    const { id, kind, place, times, since, detail } = step;
    const raised: Alert = {
      id,
      kind,
      place,
      severity: facts.severity,
      ...going,
      occurrences: times,
      first: since,
      last: at,
      detail,
    };
    return turned(raised, { at, by, did: "raised", ...(times > 1 && { text: say("step.at-once", { n: times }) }) });
  }
  const seenLongAgo = facts.renews && at - alert.last > facts.calm;
  const { cleared: _, closed, acknowledged, ...rest } = alert;
  const text = [
    ...(closed === undefined ? [] : [say("step.came-back")]),
    ...(step.times > 1 ? [say("times", { n: step.times })] : []),
    ...(acknowledged && seenLongAgo ? [say("step.anew")] : []),
  ];
  // A thing without length stays to be seen, however soon it follows one that was seen.
  const keep = acknowledged && !seenLongAgo && step.do === "begin";
  const again: Alert = {
    ...rest,
    ...going,
    ...(keep && { acknowledged }),
    occurrences: alert.occurrences + step.times,
    last: later(alert.last, at),
    detail: merged(alert, step.detail),
  };
  return turned(again, { at, by, did: "repeated", ...said(text) });
}

function record(alert: Alert | undefined, step: HubStep & { do: "record" }, at: Instant, by: string): Turn {
  const { id, kind, place, times, since, detail } = step;
  const near = alert && (alert.closed === undefined || Math.abs(at - alert.last) <= kinds[kind].calm);
  if (near) {
    const more = {
      ...alert,
      occurrences: alert.occurrences + times,
      first: earlier(alert.first, since),
      last: later(alert.last, at),
    };
    return turned(more, { at, by, did: "repeated", text: say("step.late") });
  }
  const over = { condition: "cleared" as const, cleared: at, closed: at, acknowledged: { by: "hub", at } };
  const kept: Alert = {
    id,
    kind,
    place,
    severity: kinds[kind].severity,
    ...over,
    occurrences: times,
    first: since,
    last: at,
    detail,
  };
  return turned(kept, { at, by, did: "closed", text: say("step.late-kept") });
}

function go(alert: Alert, step: Exclude<HubStep | AlertStep, Fresh>, at: Instant, by: string): Turn {
  const over = alert.closed !== undefined;
  switch (step.do) {
    case "end": {
      if (alert.condition === "cleared") return same;
      return turned(closedIfDone({ ...alert, condition: "cleared", cleared: at }, at), { at, by, did: "cleared" });
    }
    case "change":
      if (alert.condition === "cleared") return same;
      return turned(
        { ...alert, detail: step.detail },
        { at, by, did: "changed", ...changedTo(alert.kind, step.detail) },
      );
    case "shelf-ends": {
      if (alert.shelvedUntil === undefined) return same;
      return turned(unshelved(alert), { at, by, did: "unshelved", text: say("step.off-shelf") });
    }
    case "acknowledge": {
      if (over) return refused(say("step.closed-acknowledge"));
      if (alert.acknowledged) return refused(say("step.acknowledged", { person: alert.acknowledged.by }));
      return turned(closedIfDone({ ...alert, acknowledged: { by, at } }, at), { at, by, did: "acknowledged" });
    }
    case "assign": {
      if (over) return refused(say("step.closed-assign"));
      if (step.to === (alert.assignee ?? null)) return same;
      const { assignee: _, ...rest } = alert;
      const text = step.to === null ? say("step.to-nobody") : say("step.to", { person: step.to });
      return turned(step.to === null ? rest : { ...rest, assignee: step.to }, { at, by, did: "assigned", text });
    }
    case "shelve": {
      if (over) return refused(say("step.closed-shelve"));
      if (step.until <= at) return refused(say("step.shelve-past"));
      if (step.until - at > longestShelf) return refused(say("step.shelve-long"));
      return turned({ ...alert, shelvedUntil: step.until }, { at, by, did: "shelved", text: step.reason });
    }
    case "unshelve": {
      if (alert.shelvedUntil === undefined) return refused(say("step.not-shelved"));
      return turned(unshelved(alert), { at, by, did: "unshelved" });
    }
    case "note":
      return turned(alert, { at, by, did: "noted", text: step.text });
    case "close": {
      if (over) return refused(say("step.closed"));
      const done = {
        ...unshelved(alert),
        acknowledged: alert.acknowledged ?? { by, at },
        cleared: alert.cleared ?? at,
      };
      return turned({ ...done, condition: "cleared", closed: at }, { at, by, did: "closed", text: step.reason });
    }
    default:
      return step satisfies never;
  }
}

const turned = (alert: Alert, change: AlertChange): Turn => ({ kind: "turned", alert, change });
const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);
const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b);

/** Closed is what is both over and seen; what is closed needs no shelf. */
const closedIfDone = (alert: Alert, at: Instant): Alert =>
  alert.condition === "cleared" && alert.acknowledged ? { ...unshelved(alert), closed: at } : alert;

const sensorTroubles = ["silent", "unplugged", "refused", "cut-off", "busy"] as const;

/** What history says of a trouble that became another one. */
function changedTo(kind: AlertKind, { trouble }: Alert["detail"]): { text?: Sentence } {
  const now = kind === "sensor-failed" && sensorTroubles.find((one) => one === trouble);
  return now ? { text: say(`sensor.now-${now}`) } : {};
}

function unshelved({ shelvedUntil: _, ...alert }: Alert): Alert {
  return alert;
}

/** The newest facts count, but what is lost adds up. */
function merged({ kind, detail }: Alert, fresh: Alert["detail"]): Alert["detail"] {
  const { items } = detail;
  if (kind !== "data-lost") return fresh;
  if (typeof items !== "number" || typeof fresh.items !== "number")
    return { ...fresh, ...(items !== undefined && { items }) };
  return { ...fresh, items: items + fresh.items };
}

const said = (parts: readonly Sentence[]): { text?: Sentence } =>
  parts.length === 0 ? {} : { text: sayAll(parts, ", ") };
