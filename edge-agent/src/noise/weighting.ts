/** One first-order step of a filter: y = b0·x + b1·x₋₁ + a·y₋₁. */
type Section = { readonly b0: number; readonly b1: number; readonly a: number };
export type Weighting = { readonly sections: readonly Section[]; readonly rate: number };

// Pole frequencies of IEC 61672-1, annex E.
const f1 = 20.598997;
const f2 = 107.65265;
const f3 = 737.86223;
const f4 = 12194.217;

/** The weighting of IEC 61672-1 at a frequency in dB, 0 at 1 kHz. */
export function weightingAt(kind: "A" | "C", frequency: number): number {
  const c = (f: number) => (f4 ** 2 * f ** 2) / ((f ** 2 + f1 ** 2) * (f ** 2 + f4 ** 2));
  const a = (f: number) => (c(f) * f ** 2) / Math.sqrt((f ** 2 + f2 ** 2) * (f ** 2 + f3 ** 2));
  const of = kind === "A" ? a : c;
  return 20 * Math.log10(of(frequency) / of(1000));
}

/** Gives 1 + d·cos(w) as |1 − a·e^{-iw}|² · s with |a| < 1. */
function factored(d: number): { readonly root: number; readonly scale: number } {
  const root = d === 0 ? 0 : (Math.sqrt(1 - d * d) - 1) / d;
  return { root, scale: 1 / (1 + root * root) };
}

/**
 * A first-order section whose magnitude equals the analogue one's at three frequencies instead of being squeezed below
 * the Nyquist frequency as the bilinear transform would. In c = cos(w) the squared magnitude is (n0 + n1·c)/(1 + d·c),
 * so each frequency is one linear equation.
 */
function matched(kind: "high" | "low", pole: number, rate: number): Section {
  const power = (f: number) => (kind === "low" ? 1 : (f / pole) ** 2) / (1 + (f / pole) ** 2);
  const nyquist = rate / 2;
  // Between its pole and the end of what can be heard, a section has to be right where it bends.
  const middle = Math.min(pole, 0.6 * nyquist);
  const c = Math.cos((2 * Math.PI * middle) / rate);
  const [m, end] = [power(middle), power(nyquist)];
  let [n0, n1, d] = [0, 0, 0];
  if (kind === "high") {
    // n0 + n1 = 0 at rest; n·2 = end·(1 − d) at the end; n·(1 − c) = m·(1 + d·c) in the middle.
    d = (m - (end * (1 - c)) / 2) / (-(end * (1 - c)) / 2 - m * c);
    n0 = (end * (1 - d)) / 2;
    n1 = -n0;
  } else {
    // n0 + n1 = 1 + d; n0 − n1 = end·(1 − d); n0 + n1·c = m·(1 + d·c).
    const [a, b] = [(1 + end) / 2, (1 - end) / 2];
    d = (m - a - b * c) / (b + a * c - m * c);
    n0 = a + b * d;
    n1 = b + a * d;
  }
  const pole_ = factored(d);
  const zero = factored(n1 / n0);
  const gain = Math.sqrt((n0 * zero.scale) / pole_.scale);
  return { b0: gain, b1: -gain * zero.root, a: pole_.root };
}

/** Magnitude of sections at a frequency, in dB. */
export function responseOf({ sections, rate }: Weighting, frequency: number): number {
  const w = (2 * Math.PI * frequency) / rate;
  const [cos, sin] = [Math.cos(w), Math.sin(w)];
  let power = 1;
  for (const { b0, b1, a } of sections)
    power *= ((b0 + b1 * cos) ** 2 + (b1 * sin) ** 2) / ((1 - a * cos) ** 2 + (a * sin) ** 2);
  return 10 * Math.log10(power);
}

/** The digital weighting for a sample rate, exactly 0 dB at 1 kHz. */
export function weighting(kind: "A" | "C", rate: number): Weighting {
  const poles: [of: "high" | "low", pole: number][] = [
    ["high", f1],
    ["high", f1],
    ["low", f4],
    ["low", f4],
  ];
  if (kind === "A") poles.push(["high", f2], ["high", f3]);
  const sections = poles.map(([of, pole]) => matched(of, pole, rate));
  const gain = 10 ** (-responseOf({ sections, rate }, 1000) / 20);
  const [first, ...rest] = sections as [Section, ...Section[]];
  return { rate, sections: [{ ...first, b0: gain * first.b0, b1: gain * first.b1 }, ...rest] };
}

/** Runs samples through a weighting in place; begins settled on the first sample, so that an offset makes no thump. */
export function weighted({ sections }: Weighting): ((samples: Float64Array) => void) & { forget(): void } {
  const before = new Float64Array(2 * sections.length);
  let begun = false;
  const forget = () => {
    before.fill(0);
    begun = false;
  };
  return Object.assign(run, { forget });

  function run(samples: Float64Array): void {
    if (!begun && samples.length > 0) {
      let level = samples[0]!;
      for (const [k, { b0, b1, a }] of sections.entries()) {
        before[2 * k] = level;
        level = ((b0 + b1) * level) / (1 - a);
        before[2 * k + 1] = level;
      }
      begun = true;
    }
    for (const [k, { b0, b1, a }] of sections.entries()) {
      let [x1, y1] = [before[2 * k]!, before[2 * k + 1]!];
      for (let i = 0; i < samples.length; i++) {
        const x = samples[i]!;
        y1 = b0 * x + b1 * x1 + a * y1;
        x1 = x;
        samples[i] = y1;
      }
      before[2 * k] = x1;
      before[2 * k + 1] = y1;
    }
  }
}
