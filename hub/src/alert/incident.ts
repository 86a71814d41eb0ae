import type { Alert } from "@openkerb/contract";
import { type Condition, collapse, type Told } from "./condition.ts";
import { type HubStep, next, type Turn } from "./next.ts";

/** What goes on at one place, and the newest alert about it, open or closed. */
export type Incident = { readonly condition: Condition; readonly alert: Alert | undefined };
export type Changed = Extract<Turn, { kind: "turned" }> & { readonly step: HubStep };

/**
 * Tells the alert what happened, in as few changes as it takes. `idAt(n)` is the id that the n-th new alert of
 * this telling, from 0, would have.
 */
export function tell(
  { condition, alert }: Incident,
  told: readonly Told[],
  idAt: (n: number) => string,
): readonly Changed[] {
  const { kind, place } = condition;
  const changes: Changed[] = [];
  let newest = alert;
  let used = 0;
  let id = idAt(used);
  for (const { at, ...what } of collapse(told)) {
    const step: HubStep = what.do === "end" || what.do === "change" ? what : { ...what, id, kind, place };
    // The end of something that was never told needs no alert.
    if (!newest && (step.do === "end" || step.do === "change")) continue;
    const turn = next(newest, step, at, "hub");
    if (turn.kind !== "turned") continue;
    changes.push({ ...turn, step });
    newest = turn.alert;
    if (newest.id === id) id = idAt(++used);
  }
  return changes;
}
