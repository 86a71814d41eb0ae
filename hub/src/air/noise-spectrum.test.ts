import { type ThirdOctave, thirdOctaves } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { euNoiseHours } from "./noise-assessment.ts";
import { noiseSpectrum } from "./noise-spectrum.ts";

const hour = 3_600_000;
const midnight = Date.UTC(2026, 10, 23);
/** 24 hours from the first morning hour on, each with what `level` says of it. */
const heard = (level: (band: ThirdOctave, h: number) => number | undefined) =>
  new Map(
    thirdOctaves.map((band) => {
      const hours = Array.from({ length: 24 }, (_, i) => 7 + i).flatMap((h): [number, number][] => {
        const at = level(band, h % 24);
        return at === undefined ? [] : [[midnight + h * hour, at]];
      });
      return [band, new Map(hours)];
    }),
  );
const at = (band: ThirdOctave, of: ReturnType<typeof noiseSpectrum>) => of.find((one) => one.band === band)!;

describe("the spectrum of a place's noise", () => {
  it("is the energy mean of each band by day, in the evening and at night", () => {
    // Half of the day's hours at 60 and half at 50 dB: 10·lg((10⁶ + 10⁵) / 2) = 57.4 dB.
    const of = noiseSpectrum(
      heard((_, h) => (h >= 23 || h < 7 ? 40 : h >= 19 ? 45 : h % 2 ? 60 : 50)),
      [midnight],
      euNoiseHours,
    );
    expect(of).toHaveLength(27);
    expect(at("1000", of).day).toBeCloseTo(57.4036, 3);
    expect(at("1000", of)).toMatchObject({ evening: expect.closeTo(45, 9), night: expect.closeTo(40, 9), tones: [] });
  });

  it("says nothing of a part of the day of which less than three quarters was measured", () => {
    const of = noiseSpectrum(
      heard((_, h) => (h >= 19 && h < 21 ? 45 : h < 7 || h >= 23 ? 40 : undefined)),
      [midnight],
      euNoiseHours,
    );
    expect(at("63", of)).toMatchObject({ day: undefined, evening: undefined, night: expect.closeTo(40, 9) });
  });

  it.each([
    ["125", 15],
    ["160", 8],
    ["400", 8],
    ["500", 5],
  ] as const)("finds a tone at %s Hz from %d dB above both neighbours on", (band, prominence) => {
    const tones = (above: number) =>
      noiseSpectrum(
        heard((b) => (b === band ? 40 + above : 40)),
        [midnight],
        euNoiseHours,
      ).flatMap((b) => (b.tones.length > 0 ? [b] : []));
    expect(tones(prominence - 0.1)).toEqual([]);
    expect(tones(prominence)).toMatchObject([{ band, tones: ["day", "evening", "night"] }]);
  });

  it("calls no band a tone that stands out of one neighbour only, nor one at the end of the scale", () => {
    const slope = noiseSpectrum(
      heard((b) => (thirdOctaves.indexOf(b) < 12 ? 60 : 30)),
      [midnight],
      euNoiseHours,
    );
    expect(slope.flatMap(({ tones }) => tones)).toEqual([]);
    const end = noiseSpectrum(
      heard((b) => (b === "25" || b === "10000" ? 80 : 30)),
      [midnight],
      euNoiseHours,
    );
    expect(end.flatMap(({ tones }) => tones)).toEqual([]);
  });

  it("finds the tone that only the night has", () => {
    const of = noiseSpectrum(
      heard((b, h) => (b === "100" && (h >= 23 || h < 7) ? 62 : 45)),
      [midnight],
      euNoiseHours,
    );
    expect(at("100", of).tones).toEqual(["night"]);
  });

  it("is without levels where nothing was measured", () => {
    for (const one of noiseSpectrum(new Map(), [midnight], euNoiseHours))
      expect(one).toMatchObject({ day: undefined, evening: undefined, night: undefined, tones: [] });
  });
});
