import type { Instant } from "@openkerb/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  active,
  type Condition,
  collapse,
  forgetEarlier,
  holdBack,
  quiet,
  release,
  type Told,
  take,
} from "./condition.ts";
import { bay, place, t } from "./made-alerts.ts";
import type { Signal } from "./signal.ts";

type Change = Signal["change"];
const trouble = (change: Change, at: Instant, cause = "unreachable", late = false): Signal => ({
  kind: "camera-down",
  place,
  at,
  cause,
  change,
  late,
  detail: { trouble: cause },
});
const standing = (change: Change, at: Instant, began: Instant, late = false): Signal => ({
  kind: "vehicle-stopped",
  place: bay,
  at,
  cause: "vehicle",
  began,
  change,
  late,
  detail: { class: "car" },
});

/** Feeds signals that arrive when they happen, unless said otherwise. */
function hear(signals: readonly Signal[], { away = false, received = (s: Signal) => s.at } = {}) {
  let condition: Condition = quiet(signals[0]?.kind ?? "camera-down", signals[0]?.place ?? place);
  const told: Told[] = [];
  for (const signal of signals) {
    const outcome = take(condition, signal, received(signal), away);
    condition = outcome.condition;
    told.push(...outcome.told);
  }
  return { condition, told, did: told.map((x) => x.do) };
}

describe("what goes on at a place", () => {
  it("begins and ends", () => {
    const { did, condition } = hear([trouble("began", t(0)), trouble("ended", t(5))]);
    expect(did).toEqual(["begin", "end"]);
    expect(active(condition)).toBe(false);
  });

  it("is over only when all its causes are", () => {
    const { did } = hear([
      trouble("began", t(0), "stalled"),
      trouble("began", t(1), "corrupt"),
      trouble("ended", t(2), "stalled"),
      trouble("ended", t(3), "corrupt"),
    ]);
    expect(did).toEqual(["begin", "begin", "end"]);
  });

  it("does not end while the second of two vehicles still stands", () => {
    const { did } = hear([
      standing("began", t(60), t(0)),
      standing("began", t(70), t(10)),
      standing("ended", t(80), t(0)),
    ]);
    expect(did).toEqual(["begin", "begin"]);
  });

  it("finds the vehicle among others, although the box waited before it believed that it had gone", () => {
    const { condition } = hear([
      standing("began", t(60), t(0)),
      standing("began", t(80), t(20)),
      standing("ended", t(200), t(30)),
    ]);
    expect(condition.going.map((c) => c.began)).toEqual([t(0)]);
  });

  it("counts two vehicles that began to stand at the same moment as two", () => {
    const { did } = hear([
      standing("began", t(60), t(0)),
      standing("began", t(61), t(1)),
      standing("ended", t(80), t(1)),
      standing("ended", t(90), t(0)),
    ]);
    expect(did).toEqual(["begin", "begin", "end"]);
  });

  it("lets an end that fits no beginning end the oldest, rather than leave it standing for ever", () => {
    expect(hear([standing("began", t(60), t(0)), standing("ended", t(300), t(200))]).did).toEqual(["begin", "end"]);
    expect(hear([standing("began", t(60), t(0), true), standing("ended", t(300), t(200), true)]).did).toEqual([
      "record",
    ]);
  });

  it("says nothing of an end that had no beginning", () => {
    expect(hear([trouble("ended", t(5))]).did).toEqual([]);
  });

  it("does not raise what had ended before its beginning came in, but keeps a record of it", () => {
    expect(hear([trouble("ended", t(5)), trouble("began", t(0))]).did).toEqual(["record"]);
    expect(hear([standing("ended", t(80), t(0), true), standing("began", t(60), t(0), true)]).did).toEqual(["record"]);
  });

  it("raises what begins anew after an end", () => {
    expect(hear([trouble("ended", t(5)), trouble("began", t(6))]).did).toEqual(["begin"]);
  });

  it("does not take the end of an earlier time for the end of this one", () => {
    const { condition, did } = hear([trouble("began", t(100)), trouble("ended", t(5), "unreachable", true)]);
    expect(did).toEqual(["begin"]);
    expect(active(condition)).toBe(true);
  });

  it("holds back what is told late, because its end may follow", () => {
    const { did } = hear([trouble("began", t(0), "stalled", true), trouble("ended", t(9), "stalled", true)]);
    expect(did).toEqual(["record"]);
  });

  it("raises what is told late and is still going on, once", () => {
    const { condition, did } = hear([trouble("began", t(0), "stalled", true)], { received: () => t(1000) });
    expect(did).toEqual([]);
    expect(release(condition, (t(1000) + holdBack - 1) as Instant, false).told).toEqual([]);
    const after = release(condition, (t(1000) + holdBack) as Instant, false);
    expect(after.told).toMatchObject([{ do: "begin", at: t(0) }]);
    expect(release(after.condition, t(9999), false).told).toEqual([]);
  });

  it("tells nothing new of a box that is away, until it is back", () => {
    const { condition, did } = hear([trouble("began", t(0))], { away: true });
    expect(did).toEqual([]);
    expect(release(condition, t(500), true).told).toEqual([]);
    expect(release(condition, t(500), false).told).toMatchObject([{ do: "begin" }]);
  });

  it("ends what stood before the box was restarted, when the new process had time to say it again", () => {
    const { condition } = hear([standing("began", t(0), t(-60)), standing("began", t(100), t(60))]);
    expect(forgetEarlier(condition, t(50), t(60)).told).toEqual([]);
    const after = forgetEarlier(condition, t(50), t(171));
    expect(after.condition.going.map((c) => c.at)).toEqual([t(100)]);
    expect(after.told).toEqual([]);
    expect(forgetEarlier(after.condition, t(150), t(300)).told).toEqual([{ do: "end", at: t(300) }]);
  });

  it("leaves troubles to the box, which remembers them through a restart", () => {
    const { condition } = hear([trouble("began", t(0))]);
    expect(forgetEarlier(condition, t(50), t(500)).condition).toBe(condition);
  });
});

