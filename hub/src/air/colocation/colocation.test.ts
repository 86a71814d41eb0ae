import { describe, expect, it } from "vitest";
import { hour } from "../timestamp.ts";
import { agreementOf, precisionOf } from "./agreement.ts";
import { bestLag, calibrate } from "./calibration.ts";
import { meansOver, type Pair, pairsOf } from "./pairs.ts";
import { colocationReport } from "./report.ts";
import { againstTargets } from "./targets.ts";

/** A repeatable noise between -1 and 1. */
const noise = (i: number, seed = 1): number => {
  const x = Math.sin(i * 12.9898 + seed * 78.233) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
};
const reference = (i: number) => 30 + 15 * Math.sin(i / 9) + 6 * Math.sin(i / 31) + 2 * noise(i, 7);
const pairs = (n: number, sensor: (reference: number, i: number) => number): Pair[] =>
  Array.from({ length: n }, (_, i) => ({ at: i * hour, reference: reference(i), sensor: sensor(reference(i), i) }));

describe("pairing", () => {
  it("averages minutes to hours and leaves out hours that are not three quarters there", () => {
    const minutes = Array.from({ length: 180 }, (_, i) => ({
      at: i * 60_000,
      value: i >= 60 && i < 76 ? undefined : Math.floor(i / 60),
    }));
    const hours = [0, 1, 2].map((h) => ({ at: h * hour, value: 10 * h }));
    expect(pairsOf(minutes, hours)).toEqual({
      span: hour,
      pairs: [
        { at: 0, sensor: 0, reference: 0 },
        { at: 2 * hour, sensor: 2, reference: 20 },
      ],
    });
    const full = minutes.map(({ at }) => ({ at, value: 1 }));
    expect(
      meansOver(
        full.filter((_, i) => i < 60 || i > 74),
        hour,
      ).has(hour),
    ).toBe(true);
    expect(
      meansOver(
        full.filter((_, i) => i < 60 || i > 75),
        hour,
      ).has(hour),
    ).toBe(false);
  });
});

describe("agreement", () => {
  it("states slope and intercept over the reference", () => {
    const a = agreementOf(pairs(200, (r) => 1.3 * r - 4))!;
    expect([a.slope, a.intercept, a.r2].map((v) => Math.round(v * 1e9) / 1e9)).toEqual([1.3, -4, 1]);
    expect(a.rmse).toBeGreaterThan(Math.abs(a.bias));
    expect(againstTargets("pm25", a).map((t) => t.met)).toEqual([true, true, true, a.rmse <= 7]);
    expect(againstTargets("o3", a).map((t) => t.met)).toEqual([false, true, true, a.rmse <= 5]);
  });

  it("gives the precision among sensors of one kind", () => {
    const one = (v: number) =>
      new Map([
        [0, v],
        [hour, v],
      ]);
    expect(precisionOf([one(9), one(11)])).toEqual({ sd: Math.SQRT2, cv: (100 * Math.SQRT2) / 10, n: 2 });
    expect(precisionOf([one(9)])).toBeUndefined();
  });
});

describe("calibration", () => {
  it("finds gain and offset again and covers them with its interval", () => {
    const verdict = calibrate(pairs(400, (r, i) => (r - 5) / 2 + noise(i)));
    expect(verdict.kind).toBe("accepted");
    const { gain, gainInterval, judged } = verdict.calibration!;
    expect(gainInterval[0]).toBeLessThan(gain);
    expect([gainInterval[0] < 2, gainInterval[1] > 1.9, judged.rmseAfter < 3, judged.rmseBefore > 10]).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it("refuses a dead channel, though its RMSE improves", () => {
    const verdict = calibrate(pairs(600, (_, i) => 8 + 4 * noise(i, 3)));
    expect(verdict).toMatchObject({
      kind: "refused",
      why: expect.arrayContaining([expect.stringContaining("below 0.7"), expect.stringContaining("may be 0")]),
    });
    expect(verdict.calibration!.judged.rmseAfter).toBeLessThan(verdict.calibration!.judged.rmseBefore);
  });

  it("refuses a relation that does not hold in the second half", () => {
    const verdict = calibrate(pairs(600, (r, i) => (i < 300 ? r : 60 - r)));
    expect(verdict).toMatchObject({ kind: "refused", why: [expect.stringContaining("no better than the mean")] });
  });

  it("refuses a sensor that falls when the reference rises, a stuck one and a short campaign", () => {
    expect(calibrate(pairs(600, (r) => -r))).toMatchObject({ why: [expect.stringContaining("negative")] });
    expect(calibrate(pairs(600, () => 8))).toMatchObject({ kind: "refused" });
    expect(calibrate(pairs(90, (r) => r))).toMatchObject({
      kind: "refused",
      why: [expect.stringContaining("too few")],
    });
  });

  it("is wider for hours that resemble each other than a plain interval", () => {
    let wander = 0;
    const slow = pairs(800, (r, i) => {
      wander = 0.97 * wander + noise(i, 5);
      return r + 3 * wander;
    });
    const width = (lags: number) => {
      const { gainInterval } = calibrate(slow, lags).calibration!;
      return gainInterval[1] - gainInterval[0];
    };
    expect(width(24)).toBeGreaterThan(1.3 * width(0));
  });

  it("notices a clock that is three hours off", () => {
    const shifted = pairs(600, (_, i) => reference(i + 3));
    expect(bestLag(shifted, hour)).toMatchObject({ lag: 3 });
    expect(
      bestLag(
        pairs(600, (r) => r),
        hour,
      ),
    ).toMatchObject({ lag: 0 });
  });
});

describe("the printed sheet", () => {
  it("tells verdict and reasons, and lets no file name write markup", () => {
    const own = pairs(600, (_, i) => 8 + 4 * noise(i, 3));
    const agreement = agreementOf(own)!;
    const page = colocationReport({
      sensor: "<script>alert(1)</script>.csv",
      reference: "town hall & park",
      unit: "ppb",
      spanMinutes: 60,
      pairs: own,
      agreement,
      targets: againstTargets("no2", agreement),
      verdict: calibrate(own),
      warning: null,
    });
    expect(page).not.toContain("<script>");
    expect(page).toContain("town hall &#38; park");
    expect(page).toContain("Calibration refused");
    expect(page).toContain("the gain may be 0");
    expect(page.match(/<circle/g)).toHaveLength(600);
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });
});
