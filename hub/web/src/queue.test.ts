import { Alert, type AlertView, AlertWords } from "@openkerb/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inOrder, neighbour, standing, stateWords, upsert } from "./queue.ts";

const now = 1_000_000;
type Given = Partial<Record<keyof Alert, unknown>>;
const view = (id: string, given: Given = {}): AlertView => ({
  alert: Alert.parse({
    id,
    kind: "camera-down",
    place: { city: "town", site: "mill", device: "box" },
    severity: "warning",
    condition: "active",
    occurrences: 1,
    first: 1000,
    last: 2000,
    detail: {},
    ...given,
  }),
  words: AlertWords.parse({ title: "", sentence: "", where: "", consequence: "", action: "" }),
});
const acknowledged = { by: "ada", at: 1500 };
const ids = (views: readonly AlertView[]) => views.map((v) => v.alert.id);

describe("the queue", () => {
  it("puts what nobody has seen first, then severity, then what waited longest", () => {
    const all = [
      view("seen", { severity: "critical", acknowledged }),
      view("over", { severity: "critical", condition: "cleared", cleared: 3000 }),
      view("young", { first: 5000 }),
      view("old", { first: 500 }),
      view("bad", { severity: "critical", first: 9000 }),
      view("note", { severity: "notice", first: 1 }),
    ];
    expect(ids(inOrder(all, "open", now))).toEqual(["bad", "old", "young", "note", "over", "seen"]);
  });

  it("shows each alert in exactly one of its three lists", () => {
    const some = fc.record({
      shelvedUntil: fc.option(fc.integer({ min: 0, max: 2 * now }), { nil: undefined }),
      closed: fc.option(fc.integer({ min: 0, max: now }), { nil: undefined }),
      acknowledged: fc.option(fc.constant(acknowledged), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 20 }), (given) => {
        const all = given.map((g, i) =>
          view(`a-${i}`, Object.fromEntries(Object.entries(g).filter(([, v]) => v !== undefined))),
        );
        const shown = (["open", "shelved", "closed"] as const).flatMap((q) => ids(inOrder(all, q, now)));
        expect(shown.sort()).toEqual(ids(all).sort());
      }),
    );
  });

  it("takes an alert back from a shelf that has run out", () => {
    const { alert } = view("a", { shelvedUntil: now });
    expect(standing(alert, now - 1)).toBe("shelved");
    expect(standing(alert, now)).toBe("new");
  });

  it.each([
    [{}, "New"],
    [{ condition: "cleared" }, "Over, not seen yet"],
    [{ acknowledged }, "Active, seen by ada"],
    [{ acknowledged, assignee: "bo" }, "Active, with bo"],
    [{ acknowledged, condition: "cleared" }, "Over, seen by ada"],
    [{ shelvedUntil: now + 1 }, "Shelved"],
    [{ closed: 1 }, "Closed"],
  ])("says %o as %s", (given, words) => expect(stateWords(view("a", given).alert, now)).toBe(words));

  it("replaces by id and never holds an alert twice", () => {
    const all = upsert(upsert([], view("a")), view("b"));
    const again = upsert(all, view("a", { occurrences: 4 }));
    expect(ids(again)).toEqual(["a", "b"]);
    expect(again[0]?.alert.occurrences).toBe(4);
  });

  it.each([
    [undefined, 1, "a"],
    [undefined, -1, "c"],
    ["a", 1, "b"],
    ["c", 1, "c"],
    ["a", -1, "a"],
    ["gone", 1, "a"],
  ] as const)("from %s goes %i to %s", (from, step, to) => expect(neighbour(["a", "b", "c"], from, step)).toBe(to));

  it("goes nowhere in an empty list", () => expect(neighbour([], undefined, 1)).toBeUndefined());
});