const signals = fc.array(
  fc.record({
    change: fc.constantFrom<Change>("began", "ended", "happened"),
    at: fc.integer({ min: 0, max: 300 }),
    dwell: fc.integer({ min: 0, max: 50 }),
    late: fc.boolean(),
    vehicle: fc.boolean(),
  }),
  { maxLength: 80 },
);

describe("whatever is heard", () => {
  it("begin and end alternate as active says, and nothing is told of what nobody was told of", () =>
    fc.assert(
      fc.property(signals, (all) => {
        let condition = quiet("vehicle-stopped", bay);
        let on = false;
        for (const { change, at, dwell, late } of all) {
          const outcome = take(condition, standing(change, t(at), t(at - dwell), late), t(at), false);
          condition = outcome.condition;
          for (const { do: did } of outcome.told) {
            if (did === "end") expect(on).toBe(true);
            if (did === "begin") on = true;
            if (did === "end") on = false;
          }
          expect(active(condition)).toBe(on);
        }
      }),
    ));

  it("memory stays bounded", () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 200, maxLength: 300 }), (times) => {
        let condition = quiet("vehicle-stopped", bay);
        for (const [i, at] of times.entries())
          condition = take(
            condition,
            standing(i % 2 ? "began" : "ended", t(at), t(at - i), true),
            t(at),
            false,
          ).condition;
        expect(condition.going.length).toBeLessThanOrEqual(64);
        expect(condition.ended.length).toBeLessThanOrEqual(32);
      }),
    ));
});

describe("a burst", () => {
  const begin = (at: number): Told => ({
    do: "begin",
    at: t(at),
    since: t(at),
    times: 1,
    detail: { trouble: "stalled" },
  });
  const end = (at: number): Told => ({ do: "end", at: t(at) });
  const change = (at: number): Told => ({ do: "change", at: t(at), detail: { trouble: "corrupt" } });

  it.each<[string, Told[], string[]]>([
    ["one coming", [begin(1)], ["begin 1"]],
    ["coming and going", [begin(1), end(2)], ["begin 1", "end"]],
    ["flapping that ends", [begin(1), end(2), begin(3), end(4), begin(5), end(6)], ["begin 3", "end"]],
    ["flapping that stays", [begin(1), end(2), begin(3)], ["begin 2"]],
    ["an end and a coming", [end(1), begin(2)], ["begin 1"]],
    ["a coming that changes twice", [begin(1), change(2), change(3)], ["begin 1", "change"]],
    ["a change and its end", [change(1), end(2)], ["end"]],
  ])("%s becomes few steps", (_, told, wanted) =>
    expect(collapse(told).map((s) => ("times" in s ? `${s.do} ${s.times}` : s.do))).toEqual(wanted),
  );

  it("keeps when the first and the last of it came", () =>
    expect(collapse([begin(1), end(2), begin(3)])).toMatchObject([{ since: t(1), at: t(3), times: 2 }]));
});

describe("another trouble of the same thing", () => {
  const going: Condition = { ...quiet("camera-down", place), going: [{ name: "unreachable", at: t(1), detail: {} }] };
  const changed = { ...trouble("changed", t(5)), detail: { trouble: "corrupt" } };

  it("is told, and known from then on", () => {
    const { condition, told } = take(going, changed, t(5), false);
    expect(told).toEqual([{ do: "change", at: t(5), detail: { trouble: "corrupt" } }]);
    expect(condition.going).toEqual([{ name: "unreachable", at: t(1), detail: { trouble: "corrupt" } }]);
  });

  it("of what does not go on is nothing, and of what is held back is told with it", () => {
    expect(take(quiet("camera-down", place), changed, t(5), false).told).toEqual([]);
    const held = { ...going, going: going.going.map((cause) => ({ ...cause, held: t(1) })) };
    const { condition, told } = take(held, changed, t(5), false);
    expect(told).toEqual([]);
    expect(release(condition, t(60), false).told).toMatchObject([{ do: "begin", detail: { trouble: "corrupt" } }]);
  });
});
