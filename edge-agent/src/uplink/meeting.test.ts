import { millis } from "@openkerb/contract";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { meeting } from "./meeting.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What is done in the milliseconds to come, with when. */
function course(met: ReturnType<typeof meeting>, span: number): (readonly [number, string])[] {
  const did: (readonly [number, string])[] = [];
  for (let at = 100; at <= span; at += 100) {
    vi.advanceTimersByTime(100);
    const due = met.due();
    if (due) did.push([at, due]);
  }
  return did;
}

describe("waiting for the hub's answer to a birth", () => {
  it("is over with the answer", () => {
    const met = meeting(millis(1000), millis(20_000));
    expect(met.over).toBe(false);
    met.answered();
    expect(met.over).toBe(true);
    expect(course(met, 60_000)).toEqual([]);
  });

  it("says the birth again and again, then goes on without: a hub that never answers must not stop the flow", () => {
    const met = meeting(millis(1000), millis(20_000));
    expect(course(met, 60_000)).toEqual([
      [1000, "ask"],
      [3000, "ask"],
      [7000, "ask"],
      [15_000, "ask"],
      [20_000, "give-up"],
    ]);
    expect(met.over).toBe(true);
  });

  it("goes on asking when the hub answers what the outbox cannot follow", () => {
    const met = meeting(millis(1000), millis(20_000));
    met.misunderstood();
    const asks = course(met, 300_000);
    expect(asks.map(([, what]) => what)).toEqual(asks.map(() => "ask"));
    expect(asks.length).toBeGreaterThan(25);
    expect(asks.length).toBeLessThan(40);
    expect(met.over).toBe(false);
  });
});
