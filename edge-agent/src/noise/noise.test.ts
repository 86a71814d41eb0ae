import { describe, expect, it } from "vitest";
import { class1 } from "./class-1.ts";
import { meter } from "./meter.ts";
import { responseOf, weighting, weightingAt } from "./weighting.ts";

const rates = [8000, 16_000, 22_050, 44_100, 48_000, 96_000];

describe("frequency weighting", () => {
  it.each(class1)("the formula at 10^%i/10 Hz rounds to the table's %d and %d dB", (n, a, c) => {
    const f = 10 ** (n / 10);
    expect([weightingAt("A", f), weightingAt("C", f)].map((v) => Math.round(v * 10) / 10 + 0)).toEqual([a, c]);
  });

  it.each(rates)(
    "the filters at %i Hz stay within a third of class 1's limits up to 85 %% of what they can carry",
    (rate) => {
      const [a, c] = [weighting("A", rate), weighting("C", rate)];
      for (const [n, , , below, above] of class1) {
        const f = 10 ** (n / 10);
        if (f > 0.85 * (rate / 2)) continue;
        for (const off of [responseOf(a, f) - weightingAt("A", f), responseOf(c, f) - weightingAt("C", f)]) {
          expect([rate, n, off < above / 3, off > -below / 3]).toEqual([rate, n, true, true]);
        }
      }
    },
  );
});

const sine = (rate: number, seconds: number, hertz: number, amplitude: number) =>
  Float64Array.from(
    { length: Math.round(rate * seconds) },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / rate),
  );
const levelsOf = (samples: Float64Array, rate: number, piece = samples.length) => {
  const of = meter(rate);
  for (let i = 0; i < samples.length; i += piece) of.add(samples.slice(i, i + piece));
  return of.levels()!;
};

