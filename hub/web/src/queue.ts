import type { Alert, AlertView, Severity } from "@openkerb/contract";
import { texts } from "./language/language.ts";
import type { QueueName } from "./route.ts";
import * as said from "./words-texts.ts";

const rank: Record<Severity, number> = { critical: 0, warning: 1, notice: 2 };

/** What an alert wants from the desk, in the order the desk should give it. */
export type Standing = "new" | "seen" | "over-unseen" | "shelved" | "closed";

/** Where an alert stands at `now`. A shelf that has run out is no shelf. */
export function standing(alert: Alert, now: number): Standing {
  if (alert.closed !== undefined) return "closed";
  if (alert.shelvedUntil !== undefined && alert.shelvedUntil > now) return "shelved";
  if (alert.acknowledged) return "seen";
  return alert.condition === "active" ? "new" : "over-unseen";
}

const turn: Record<Standing, number> = { new: 0, "over-unseen": 1, seen: 2, shelved: 3, closed: 4 };

/**
 * The queue in the order of need: what nobody has seen before what somebody has, active before over, then severity,
 * then the oldest first because it has waited longest. What is shelved or closed is newest first.
 */
export function inOrder(views: readonly AlertView[], queue: QueueName, now: number): AlertView[] {
  const here = views.filter(({ alert }) => {
    const at = standing(alert, now);
    return queue === "open" ? at !== "shelved" && at !== "closed" : at === queue;
  });
  if (queue === "closed") return here.sort((a, b) => (b.alert.closed ?? 0) - (a.alert.closed ?? 0));
  if (queue === "shelved") return here.sort((a, b) => (a.alert.shelvedUntil ?? 0) - (b.alert.shelvedUntil ?? 0));
  return here.sort(
    (a, b) =>
      turn[standing(a.alert, now)] - turn[standing(b.alert, now)] ||
      rank[a.alert.severity] - rank[b.alert.severity] ||
      a.alert.first - b.alert.first ||
      (a.alert.id < b.alert.id ? -1 : 1),
  );
}

/** The list with this view put in or, by its id, replaced. */
export function upsert(views: readonly AlertView[], view: AlertView): AlertView[] {
  const at = views.findIndex((v) => v.alert.id === view.alert.id);
  return at < 0 ? [...views, view] : views.with(at, view);
}

/** The state of an alert in a few words. */
export function stateWords(alert: Alert, now: number): string {
  const at = standing(alert, now);
  const { states } = texts(said);
  switch (at) {
    case "over-unseen":
      return states.overUnseen;
    case "seen": {
      const who = alert.assignee
        ? states.with(alert.assignee)
        : states.seenBy(alert.acknowledged?.by ?? states.somebody);
      return alert.condition === "active" ? states.active(who) : states.over(who);
    }
    case "new":
    case "shelved":
    case "closed":
      return states[at];
    default:
      return at satisfies never;
  }
}

/** The alert `step` places further down the list; from nowhere, the first or last. Stops at the ends. */
export function neighbour(ids: readonly string[], from: string | undefined, step: 1 | -1): string | undefined {
  const at = from === undefined ? -1 : ids.indexOf(from);
  if (at < 0) return step > 0 ? ids[0] : ids.at(-1);
  return ids[Math.min(ids.length - 1, Math.max(0, at + step))];
}
