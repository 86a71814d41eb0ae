import { describe, expect, it } from "vitest";
import { pixelWriter } from "./pixels.ts";

const size = { width: 2, height: 1 };
const pixels = Uint8Array.of(10, 20, 30, 40, 50, 60);
const plain = { layout: "nchw", type: "float32", channels: "rgb", mean: [0, 0, 0], factor: [1, 1, 1], size } as const;

describe("writing pixels for a network", () => {
  it.each([
    ["planes of red, green and blue", {}, [10, 40, 20, 50, 30, 60]],
    ["pixels one after the other", { layout: "nhwc" }, [10, 20, 30, 40, 50, 60]],
    ["planes of blue, green and red", { channels: "bgr" }, [30, 60, 20, 50, 10, 40]],
    ["(p - mean) × factor", { mean: [10, 0, 30], factor: [1, 0.5, 2] }, [0, 30, 10, 25, 0, 60]],
    [
      "mean and factor of the network's channels when they are blue first",
      { channels: "bgr", mean: [30, 0, 0] },
      [0, 30, 20, 50, 10, 40],
    ],
    [
      "halves as their bits",
      { type: "float16", factor: [0.1, 0.1, 0.1] },
      [0x3c00, 0x4400, 0x4000, 0x4500, 0x4200, 0x4600],
    ],
  ] as const)("gives %s", (_, change, expected) => {
    const to = new Float32Array(6);
    pixelWriter({ ...plain, ...change } as never, size)(pixels, to);
    expect([...to]).toEqual(expected);
  });

  it("refuses a buffer of another size", () =>
    expect(() => pixelWriter(plain as never, size)(pixels.subarray(1), new Float32Array(6))).toThrow(
      /expected 6 values/,
    ));
});