describe("the meter", () => {
  // python-acoustics tests/standards/test_iec_61672_1_2013.py: 1 Pa at 400 Hz is 91 dB, four times as much 103 dB.
  it.each([
    [1, 91],
    [4, 103],
  ])("reads a 400 Hz sine of %d Pa as %d dB", (amplitude, level) => {
    const levels = levelsOf(sine(4000, 5, 400, amplitude), 4000);
    expect(Math.abs(levels.LZeq - level)).toBeLessThan(0.05);
    // At 4 kHz the filter bends close to the end of what it can carry; class 1 allows 1 dB.
    expect(Math.abs(levels.LAeq - (level - 4.8))).toBeLessThan(0.4);
    expect(Math.abs(levels.LAFmax - levels.LAeq)).toBeLessThan(0.1);
  });

  it("reads A and C alike at 1 kHz, and the tone in its own band", () => {
    const levels = levelsOf(sine(48_000, 4, 1000, Math.SQRT2), 48_000);
    for (const level of [levels.LAeq, levels.LCeq, levels.LZeq, levels.thirdOctaves["1000"]!, levels.percentiles.L50])
      expect(Math.abs(level - 93.98)).toBeLessThan(0.05);
    expect(levels.thirdOctaves["800"]!).toBeLessThan(60);
    expect(levels.LAeq1s).toHaveLength(4);
  });

  it("follows a burst with the fast time constant: 125 ms of a tone reach 2 dB below it", () => {
    const samples = new Float64Array(48_000 * 3);
    samples.set(sine(48_000, 0.125, 1000, Math.SQRT2), 48_000);
    expect(Math.abs(levelsOf(samples, 48_000).LAFmax - (93.98 - 1.99))).toBeLessThan(0.1);
  });

  it("says what is exceeded a tenth and nine tenths of the time", () => {
    const loud = sine(16_000, 4, 1000, 0.2);
    const samples = new Float64Array(16_000 * 20);
    samples.set(sine(16_000, 20, 1000, 0.002));
    samples.set(loud, 16_000 * 8);
    const { percentiles, LAFmin } = levelsOf(samples, 16_000);
    expect(percentiles.L10 - percentiles.L90).toBeGreaterThan(38);
    expect(Math.abs(percentiles.L50 - LAFmin)).toBeLessThan(3);
  });

  it("spreads noise over the bands by their width", () => {
    let state = 7;
    const noise = Float64Array.from({ length: 48_000 * 8 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2147483648 - 1;
    });
    const { thirdOctaves, LZeq } = levelsOf(noise, 48_000);
    expect(Math.abs(thirdOctaves["8000"]! - thirdOctaves["4000"]! - 3.01)).toBeLessThan(0.4);
    const all = Object.values(thirdOctaves).reduce((sum, l) => sum + 10 ** (l / 10), 0);
    // The bands end at 22.4 kHz and begin at 17.8 Hz.
    expect(Math.abs(10 * Math.log10(all) - LZeq + 10 * Math.log10(24_000 / 22_370))).toBeLessThan(0.1);
  });

  it("reads the same in pieces of any size, and no thump from an offset", () => {
    const samples = sine(16_000, 3, 500, 0.1).map((v) => v + 0.5);
    const [whole, pieces] = [levelsOf(samples, 16_000), levelsOf(samples, 16_000, 777)];
    expect(Math.abs(whole.LAeq - pieces.LAeq)).toBeLessThan(1e-9);
    expect(whole.LAFmax - whole.LAeq).toBeLessThan(0.3);
  });

  it("hears nothing in silence", () => {
    const { LAeq, LCeq, LZeq, LCpeak, LAFmax, LAFmin, LAeq1s, percentiles } = levelsOf(
      new Float64Array(32_000),
      16_000,
    );
    const all = [LAeq, LCeq, LZeq, LCpeak, LAFmax, LAFmin, ...LAeq1s, ...Object.values(percentiles)];
    expect(Math.max(...all)).toBeLessThan(-100);
  });

  it("has nothing to say about nothing", () => expect(meter(48_000).levels()).toBeUndefined());

  it("tells the highest instant, the level of each second, and the same with an offset", () => {
    const loud = [1, 0.1, 1, 0.1];
    const samples = sine(16_000, 4, 1000, Math.SQRT2).map((v, i) => v * loud[Math.floor(i / 16_000)]!);
    const { LCpeak, LAeq1s, seconds } = levelsOf(samples, 16_000);
    expect(seconds).toBe(4);
    // At the steps the filter overshoots a little.
    expect(Math.abs(LCpeak - 96.99)).toBeLessThan(1.5);
    expect(Math.abs(levelsOf(sine(16_000, 4, 1000, Math.SQRT2), 16_000).LCpeak - 96.99)).toBeLessThan(0.4);
    for (const [i, level] of [93.98, 73.98, 93.98, 73.98].entries())
      expect(Math.abs(LAeq1s[i]! - level)).toBeLessThan(0.1);
    expect(LAeq1s).toHaveLength(4);
    const [plain, offset] = [samples, samples.map((v) => v + 0.3)].map((s) => levelsOf(s, 16_000).LZeq);
    expect(Math.abs(plain! - offset!)).toBeLessThan(0.01);
  });

  it("says what is exceeded how much of the time, of a level that rises evenly", () => {
    const rate = 8000;
    const samples = sine(rate, 100, 500, Math.SQRT2).map((v, i) => v * 10 ** ((0.4 * (i / rate) - 30) / 20));
    const { percentiles, LAFmin, LAFmax, LZeq } = levelsOf(samples, rate);
    // 500 Hz is 3.2 dB less with A-weighting; the fast level follows 0.05 dB behind.
    const at = (second: number) => 93.98 - 3.2 - 30 + 0.4 * second - 0.05;
    const wanted = { L5: at(95), L10: at(90), L50: at(50), L90: at(10), L95: at(5) };
    for (const [name, level] of Object.entries(wanted))
      expect([name, Math.abs(percentiles[name as keyof typeof wanted] - level) < 0.15]).toEqual([name, true]);
    expect([Math.abs(LAFmin - at(0.6)), Math.abs(LAFmax - at(100))].map((off) => off < 0.2)).toEqual([true, true]);
    expect(LZeq).toBeGreaterThan(LAFmin);
  });

  it("begins a new measurement without what was before, and none of it after a break", () => {
    const [loud, quiet] = [sine(16_000, 3, 1000, Math.SQRT2), sine(16_000, 3, 1000, Math.SQRT2 / 100)];
    const on = meter(16_000);
    on.add(loud);
    on.begin();
    expect(on.levels()).toBeUndefined();
    // The fast level falls 35 dB in a second.
    on.add(quiet);
    on.begin();
    on.add(quiet);
    const { LAeq, LCeq, LZeq, LCpeak, LAFmax, seconds, LAeq1s } = on.levels()!;
    expect(seconds).toBe(3);
    for (const level of [LAeq, LCeq, LZeq, LAFmax, ...LAeq1s]) expect(Math.abs(level - 53.98)).toBeLessThan(0.2);
    expect(Math.abs(LCpeak - 56.99)).toBeLessThan(0.2);
    const broken = meter(16_000);
    broken.add(loud);
    broken.forget();
    broken.begin();
    broken.add(quiet);
    expect(Math.abs(broken.levels()!.LAFmax - 53.98)).toBeLessThan(0.5);
  });

  it("tells levels of what is shorter than any note of the fast level, and no band of what is shorter than its window", () => {
    const { LAeq, percentiles, thirdOctaves } = levelsOf(sine(48_000, 0.3, 1000, Math.SQRT2), 48_000);
    expect(Math.abs(LAeq - 93.98)).toBeLessThan(0.3);
    const [level, ...others] = [...new Set(Object.values(percentiles))];
    expect([Math.abs(level! - 93.98) < 1, others]).toEqual([true, []]);
    expect(thirdOctaves).toEqual({});
  });

  it.each([
    [8000, 3150],
    [16_000, 6300],
    [44_100, 16_000],
    [48_000, 20_000],
    [96_000, 20_000],
  ])("at %i Hz has bands up to that of %i Hz, whose upper end is still below half of it", (rate, highest) => {
    expect(Math.max(...Object.keys(levelsOf(sine(rate, 2, 1000, 0.1), rate).thirdOctaves).map(Number))).toBe(highest);
  });
});
