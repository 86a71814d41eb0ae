import { Alert, AlertChange, type AlertStep, type Instant } from "@openkerb/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bay, coming, raised, t } from "./made-alerts.ts";
import { type HubStep, next, type Turn } from "./next.ts";

const seen = { by: "ann", at: t(10) };
const active = raised;
const acknowledged: Alert = { ...raised, acknowledged: seen };
const cleared: Alert = { ...raised, condition: "cleared", cleared: t(20) };
const closed: Alert = { ...cleared, acknowledged: seen, closed: t(20) };
const shelved: Alert = { ...raised, shelvedUntil: t(3600) };
const begin = coming("begin", t(60));
const end: HubStep = { do: "end" };
const change: HubStep = { do: "change", detail: { trouble: "stalled" } };
const acknowledge: AlertStep = { do: "acknowledge" };
const shelve: AlertStep = { do: "shelve", until: t(7200), reason: "road works" };
const close: AlertStep = { do: "close", reason: "camera was taken down" };

/** The parts of an alert that a reader of the queue would name. */
const state = (turn: Turn): string => {
  if (turn.kind !== "turned") return turn.kind;
  const { alert, change } = turn;
  return [
    change.did,
    alert.condition,
    alert.acknowledged ? "seen" : "unseen",
    ...(alert.closed === undefined ? [] : ["closed"]),
    ...(alert.shelvedUntil === undefined ? [] : ["shelved"]),
    ...(alert.assignee === undefined ? [] : [`with ${alert.assignee}`]),
    alert.occurrences,
  ].join(" ");
};

describe("the life of an alert", () => {
  it.each<[string, Alert | undefined, HubStep | AlertStep, string]>([
    ["nothing, a trouble begins", undefined, begin, "raised active unseen 1"],
    [
      "nothing, it begins five times at once",
      undefined,
      coming("begin", t(60), { times: 5 }),
      "raised active unseen 5",
    ],
    ["nothing, it ends", undefined, end, "refused"],
    ["nothing, data are lost", undefined, coming("happen", t(60)), "raised cleared unseen 1"],
    ["nothing, something is told too late", undefined, coming("record", t(60)), "closed cleared seen closed 1"],
    ["active, it begins again", active, begin, "repeated active unseen 2"],
    ["active, it is another trouble now", active, change, "changed active unseen 1"],
    ["seen, it is another trouble now", acknowledged, change, "changed active seen 1"],
    ["over but unseen, it is another trouble now", cleared, change, "same"],
    ["closed, it is another trouble now", closed, change, "same"],
    ["active, it ends", active, end, "cleared cleared unseen 1"],
    ["active, somebody sees it", active, acknowledge, "acknowledged active seen 1"],
    ["active, something like it is told too late", active, coming("record", t(-9000)), "repeated active unseen 2"],
    ["seen, it begins again", acknowledged, begin, "repeated active seen 2"],
    ["seen, it ends", acknowledged, end, "cleared cleared seen closed 1"],
    ["seen, somebody sees it again", acknowledged, acknowledge, "refused"],
    ["seen, more data are lost", { ...closed, closed: t(50) }, coming("happen", t(60)), "repeated cleared unseen 2"],
    ["over but unseen, it begins again", cleared, begin, "repeated active unseen 2"],
    ["over but unseen, it ends again", cleared, end, "same"],
    ["over but unseen, somebody sees it", cleared, acknowledge, "acknowledged cleared seen closed 1"],
    ["closed just now, it begins again", closed, begin, "repeated active seen 2"],
    ["closed long ago, it begins again", closed, coming("begin", t(20 + 301), { id: "a2" }), "raised active unseen 1"],
    ["closed, it ends", closed, end, "same"],
    ["closed, somebody sees it", closed, acknowledge, "refused"],
    ["closed, somebody takes it", closed, { do: "assign", to: "bob" }, "refused"],
    ["closed, somebody puts it aside", closed, shelve, "refused"],
    ["closed, somebody closes it", closed, close, "refused"],
    ["closed, somebody adds a note", closed, { do: "note", text: "was the fuse" }, "noted cleared seen closed 1"],
    ["active, given to bob", active, { do: "assign", to: "bob" }, "assigned active unseen with bob 1"],
    ["bob's, given to bob", { ...active, assignee: "bob" }, { do: "assign", to: "bob" }, "same"],
    ["bob's, given to nobody", { ...active, assignee: "bob" }, { do: "assign", to: null }, "assigned active unseen 1"],
    ["active, put aside", active, shelve, "shelved active unseen shelved 1"],
    ["active, put aside until yesterday", active, { ...shelve, until: t(-86_400) }, "refused"],
    ["active, put aside for a year", active, { ...shelve, until: t(31_536_000) }, "refused"],
    ["put aside, taken back", shelved, { do: "unshelve" }, "unshelved active unseen 1"],
    ["put aside, its time is over", shelved, { do: "shelf-ends" }, "unshelved active unseen 1"],
    ["put aside, it begins again", shelved, begin, "repeated active unseen shelved 2"],
    ["put aside and seen, it ends", { ...shelved, acknowledged: seen }, end, "cleared cleared seen closed 1"],
    ["not put aside, taken back", active, { do: "unshelve" }, "refused"],
    ["not put aside, its time is over", active, { do: "shelf-ends" }, "same"],
    ["active, somebody closes it", active, close, "closed cleared seen closed 1"],
    ["put aside, somebody closes it", shelved, close, "closed cleared seen closed 1"],
  ])("%s", (_, alert, step, wanted) => {
    const at = "since" in step ? step.since : t(60);
    expect(state(next(alert, step, at, "ann"))).toBe(wanted);
  });

  it("keeps who closed it and why", () => {
    const turn = next(active, close, t(60), "ann");
    expect(turn).toMatchObject({
      alert: { closed: t(60), cleared: t(60), acknowledged: { by: "ann", at: t(60) } },
      change: { at: t(60), by: "ann", did: "closed", text: "camera was taken down" },
    });
  });

  it("asks to be seen anew when another vehicle stands where one was seen", () => {
    const standing: Alert = { ...acknowledged, kind: "vehicle-stopped", place: bay };
    const another = (at: Instant) =>
      next(standing, coming("begin", at, { kind: "vehicle-stopped", place: bay }), at, "hub");
    expect(another(t(29))).toMatchObject({ alert: { acknowledged: seen } });
    const later = another(t(31));
    expect(later).toMatchObject({ change: { text: "to be acknowledged anew" } });
    expect(later.kind === "turned" && later.alert.acknowledged).toBeUndefined();
  });

  it("adds up what was lost", () => {
    const lost = (items: number) => coming("happen", t(60), { kind: "data-lost", detail: { why: "age", items } });
    const first = next(undefined, lost(7), t(60), "hub");
    const second = first.kind === "turned" ? next(first.alert, lost(5), t(61), "hub") : first;
    expect(second).toMatchObject({ alert: { occurrences: 2, detail: { items: 12 } } });
  });
});

