import { expect, it } from "vitest";
import { decodeSound } from "./sound.ts";

const samples = (...of: number[]) => new Uint8Array(Int16Array.from(of).buffer);

it("a piece of sound is told by its mean and its highest level below full scale", () => {
  expect(decodeSound(samples(16_384, -16_384, 16_384, 8192))).toMatchObject({
    values: [
      { name: "mean", value: -6.92 },
      { name: "peak", value: -6.02 },
    ],
  });
});

it("what is no sound is refused", () => {
  const whys = [samples(), samples(1, 2).slice(1), samples(7, 7, 7), samples(0)].map((of) => {
    const decoded = decodeSound(of);
    return decoded.kind === "refused" && decoded.why;
  });
  expect(whys).toEqual([
    "0 bytes are not 16-bit samples",
    "3 bytes are not 16-bit samples",
    "one and the same sample: the microphone is cut off",
    "one and the same sample: the microphone is cut off",
  ]);
  expect(decodeSound(samples(7, 8, 8)).kind).toBe("values");
});
