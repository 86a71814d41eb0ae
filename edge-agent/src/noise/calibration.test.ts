import { describe, expect, it } from "vitest";
import { calibrate } from "./calibration.ts";

const sine = (rate: number, seconds: number, hertz: number, amplitude: number) =>
  Float64Array.from(
    { length: Math.round(rate * seconds) },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / rate),
  );

describe("the field calibrator", () => {
  it("gives the pressure of full scale from 94 dB at 1 kHz", () => {
    const result = calibrate(sine(16_000, 5, 1000, 0.1), 16_000);
    expect(result).toMatchObject({ kind: "calibrated" });
    expect(result.kind === "calibrated" && result.fullScale).toBeCloseTo(1.00237 / (0.1 / Math.SQRT2), 3);
  });
  it.each([
    ["another frequency", sine(16_000, 5, 250, 0.1), /250 Hz/],
    ["a short tone", sine(16_000, 2, 1000, 0.1), /three seconds/],
    ["a clipped tone", sine(16_000, 5, 1000, 1), /clipped/],
    ["a wavering tone", sine(16_000, 8, 1000, 0.1).map((v, i) => v * (1 + i / 1e6)), /wavers/],
    [
      "a tone in noise",
      sine(16_000, 5, 1000, 0.1).map((v, i) => v + 0.05 * Math.sin(i * i)),
      /more in the recording|Hz/,
    ],
  ] as [string, Float64Array, RegExp][])("refuses %s", (_, samples, why) => {
    const result = calibrate(samples, 16_000);
    expect(result.kind === "refused" && result.why).toMatch(why);
  });

  const full = 1.00237 / (0.1 / Math.SQRT2);
  const decibels = (fullScale: number) => Math.abs(20 * Math.log10(fullScale / full));
  const sensitivity = (samples: Float64Array, rate = 8000, ...tone: number[]) => {
    const result = calibrate(samples, rate, ...tone);
    return result.kind === "calibrated" ? result : result.why;
  };

  it.each([3, 5, 20, 61.3, 119])("takes a tone of %d seconds whose frequency is no round number", (seconds) => {
    const result = sensitivity(sine(8000, seconds, 1000.023, 0.1));
    expect(result).toMatchObject({ kind: "calibrated" });
    if (typeof result === "string") return;
    expect(decibels(result.fullScale)).toBeLessThan(0.005);
    expect(Math.abs(result.hertz - 1000.023)).toBeLessThan(0.005);
    expect(result.steadiness).toBeLessThan(0.01);
  });

  it("goes by the tone alone: neither an offset nor the noise of the room changes what it finds", () => {
    let state = 3;
    const noise = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2147483648 - 1;
    };
    for (const spoil of [(v: number) => v + 0.25, (v: number) => v + 0.015 * noise()]) {
      const result = sensitivity(sine(8000, 10, 1003.7, 0.1).map(spoil));
      expect(typeof result === "string" ? result : decibels(result.fullScale) < 0.05).toBe(true);
    }
  });

  it("takes a calibrator of another level and frequency, and the moments of putting it on do not matter", () => {
    const other = sensitivity(sine(8000, 4, 250, 0.1), 8000, 114, 250);
    expect(typeof other === "string" ? other : decibels(other.fullScale / 10) < 0.005).toBe(true);
    const handled = sine(8000, 4, 1000, 0.1).map((v, i) => (i < 3600 || i > 28_400 ? v + 0.3 * Math.sin(i / 300) : v));
    const result = sensitivity(handled);
    expect(typeof result === "string" ? result : decibels(result.fullScale) < 0.005).toBe(true);
  });

  it.each([
    ["1 dB in a second", (v: number, i: number) => v * 10 ** (i / 8000 / 20), /wavers by [\d.]+ dB/],
    ["a step of 0.3 dB", (v: number, i: number) => (i > 20_000 ? 1.035 * v : v), /wavers by 0\.3\d dB/],
    [
      "a hum as loud as a third of it",
      (v: number, i: number) => v + 0.035 * Math.sin((2 * Math.PI * 50 * i) / 8000),
      /more in the/,
    ],
    [
      "a frequency 2.5 % beside",
      (_: number, i: number) => 0.1 * Math.sin((2 * Math.PI * 1025 * i) / 8000),
      /tone is at 1025 Hz, not 1000 Hz/,
    ],
    ["silence", () => 0, /tone is at 0 Hz/],
  ] as [string, (v: number, i: number) => number, RegExp][])("refuses %s", (_, spoil, why) => {
    expect(sensitivity(sine(8000, 6, 1000, 0.1).map(spoil))).toMatch(why);
  });
});
