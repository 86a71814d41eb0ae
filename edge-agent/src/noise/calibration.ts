/** What a field calibrator's recording says about a microphone. */
export type Calibrated =
  | {
      readonly kind: "calibrated";
      /** Sound pressure in Pa at full scale (a sample of 1). */
      readonly fullScale: number;
      readonly hertz: number;
      /** How much the levels of quarters of a second differ, in dB. */
      readonly steadiness: number;
    }
  | { readonly kind: "refused"; readonly why: string };

const tolerance = { hertz: 0.02, steadiness: 0.2, purity: 0.9 };

/**
 * Sensitivity from a calibrator's tone (94 dB at 1 kHz unless told otherwise), given as samples between -1 and 1. The tone
 * is found by its own frequency; a wavering, impure or clipped one is refused, because every level would inherit it.
 */
export function calibrate(samples: Float64Array, rate: number, level = 94, hertz = 1000): Calibrated {
  const refuse = (why: string): Calibrated => ({ kind: "refused", why });
  if (samples.length < 3 * rate) return refuse("three seconds of the tone are needed");
  if (samples.some((v) => Math.abs(v) >= 0.999)) return refuse("the recording is clipped: lower the gain");
  // The ends may hold the calibrator being put on and taken off.
  const middle = samples.slice(Math.round(rate / 2), samples.length - Math.round(rate / 2));
  const meanSquare = middle.reduce((sum, v) => sum + v * v, 0) / middle.length;
  let crossings = 0;
  for (let i = 1; i < middle.length; i++) if (middle[i - 1]! < 0 && middle[i]! >= 0) crossings++;
  const found = (crossings * rate) / middle.length;
  if (Math.abs(found - hertz) > tolerance.hertz * hertz)
    return refuse(`the tone is at ${found.toFixed(0)} Hz, not ${hertz} Hz`);
  let [cos, sin] = [0, 0];
  let best = 0;
  for (let f = found - 1; f <= found + 1; f += 0.05) {
    [cos, sin] = [0, 0];
    for (let i = 0; i < middle.length; i++) {
      const angle = (2 * Math.PI * f * i) / rate;
      cos += middle[i]! * Math.cos(angle);
      sin += middle[i]! * Math.sin(angle);
    }
    best = Math.max(best, (2 * (cos * cos + sin * sin)) / middle.length ** 2);
  }
  if (best < tolerance.purity * meanSquare) return refuse("there is more in the recording than the tone");
  // Quarters of a second, because over a whole one a slow waver may cancel out.
  const length = Math.round(rate / 4);
  const levelOf = (k: number) => {
    const part = middle.subarray(k * length, (k + 1) * length);
    return 10 * Math.log10(part.reduce((sum, v) => sum + v * v, 0) / part.length);
  };
  const levels = Array.from({ length: Math.floor(middle.length / length) }, (_, k) => levelOf(k));
  const steadiness = Math.max(...levels) - Math.min(...levels);
  if (steadiness > tolerance.steadiness) return refuse(`the tone wavers by ${steadiness.toFixed(2)} dB`);
  const pascal = 2e-5 * 10 ** (level / 20);
  return { kind: "calibrated", fullScale: pascal / Math.sqrt(meanSquare), hertz: found, steadiness };
}