const instant = fc.integer({ min: 0, max: 5_000 }).map(t);
const anyStep: fc.Arbitrary<HubStep | AlertStep> = fc.oneof(
  fc
    .constantFrom<HubStep["do"]>("begin", "happen", "record")
    .chain((what) =>
      fc
        .record({ at: instant, times: fc.integer({ min: 1, max: 9 }) })
        .map(({ at, times }) =>
          coming(what as "begin", at, { times, kind: "vehicle-stopped", place: bay, detail: { dwell: 60 } }),
        ),
    ),
  fc.constantFrom<HubStep | AlertStep>(change, end, acknowledge, { do: "shelf-ends" }, { do: "unshelve" }, close),
  fc.constantFrom<AlertStep>(
    { do: "assign", to: "bob" },
    { do: "assign", to: null },
    { do: "note", text: "x" },
    shelve,
  ),
);
const story = fc.array(fc.record({ step: anyStep, at: instant, by: fc.constantFrom("hub", "ann") }), { maxLength: 60 });

/** Runs a story as the hub does: ids count up, and everything said is kept. */
function run(steps: readonly { step: HubStep | AlertStep; at: Instant; by: string }[]) {
  const alerts = new Map<string, Alert>();
  const audit: { id: string; step: HubStep | AlertStep; change: AlertChange }[] = [];
  let newest: Alert | undefined;
  for (const { step: plain, at, by } of steps) {
    const since = "since" in plain && plain.since < at ? plain.since : at;
    const step = "id" in plain ? { ...plain, since, id: `a${alerts.size + 1}` } : plain;
    const before = newest;
    const turn = next(newest, step, at, by);
    if (turn.kind !== "turned") {
      expect(newest).toBe(before);
      continue;
    }
    newest = turn.alert;
    alerts.set(newest.id, newest);
    audit.push({ id: newest.id, step, change: turn.change });
  }
  return { alerts: [...alerts.values()], audit };
}

describe("whatever happens to alerts", () => {
  it("there are never two open ones of the same thing", () =>
    fc.assert(
      fc.property(story, (steps) => {
        expect(run(steps).alerts.filter((a) => a.closed === undefined).length).toBeLessThanOrEqual(1);
      }),
    ));

  it("closed means over and seen, open means one of the two is missing, and closed ones are not on the shelf", () =>
    fc.assert(
      fc.property(story, (steps) => {
        for (const alert of run(steps).alerts) {
          const done = alert.condition === "cleared" && alert.acknowledged !== undefined;
          expect(alert.closed !== undefined).toBe(done);
          if (done) expect(alert.shelvedUntil).toBeUndefined();
          expect(alert.condition === "cleared").toBe(alert.cleared !== undefined);
          expect(alert.first).toBeLessThanOrEqual(alert.last);
        }
      }),
    ));

  it("the history alone gives the same alerts again", () =>
    fc.assert(
      fc.property(story, (steps) => {
        const { alerts, audit } = run(steps);
        for (const alert of alerts) {
          let again: Alert | undefined;
          for (const { step, change } of audit.filter((a) => a.id === alert.id)) {
            const turn = next(again, step, change.at, change.by);
            expect(turn.kind).toBe("turned");
            if (turn.kind === "turned") again = turn.alert;
          }
          expect(again).toEqual(alert);
        }
      }),
    ));

  it("every change has its line, and every occurrence is counted in one", () =>
    fc.assert(
      fc.property(story, (steps) => {
        const { alerts, audit } = run(steps);
        const told = audit.reduce((sum, { step }) => sum + ("times" in step ? step.times : 0), 0);
        expect(alerts.reduce((sum, a) => sum + a.occurrences, 0)).toBe(told);
      }),
    ));

  it("alerts and their changes are as the contract has them", () =>
    fc.assert(
      fc.property(story, (steps) => {
        const { alerts, audit } = run(steps);
        for (const alert of alerts) Alert.parse(alert);
        for (const { change } of audit) AlertChange.parse(change);
      }),
    ));
});
