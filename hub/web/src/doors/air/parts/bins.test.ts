import type { AirBin, AirSeries } from "@openkerb/contract";
import { expect, it } from "vitest";
import { doubtful, flagOf, laidOut, momentsOf, runsOf } from "./bins.ts";

const bin = (from: number, mean: number | undefined, flags: Partial<AirBin["flags"]> = { "1": 60 }, coverage = 1) =>
  ({
    from,
    span: 3_600_000,
    ...(mean !== undefined && { mean }),
    coverage,
    flags: { "1": 0, "2": 0, "3": 0, "4": 0, "9": 0, ...flags },
  }) as AirBin;
const hour = 3_600_000;
const line = (bins: readonly AirBin[]) => ({ bins }) as unknown as AirSeries["lines"][number];

it("an hour without readings is a gap between its neighbours", () => {
  const one = line([bin(0, 1), bin(3 * hour, 2)]);
  const { at, span } = momentsOf([one, line([bin(hour, 5)])]);
  expect(span).toBe(hour);
  expect(at).toEqual([0, hour, 2 * hour, 3 * hour]);
  expect(laidOut(one, at).map((b) => b?.mean)).toEqual([1, undefined, undefined, 2]);
  expect(momentsOf([line([])])).toEqual({ span: 0, at: [] });
});

it("the worst of an hour is what is said of it", () => {
  expect([
    flagOf(undefined),
    flagOf(bin(0, 1)),
    flagOf(bin(0, 1, { "2": 40, "1": 20 })),
    flagOf(bin(0, 1, { "1": 59, "3": 1 })),
    flagOf(bin(0, 1, { "3": 10, "4": 1 })),
    flagOf(bin(0, undefined, { "9": 60 })),
  ]).toEqual([9, 1, 2, 3, 4, 9]);
});

it("neighbours with one flag are one stretch, and a gap ends it", () => {
  expect(runsOf([1, 1, 4, 1], [0, hour, 2 * hour, 4 * hour], hour)).toEqual([
    { flag: 1, from: 0, to: 2 * hour },
    { flag: 4, from: 2 * hour, to: 3 * hour },
    { flag: 1, from: 4 * hour, to: 5 * hour },
  ]);
});

it("an hour is doubtful when most of it is bad or too little of it was measured", () => {
  expect([bin(0, 1), bin(0, 1, { "4": 40, "1": 20 }), bin(0, 1, { "1": 30 }, 0.5)].map(doubtful)).toEqual([
    false,
    true,
    true,
  ]);
});
