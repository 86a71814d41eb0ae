import type { DeviceView, Instant, Millis } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { box, t } from "./made-alerts.ts";
import { clockSignal, doubledSignal, patience, presenceSignal } from "./presence.ts";

const device = (state: DeviceView["state"], since: Instant, heard?: Instant): DeviceView => ({
  ...box,
  state,
  since,
  ...(heard !== undefined && { heard }),
  stored: 0,
  lost: 0,
  refused: 0,
  missing: 0,
});
const judge = (
  view: DeviceView,
  now: Instant,
  { offline = false, heard }: { offline?: boolean; heard?: Instant } = {},
) => presenceSignal(view, { now, offline, ...(heard !== undefined && { heard }) }, patience);

describe("whether a box is there", () => {
  it.each<[string, DeviceView, number, { offline?: boolean; heard?: Instant }, string | undefined]>([
    ["it lost its connection a moment ago", device("lost", t(0)), 9, {}, undefined],
    ["it lost its connection a while ago", device("lost", t(0)), 10, {}, "began lost"],
    ["that is known", device("lost", t(0)), 99, { offline: true }, undefined],
    ["it was back for a moment and is lost again", device("lost", t(95)), 99, { offline: true }, undefined],
    ["it is back", device("online", t(99)), 99, { offline: true }, "ended any"],
    ["it is back and stops", device("stopped", t(99)), 99, { offline: true }, "ended any"],
    ["it is online and speaks", device("online", t(0), t(50)), 100, {}, undefined],
    ["it is online and silent", device("online", t(0), t(50)), 110, {}, "began silent"],
    ["it sends events, but no health", device("online", t(0), t(50)), 110, { heard: t(80) }, undefined],
    ["the hub's clock was set back", device("online", t(500), t(900)), 200, { heard: t(190) }, undefined],
    [
      "it is silent since the hub's clock was set back",
      device("online", t(500), t(900)),
      260,
      { heard: t(190) },
      "began silent",
    ],
    ["it never said a word", device("online", t(0)), 60, {}, "began silent"],
    ["the hub has just started", device("unknown", t(0)), 59, {}, undefined],
    ["it did not come after the hub's start", device("unknown", t(0)), 60, {}, "began silent"],
    [
      "it was offline before the hub's start and has not come",
      device("unknown", t(0)),
      10,
      { offline: true },
      undefined,
    ],
    ["it is being updated", device("stopped", t(0)), 899, {}, undefined],
    ["it was stopped and never came back", device("stopped", t(0)), 900, {}, "began stopped"],
  ])("%s", (_, view, now, known, wanted) => {
    const signal = judge(view, t(now), known);
    expect(signal && `${signal.change} ${signal.detail.why}`).toBe(wanted);
    if (signal) expect(signal).toMatchObject({ kind: "device-offline", place: box, late: false });
  });

  it("says since when", () => {
    expect(judge(device("lost", t(3)), t(100))?.at).toBe(t(3));
    expect(judge(device("online", t(3), t(40)), t(100))?.at).toBe(t(40));
  });

  it("waits as long as it is told to", () => {
    const short = { ...patience, lost: 100 as Millis };
    expect(presenceSignal(device("lost", t(0)), { now: t(1), offline: false }, short)?.change).toBe("began");
  });
});

describe("whether a box's clock is right", () => {
  it("is wrong while items from the future come, and for ten minutes after", () => {
    const view = device("online", t(0));
    expect(clockSignal(view, undefined, t(0), false)).toBeUndefined();
    expect(clockSignal(view, t(5), t(6), false)).toMatchObject({ kind: "clock-wrong", change: "began", at: t(5) });
    expect(clockSignal(view, t(5), t(6), true)).toBeUndefined();
    expect(clockSignal(view, t(5), t(604), true)).toBeUndefined();
    expect(clockSignal(view, t(5), t(605), true)).toMatchObject({ change: "ended", at: t(605) });
  });
});

it("two boxes with one id are told once, and that it is over ten minutes after the last sign", () => {
  const view = device("online", t(0));
  expect(doubledSignal(view, undefined, t(0), false)).toBeUndefined();
  expect(doubledSignal(view, t(5), t(6), false)).toMatchObject({ kind: "device-doubled", change: "began", at: t(5) });
  expect(doubledSignal(view, t(5), t(604), true)).toBeUndefined();
  expect(doubledSignal(view, t(5), t(605), true)).toMatchObject({ change: "ended", at: t(605) });
});
