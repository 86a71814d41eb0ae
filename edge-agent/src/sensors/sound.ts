import { type Decoded, refused } from "./bytes.ts";

/**
 * What a piece of a microphone's sound is worth as proof that it works: mean and highest level of 16-bit samples, in dB
 * below full scale. Levels in pascals need the calibration and the meter.
 */
export function decodeSound(bytes: Uint8Array): Decoded {
  if (bytes.length === 0 || bytes.length % 2 !== 0) return refused(`${bytes.length} bytes are not 16-bit samples`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = Array.from({ length: bytes.length / 2 }, (_, i) => view.getInt16(2 * i, true) / 32_768);
  if (samples.every((v) => v === samples[0])) return refused("one and the same sample: the microphone is cut off");
  const level = (power: number) => Math.round(1000 * Math.log10(power)) / 100;
  return {
    kind: "values",
    values: [
      { name: "mean", value: level(samples.reduce((sum, v) => sum + v * v, 0) / samples.length), unit: "dB[FS]" },
      { name: "peak", value: level(Math.max(...samples.map((v) => v * v))), unit: "dB[FS]" },
    ],
  };
}
