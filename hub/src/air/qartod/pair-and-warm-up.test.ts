import { describe, expect, it } from "vitest";
import { channelPair } from "./channel-pair.ts";
import { warmUp } from "./warm-up.ts";

describe("tests of quality", () => {
  // EPA: suspect when |A − B| > 5 µg/m³ and |2 (A − B) / (A + B)| > 0.7.
  it.each([
    [10, 5, 1],
    [12.5, 7, 1],
    [11, 5, 4],
    [5, 11, 4],
    [27, 13, 1],
    [27.1, 13, 4],
  ])("channels of %d and %d get flag %d", (a, b, flag) => {
    expect(channelPair({ times: [0], values: [a] }, [b], {})).toEqual([flag]);
  });
  it("warming up begins after more than the silence and ends with its last moment", () => {
    const flags = (times: readonly number[]) => warmUp({ times, values: times.map(() => 1) }, 30, 300);
    expect(flags([0, 300_000, 301_000])).toEqual([1, 1, 1]);
    expect(flags([0, 300_001, 330_000, 330_001])).toEqual([1, 3, 3, 1]);
  });
});
