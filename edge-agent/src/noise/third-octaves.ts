/** Nominal names of the third-octave bands; the exact middles are powers of ten to the tenth (IEC 61260-1, base ten). */
const nominal = [
  "20",
  "25",
  "31.5",
  "40",
  "50",
  "63",
  "80",
  "100",
  "125",
  "160",
  "200",
  "250",
  "315",
  "400",
  "500",
  "630",
  "800",
  "1000",
  "1250",
  "1600",
  "2000",
  "2500",
  "3150",
  "4000",
  "5000",
  "6300",
  "8000",
  "10000",
  "12500",
  "16000",
  "20000",
] as const;
const firstExponent = 13;

export type Band = { readonly name: string; readonly middle: number; readonly low: number; readonly high: number };

/** The bands whose upper edge a sample rate can carry. */
export const bandsFor = (rate: number): Band[] =>
  nominal.flatMap((name, i) => {
    const middle = 10 ** ((firstExponent + i) / 10);
    const [low, high] = [middle * 10 ** -0.05, middle * 10 ** 0.05];
    return high <= rate / 2 ? [{ name, middle, low, high }] : [];
  });

/** Discrete Fourier transform in place; the length is a power of two. */
export function transform(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2;
    for (let k = 0; k < half; k++) {
      const angle = (-2 * Math.PI * k) / size;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      for (let at = k; at < n; at += size) {
        const to = at + half;
        const [x, y] = [re[to]! * c - im[to]! * s, re[to]! * s + im[to]! * c];
        re[to] = re[at]! - x;
        im[to] = im[at]! - y;
        re[at] = re[at]! + x;
        im[at] = im[at]! + y;
      }
    }
  }
}

/**
 * Mean square in each band over everything that was added, from overlapping Hann windows. A spectral line belongs to a
 * band by the part of its width that lies within the band's edges.
 */
export function bandMeter(rate: number): {
  add(samples: Float64Array): void;
  meanSquares(): (number | undefined)[];
  /** Begins a new measurement; the window goes on, so that nothing between two is lost. */
  begin(): void;
  /** Overwrites everything that sound could be found in. */
  forget(): void;
} {
  // About 1.5 Hz from line to line at 48 kHz: the lowest band is four lines wide.
  const length = 2 ** Math.round(Math.log2(0.7 * rate));
  const window = Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));
  const norm = window.reduce((sum, w) => sum + w * w, 0);
  const bands = bandsFor(rate);
  const sums = new Float64Array(bands.length);
  const [kept, re, im] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
  const width = rate / length;
  let filled = 0;
  let blocks = 0;
  const block = () => {
    for (let i = 0; i < length; i++) re[i] = kept[i]! * window[i]!;
    im.fill(0);
    transform(re, im);
    for (const [b, { low, high }] of bands.entries()) {
      let sum = 0;
      for (let k = Math.floor(low / width - 0.5); k <= Math.ceil(high / width + 0.5); k++) {
        const share = Math.min(high, (k + 0.5) * width) - Math.max(low, (k - 0.5) * width);
        if (share > 0 && k >= 0 && k <= length / 2) sum += (share / width) * (re[k]! ** 2 + im[k]! ** 2);
      }
      sums[b] = sums[b]! + (2 * sum) / (norm * length);
    }
    blocks++;
    kept.copyWithin(0, length / 2);
    filled = length / 2;
  };
  return {
    add(samples) {
      for (let from = 0; from < samples.length; ) {
        const part = samples.subarray(from, from + length - filled);
        kept.set(part, filled);
        filled += part.length;
        from += part.length;
        if (filled === length) block();
      }
    },
    meanSquares: () => bands.map((_, b) => (blocks === 0 ? undefined : sums[b]! / blocks)),
    begin() {
      sums.fill(0);
      blocks = 0;
    },
    forget() {
      for (const buffer of [kept, re, im]) buffer.fill(0);
      filled = 0;
    },
  };
}
