import type { DeviceId, Epoch, Instant, Sequence } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { askSize, asksUntilGone, gapWatch } from "./gap-watch.ts";
import type { StreamProgress } from "./store.ts";

const device = "box-1" as DeviceId;
const epoch = "00000000000000aa" as Epoch;
const at = (seconds: number): Instant => (1_000_000 + seconds * 1000) as Instant;
const stands = (
  upTo: number,
  from: number | undefined,
  to: number,
  more: Partial<StreamProgress> = {},
): StreamProgress => ({
  device,
  epoch,
  upTo,
  known: to + 1,
  ahead: true,
  current: true,
  ...(from === undefined ? {} : { gap: { from: from as Sequence, to: to as Sequence } }),
  ...more,
});

/** Lets time pass in steps of a quarter second; the device speaks or not. Tells what was asked and given up when. */
function pass(watch: ReturnType<typeof gapWatch>, from: number, to: number, speaks: boolean) {
  const asked: number[] = [];
  const gone: unknown[] = [];
  for (let t = from; t < to; t += 0.25) {
    if (speaks) watch.hear(device);
    const due = watch.due(at(t));
    if (due.ask.length > 0) asked.push(t);
    gone.push(...due.gone);
  }
  return { asked, gone };
}

describe("asking for what is missing", () => {
  it("waits a second, because messages overtake one another", () => {
    const watch = gapWatch();
    watch.see(stands(4, 5, 6), at(0));
    expect(watch.due(at(0.9))).toEqual({ ask: [], gone: [] });
    expect(watch.due(at(1)).ask).toEqual([{ device, epoch, from: 5, to: 6 }]);
  });

  it("goes on asking when the hub's clock is set back by a day", () => {
    const watch = gapWatch();
    watch.see(stands(4, 5, 6), at(86_400));
    expect(pass(watch, 0, 60, true).asked.length).toBeGreaterThan(2);
  });

  it("asks nothing when the gap has closed meanwhile", () => {
    const watch = gapWatch();
    watch.see(stands(4, 5, 6), at(0));
    watch.see(stands(7, undefined, 7), at(0.5));
    expect(pass(watch, 0.5, 60, true)).toEqual({ asked: [], gone: [] });
  });

  it("asks with growing pauses, then gives the range up", () => {
    const watch = gapWatch();
    watch.see(stands(4, 5, 6), at(0));
    const { asked, gone } = pass(watch, 0, 120, true);
    expect(asked).toEqual([1, 2, 4, 8, 16]);
    expect(asked).toHaveLength(asksUntilGone);
    expect(gone).toEqual([{ device, epoch, from: 5, to: 6 }]);
  });

  it("gives nothing up while the device is silent, however long", () => {
    const watch = gapWatch();
    watch.see(stands(4, 5, 6), at(0));
    const { asked, gone } = pass(watch, 0, 100_000, false);
    expect(asked).toHaveLength(1);
    expect(gone).toEqual([]);
    expect(pass(watch, 100_000, 100_010, true).asked.length).toBeGreaterThan(0);
  });

  it("gives nothing up that only a birth told of", () => {
    const watch = gapWatch();
    watch.see(stands(4, 5, 6, { ahead: false }), at(0));
    expect(pass(watch, 0, 1000, true).gone).toEqual([]);
  });

  it("gives up what an outbox that is no longer used still owed", () => {
    const watch = gapWatch();
    watch.see(stands(4, 5, 6, { ahead: false, current: false }), at(0));
    expect(pass(watch, 0, 120, true).gone).toHaveLength(1);
  });

  it("begins to count anew whenever something of the gap arrives", () => {
    const watch = gapWatch();
    watch.see(stands(4, 5, 9), at(0));
    pass(watch, 0, 30, true);
    watch.see(stands(5, 6, 9), at(30));
    const { gone } = pass(watch, 30, 45, true);
    expect(gone).toEqual([]);
  });

  it("asks for a long range in parts, the next as soon as one has come", () => {
    const watch = gapWatch();
    watch.see(stands(0, 1, 100_000), at(0));
    expect(watch.due(at(1)).ask).toEqual([{ device, epoch, from: 1, to: askSize }]);
    watch.see(stands(askSize, askSize + 1, 100_000), at(1.2));
    expect(watch.due(at(1.25)).ask).toEqual([{ device, epoch, from: askSize + 1, to: 2 * askSize }]);
  });
});
