import { bandMeter, bandsFor } from "./third-octaves.ts";
import { weighted, weighting } from "./weighting.ts";

/** 20 µPa, what 0 dB stands for in air. */
const reference = 2e-5;
/** Time constant of the fast weighting F. */
const fast = 0.125;
/** How often the fast level is noted for the percentiles. */
const step = 0.1;

export const decibels = (meanSquare: number): number => 10 * Math.log10(Math.max(meanSquare, 1e-30) / reference ** 2);

export type Levels = {
  readonly seconds: number;
  readonly LAeq: number;
  readonly LCeq: number;
  readonly LZeq: number;
  readonly LAFmax: number;
  readonly LAFmin: number;
  /** Highest C-weighted instant. */
  readonly LCpeak: number;
  /** Levels exceeded 5, 10, 50, 90 and 95 % of the time, from the fast A-weighted level. */
  readonly percentiles: {
    readonly L5: number;
    readonly L10: number;
    readonly L50: number;
    readonly L90: number;
    readonly L95: number;
  };
  /** LAeq of each whole second. */
  readonly LAeq1s: readonly number[];
  /** Unweighted levels by third-octave band; absent where the recording is shorter than one window. */
  readonly thirdOctaves: Readonly<Record<string, number>>;
};

export type Meter = {
  /** Takes sound pressure in Pa; the samples are not kept. */
  add(pascal: Float64Array): void;
  levels(): Levels | undefined;
  /** Begins a new measurement without a break: filters and the fast level go on. */
  begin(): void;
  /** After a break in the sound: filters and fast level settle anew. Overwrites what sound could be found in. */
  forget(): void;
};

/** What is exceeded a share of the time, between neighbouring values where it falls between them. */
function exceeded(sorted: Float64Array, percent: number): number {
  const at = (1 - percent / 100) * (sorted.length - 1);
  const below = Math.floor(at);
  const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return sorted[below]! + (at - below) * (next - sorted[below]!);
}

/** So many notes of the fast level are its rise from nothing, not the place falling quiet. */
const rising = 5;

/**
 * A sound level meter for one channel. What it keeps is a level each tenth of a second and sums: no sound comes back from
 * them. Only the third-octave bands need a window of the sound itself, two thirds of a second; without them none is kept.
 */
export function meter(rate: number, { bands: wanted = true } = {}): Meter {
  const [toA, toC] = [weighted(weighting("A", rate)), weighted(weighting("C", rate))];
  const bands = wanted ? bandMeter(rate) : undefined;
  const smooth = 1 - Math.exp(-1 / (rate * fast));
  const every = Math.round(rate * step);
  let [a, c] = [new Float64Array(), new Float64Array()];
  let [noted, seconds]: [number[], number[]] = [[], []];
  let [count, sumZ, squaresZ, squaresA, squaresC, peakC] = [0, 0, 0, 0, 0, 0];
  let [level, top, second, unsettled] = [0, 0, 0, rising];
  return {
    add(pascal) {
      bands?.add(pascal);
      if (a.length < pascal.length) {
        for (const outgrown of [a, c]) outgrown.fill(0);
        [a, c] = [new Float64Array(pascal.length), new Float64Array(pascal.length)];
      }
      a.set(pascal);
      c.set(pascal);
      toA(a.subarray(0, pascal.length));
      toC(c.subarray(0, pascal.length));
      for (let i = 0; i < pascal.length; i++) {
        const [z, square] = [pascal[i]!, a[i]! ** 2];
        sumZ += z;
        squaresZ += z * z;
        squaresA += square;
        second += square;
        squaresC += c[i]! ** 2;
        peakC = Math.max(peakC, Math.abs(c[i]!));
        level += smooth * (square - level);
        top = Math.max(top, level);
        count++;
        if (count % every === 0) {
          if (unsettled > 0) unsettled--;
          else noted.push(level);
        }
        if (count % rate === 0) {
          seconds.push(decibels(second / rate));
          second = 0;
        }
      }
    },
    begin() {
      [noted, seconds] = [[], []];
      [count, sumZ, squaresZ, squaresA, squaresC, peakC, second] = [0, 0, 0, 0, 0, 0, 0];
      top = level;
      bands?.begin();
    },
    forget() {
      for (const buffer of [a, c]) buffer.fill(0);
      for (const one of [toA, toC, bands]) one?.forget();
      [level, unsettled] = [0, rising];
    },
    levels() {
      if (count === 0) return undefined;
      const fastLevels = Float64Array.from(noted.length > 0 ? noted : [top], decibels).sort();
      const squares = bands?.meanSquares() ?? [];
      return {
        seconds: count / rate,
        LAeq: decibels(squaresA / count),
        LCeq: decibels(squaresC / count),
        LZeq: decibels(squaresZ / count - (sumZ / count) ** 2),
        LAFmax: decibels(top),
        LAFmin: fastLevels[0]!,
        LCpeak: decibels(peakC ** 2),
        percentiles: {
          L5: exceeded(fastLevels, 5),
          L10: exceeded(fastLevels, 10),
          L50: exceeded(fastLevels, 50),
          L90: exceeded(fastLevels, 90),
          L95: exceeded(fastLevels, 95),
        },
        LAeq1s: [...seconds],
        thirdOctaves: Object.fromEntries(
          bandsFor(rate).flatMap(({ name }, b) => (squares[b] === undefined ? [] : [[name, decibels(squares[b])]])),
        ),
      };
    },
  };
}
