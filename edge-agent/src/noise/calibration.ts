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

/** What a stretch of samples holds of a frequency: its phase and its mean square. */
function toneIn(samples: Float64Array, rate: number, hertz: number): { cos: number; sin: number; meanSquare: number } {
  const step = (2 * Math.PI * hertz) / rate;
  let [cos, sin] = [0, 0];
  for (let i = 0; i < samples.length; i++) {
    cos += samples[i]! * Math.cos(step * i);
    sin += samples[i]! * Math.sin(step * i);
  }
  return { cos, sin, meanSquare: (2 * (cos * cos + sin * sin)) / samples.length ** 2 };
}

/**
 * The frequency of a tone of which a frequency nearby is known: by how much its phase moves from each part to the next
 * beyond what that frequency would move it. Good to a small part of what counting its waves gives.
 */
function exactly(hertz: number, parts: readonly Float64Array[], rate: number): number {
  const length = parts[0]!.length;
  const turn = ((2 * Math.PI * hertz) / rate) * length;
  let [real, imaginary] = [0, 0];
  let before: ReturnType<typeof toneIn> | undefined;
  for (const part of parts) {
    const { cos, sin } = toneIn(part, rate, hertz);
    if (before) {
      real += cos * before.cos + sin * before.sin;
      imaginary += cos * before.sin - sin * before.cos;
    }
    before = { cos, sin, meanSquare: 0 };
  }
  const moved = Math.atan2(imaginary, real) - turn;
  return hertz + ((moved - 2 * Math.PI * Math.round(moved / (2 * Math.PI))) * rate) / (2 * Math.PI * length);
}

/**
 * Sensitivity from a calibrator's tone (94 dB at 1 kHz unless told otherwise), given as samples between -1 and 1. Only the
 * tone counts, not an offset of the sound card nor the noise of the room; a wavering, impure or clipped one is refused,
 * because every level would inherit it.
 */
export function calibrate(samples: Float64Array, rate: number, level = 94, hertz = 1000): Calibrated {
  const refuse = (why: string): Calibrated => ({ kind: "refused", why });
  if (samples.length < 3 * rate) return refuse("three seconds of the tone are needed");
  if (samples.some((v) => Math.abs(v) >= 0.999)) return refuse("the recording is clipped: lower the gain");
  // The ends may hold the calibrator being put on and taken off.
  const kept = samples.subarray(Math.round(rate / 2), samples.length - Math.round(rate / 2));
  const offset = kept.reduce((sum, v) => sum + v, 0) / kept.length;
  const middle = kept.map((v) => v - offset);
  const meanSquare = middle.reduce((sum, v) => sum + v * v, 0) / middle.length;
  let crossings = 0;
  for (let i = 1; i < middle.length; i++) if (middle[i - 1]! < 0 && middle[i]! >= 0) crossings++;
  const counted = (crossings * rate) / middle.length;
  if (Math.abs(counted - hertz) > tolerance.hertz * hertz)
    return refuse(`the tone is at ${counted.toFixed(0)} Hz, not ${hertz} Hz`);
  // Quarters of a second, because over a whole one a slow waver may cancel out.
  const length = Math.round(rate / 4);
  const parts = Array.from({ length: Math.floor(middle.length / length) }, (_, k) =>
    middle.subarray(k * length, (k + 1) * length),
  );
  const found = exactly(counted, parts, rate);
  const tones = parts.map((part) => toneIn(part, rate, found).meanSquare);
  const tone = tones.reduce((sum, power) => sum + power, 0) / tones.length;
  if (tone < tolerance.purity * meanSquare) return refuse("there is more in the recording than the tone");
  const steadiness = 10 * Math.log10(Math.max(...tones) / Math.min(...tones));
  if (steadiness > tolerance.steadiness) return refuse(`the tone wavers by ${steadiness.toFixed(2)} dB`);
  return { kind: "calibrated", fullScale: (2e-5 * 10 ** (level / 20)) / Math.sqrt(tone), hertz: found, steadiness };
}
