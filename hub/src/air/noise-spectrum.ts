import { type ThirdOctave, thirdOctaves } from "@openkerb/contract";
import { equivalentLevel, lengths, type NoiseHours, periodOf } from "./noise-assessment.ts";
import { dayFrom } from "./noise-period.ts";

/** Levels of a band by the start of each hour, dB; the same sensor's bands. */
export type BandsHeard = ReadonlyMap<ThirdOctave, ReadonlyMap<number, number>>;
export type NoisePart = "day" | "evening" | "night";
export type BandLevels = {
  readonly band: ThirdOctave;
  readonly day: number | undefined;
  readonly evening: number | undefined;
  readonly night: number | undefined;
  /** The parts of the day in which the band stands out of both its neighbours as a tone does. */
  readonly tones: readonly NoisePart[];
};

const parts = ["day", "evening", "night"] as const;
/** Below this share of one day's hours of a part, its level is not told. */
const enough = 0.75;

/**
 * By how many dB a band exceeds both neighbours where a tone is likely: 15 from 25 to 125 Hz, 8 from 160 to 400 Hz, 5 from
 * 500 Hz to 10 kHz (ISO 1996-2:2017 Annex K, the survey method by third-octave bands).
 */
export const prominent = (band: ThirdOctave): number => (Number(band) <= 125 ? 15 : Number(band) <= 400 ? 8 : 5);

/**
 * Energy means of every band over the day, evening and night hours of several days of a place. The bands at the ends have
 * one neighbour only and are never called a tone.
 */
export function noiseSpectrum(heard: BandsHeard, midnights: readonly number[], hours: NoiseHours): BandLevels[] {
  const needed = lengths(hours);
  const means = thirdOctaves.map((band) => {
    const levels: Record<NoisePart, number[]> = { day: [], evening: [], night: [] };
    const known = heard.get(band);
    if (known)
      for (const midnight of midnights)
        for (const [h, level] of dayFrom(known, midnight, hours.day).entries())
          if (level !== undefined) levels[periodOf(h, hours)].push(level);
    const mean = (part: NoisePart) =>
      levels[part].length >= Math.max(1, enough * needed[part]) ? equivalentLevel(levels[part]) : undefined;
    return { band, day: mean("day"), evening: mean("evening"), night: mean("night") };
  });
  return means.map((one, i) => {
    const [below, above] = [means[i - 1], means[i + 1]];
    const standsOut = (part: NoisePart): boolean => {
      const [level, low, high] = [one[part], below?.[part], above?.[part]];
      if (level === undefined || low === undefined || high === undefined) return false;
      return level - Math.max(low, high) >= prominent(one.band);
    };
    return { ...one, tones: parts.filter(standsOut) };
  });
}
