import {
  bandMetric,
  floorTo,
  type Instant,
  minutes,
  type QualityFlag,
  type ThirdOctave,
  thirdOctaves,
} from "@openkerb/contract";
import type { Decoded, FieldValue, Minute } from "../sensors/bytes.ts";
import { type Levels, type Meter, meter } from "./meter.ts";

const minute = minutes(1);
/** The first second of a sound card holds the thump of switching on. */
const settling = 1;
/** So many seconds of one and the same sample are no silence: even a quiet place moves the last bit. */
export const cutOffAfter = 10;
/** A minute with more samples at full scale than this share was louder than the microphone can tell. */
const overload = 1e-4;
/** Less than this share of a minute measured, and the minute is suspect. */
const complete = 0.75;

export type MinuteMeterOptions = {
  readonly rate: number;
  /** Pa at full scale, or nothing when nobody has calibrated the microphone. */
  readonly calibration?: { readonly fullScale: number; readonly date: string } | undefined;
  /** The smallest step between two samples, as a share of full scale. */
  readonly step: number;
  /** Also the levels of the third-octave bands that the sample rate can carry. */
  readonly thirdOctaves?: boolean | undefined;
};

/**
 * Makes levels of whole minutes of the clock out of sound, and of nothing shorter, so that no speech can be made out in
 * them: LAeq, LCeq, the highest LAF, the levels exceeded 10, 50 and 90 % of the time from LAF noted ten times a
 * second (ISO 1996-2 wants percentiles of the F-weighted level), and where wished the bands' unweighted levels. Quality:
 * 4 with ten seconds of one and the same sample, 3 when overloaded, uncalibrated or less than three quarters measured,
 * else 1.
 */
export type MinuteMeter = {
  /** Takes a block of samples (shares of full scale), which ended at `at`, and overwrites it. */
  add(samples: Float64Array, at: Instant): void;
  /** The minute before `at`, once, when something of it was measured. */
  turn(at: Instant): Decoded | undefined;
  /** The minute that was begun, at the end. */
  end(): Decoded | undefined;
  /** True when the same sample comes for so long that the microphone must be cut off. */
  cutOff(): boolean;
  /** After a break in the sound. */
  forget(): void;
};

export function minuteMeter({ rate, calibration, step, thirdOctaves: bands }: MinuteMeterOptions): MinuteMeter {
  const fullScale = calibration?.fullScale ?? 1;
  // What the steps of the converter alone sound like; it cannot tell anything quieter.
  const floor = 20 * Math.log10((fullScale * step) / Math.sqrt(12) / 2e-5);
  const of: Meter = meter(rate, { bands: bands === true });
  let begun: Instant | undefined;
  let [count, clipped, same, last, skip] = [0, 0, 0, Number.NaN, settling * rate];
  let broken = false;

  function tell(): Decoded | undefined {
    const levels = count === 0 ? undefined : of.levels();
    const at = begun;
    const state: Minute["state"] = broken
      ? "cut-off"
      : clipped > overload * count
        ? "overloaded"
        : calibration
          ? "measuring"
          : "uncalibrated";
    const quality: QualityFlag = broken ? 4 : state !== "measuring" || count < complete * 60 * rate ? 3 : 1;
    of.begin();
    [count, clipped, broken] = [0, 0, same >= cutOffAfter * rate];
    begun = undefined;
    if (levels === undefined || at === undefined) return undefined;
    const by = calibration ? `.calibrated-${calibration.date}` : ".uncalibrated";
    return { kind: "values", values: valuesOf(levels, floor, rate), minute: { at, quality, by, state } };
  }

  return {
    add(samples, at) {
      const start = floorTo(at, minute);
      begun ??= start;
      const used = samples.subarray(Math.min(skip, samples.length));
      skip -= samples.length - used.length;
      for (const v of used) {
        if (Math.abs(v) >= 0.999) clipped++;
        same = v === last ? same + 1 : 0;
        last = v;
      }
      if (same >= cutOffAfter * rate) broken = true;
      count += used.length;
      for (let i = 0; i < used.length; i++) used[i] = used[i]! * fullScale;
      of.add(used);
      samples.fill(0);
    },
    turn: (at) => (begun === undefined || floorTo(at, minute) === begun ? undefined : tell()),
    end: tell,
    cutOff: () => same >= cutOffAfter * rate,
    forget() {
      of.forget();
      [same, last, skip] = [0, Number.NaN, settling * rate];
    },
  };
}

function valuesOf(levels: Levels, floor: number, rate: number): readonly FieldValue[] {
  const { L10, L50, L90 } = levels.percentiles;
  const all = { laeq: levels.LAeq, lceq: levels.LCeq, lafmax: levels.LAFmax, la10: L10, la50: L50, la90: L90 };
  const value = (metric: string, level: number, least: number): FieldValue => ({
    ...{ name: metric, metric, unit: "dB[SPL]" },
    value: Math.round(Math.max(level, least) * 100) / 100,
  });
  return [
    ...Object.entries(all).map(([metric, level]) => value(metric, level, floor)),
    ...thirdOctaves.flatMap((band) => {
      const level = levels.thirdOctaves[band];
      // What the converter adds by itself is spread evenly over all it can carry; a band holds its share.
      return level === undefined ? [] : [value(bandMetric(band), level, floor + 10 * Math.log10(shareOf(band, rate)))];
    }),
  ];
}

/** The part of all that a sample rate can carry which lies within a third-octave band. */
const shareOf = (band: ThirdOctave, rate: number): number => (Number(band) * (10 ** 0.05 - 10 ** -0.05)) / (rate / 2);
