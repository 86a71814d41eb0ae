import { describe, expect, it } from "vitest";
import { hour } from "../timestamp.ts";
import { agreementOf, precisionOf } from "./agreement.ts";
import { calibrate } from "./calibration.ts";
import { eachOnce, meansOver, type Pair, stepOf } from "./pairs.ts";
import { againstTargets } from "./targets.ts";

describe("colocation", () => {
  const pairs = (reference: readonly number[], sensor: readonly number[]): Pair[] =>
    reference.map((r, i) => ({ at: i * hour, reference: r, sensor: sensor[i]! }));
  it("has the figures of four pairs as a pencil has them", () => {
    // Means 2.5 and 5, Sxx 5, Sxy 11, Syy 26; errors 1, 2, 2, 5; 9 is more than twice 4.
    const found = agreementOf(pairs([1, 2, 3, 4], [2, 4, 5, 9]))!;
    expect(found.n).toBe(4);
    expect(found.slope).toBeCloseTo(2.2, 12);
    expect(found.intercept).toBeCloseTo(-0.5, 12);
    expect(found.r2).toBeCloseTo(121 / 130, 12);
    expect(found.rmse).toBeCloseTo(Math.sqrt(8.5), 12);
    expect(found.nrmse).toBeCloseTo(40 * Math.sqrt(8.5), 10);
    expect([found.mae, found.bias, found.fac2]).toEqual([2.5, 2.5, 0.75]);
    expect(agreementOf(pairs([4, 4], [2, 1]))!.fac2).toBe(0.5);
    expect(agreementOf(pairs([1], [1]))).toBeUndefined();
    // What never changes explains nothing.
    expect(agreementOf(pairs([1, 2], [3, 3]))).toMatchObject({ slope: 0, r2: 0 });
    expect(agreementOf(pairs([2, 2], [3, 4]))).toMatchObject({ slope: 0, r2: 0 });
  });
  it("has the spread of three sensors: variances 1 and 3 are 1.414 of a mean of 3.5", () => {
    const sensors = [
      [1, 4, 9],
      [2, 4, 9],
      [3, 7],
    ].map((values) => new Map(values.map((v, i) => [i * hour, v])));
    const found = precisionOf(sensors)!;
    expect([found.n, found.sd, found.cv]).toEqual([2, Math.sqrt(2), expect.closeTo(40.406, 3)]);
    expect(precisionOf(sensors.slice(0, 1))).toBeUndefined();
    expect(precisionOf([sensors[0]!, new Map([[99, 1]])])).toBeUndefined();
  });
  // USEPA/sensortoolkit, param/_targets.py: slope, intercept, R², RMSE (or NRMSE for particles), ends included.
  it.each([
    ["pm25", 0.65, 1.35, 5, 0.7, 7],
    ["pm10", 0.65, 1.35, 10, 0.7, 14],
    ["o3", 0.8, 1.2, 5, 0.8, 5],
    ["no2", 0.65, 1.35, 5, 0.7, 15],
    ["so2", 0.65, 1.35, 5, 0.7, 15],
    ["co", 0.8, 1.2, 0.05, 0.8, 0.15],
  ] as const)("meets EPA's targets of %s at their ends and not beyond", (pollutant, low, high, offset, r2, rmse) => {
    const of = (slope: number, intercept: number, more: object = {}) =>
      againstTargets(pollutant, {
        ...{ n: 9, slope, intercept, r2, rmse, nrmse: 31, mae: 0, bias: 0, fac2: 1 },
        ...more,
      }).map(({ met }) => met);
    expect(of(low, -offset)).toEqual([true, true, true, true]);
    expect(of(high, offset)).toEqual([true, true, true, true]);
    expect(of(low - 0.001, -offset - 0.001, { r2: r2 - 0.001, rmse: rmse + 0.001 })).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(of(high + 0.001, offset + 0.001)).toEqual([false, false, true, true]);
    const particle = pollutant.startsWith("pm");
    expect(of(1, 0, { rmse: 99, nrmse: 30 })[3]).toBe(particle);
    expect(of(1, 0, { rmse: 99, nrmse: 30.01 })[3]).toBe(false);
  });
  it("has the intervals of Newey and West as a pencil has them", () => {
    // x 0 1 0 1, errors + + − −: gain 1, offset 0, scores of the gain ±1/24 each, of the offset 1/24 where x is 0.
    const first = Array.from({ length: 96 }, (_, i): Pair => {
      const sensor = i % 2;
      return { at: i * hour, sensor, reference: sensor + (i % 4 < 2 ? 1 : -1) };
    });
    const found = (lags: number) => calibrate(first, lags).calibration!;
    expect([found(0).gain, found(0).offset]).toEqual([1, 0]);
    expect(found(0).gainInterval[1] - 1).toBeCloseTo(1.96 * Math.sqrt((48 / 576) * (48 / 46)), 9);
    expect(found(0).offsetInterval[1]).toBeCloseTo(1.96 * Math.sqrt((24 / 576) * (48 / 46)), 9);
    // One lag, weight a half, twice: 24 products of −1/576 and 23 of +1/576.
    expect(1 - found(1).gainInterval[0]).toBeCloseTo(1.96 * Math.sqrt((47 / 576) * (48 / 46)), 9);
    expect(found(0).fitted).toMatchObject({ n: 48, r2: expect.closeTo(0.2, 9) });
    expect(calibrate(first.slice(0, 95))).toMatchObject({
      kind: "refused",
      why: ["95 pairs are too few: 96 are needed"],
    });
  });
  it("refuses a sensor that always says the same, without a fit that would be no number", () => {
    const stuck = Array.from({ length: 96 }, (_, i): Pair => ({ at: i * hour, sensor: 0.1, reference: i % 7 }));
    expect(calibrate(stuck)).toEqual({ kind: "refused", why: ["the measured value never changes"] });
  });
  it("takes an hour when three quarters of it are there", () => {
    const minutes = (n: number) => Array.from({ length: n }, (_, i) => ({ at: i * 60_000, value: 5 }));
    expect([...meansOver(minutes(45), hour)]).toEqual([[0, 5]]);
    expect([...meansOver(minutes(44), hour)]).toEqual([]);
    expect(stepOf(minutes(1))).toBe(60_000);
    expect(stepOf([0, 0, 300_400, 600_000].map((at) => ({ at, value: 1 })))).toBe(300_000);
    expect(stepOf([0, 350_000].map((at) => ({ at, value: 1 })))).toBe(360_000);
  });
  it("counts what was written twice once, and leaves out what cannot be told apart", () => {
    const readings = [
      { at: 5, value: 5 },
      { at: 5, value: 4 },
      { at: 2, value: 5 },
      { at: 1, value: 1 },
      { at: 1, value: 1 },
      { at: 2, value: 6 },
      { at: 3, value: undefined },
      { at: 3, value: 7 },
    ];
    expect(eachOnce(readings)).toEqual({
      readings: [
        { at: 1, value: 1 },
        { at: 3, value: 7 },
      ],
      unclear: [2, 5],
    });
  });
});
