import type { Size } from "./fit.ts";
import { toHalf } from "./half.ts";
import type { ModelInput } from "./manifest.ts";
import type { PictureTensor } from "./picture-input.ts";

/** Writes rgb24 pixels, `width * height * 3` bytes, as a network wants them into an array of as many elements. */
type PixelWriter = (pixels: Uint8Array, to: PictureTensor["values"]) => void;

/** Makes the writer for one network and size. Every pixel value is looked up, so any mean and factor cost the same. */
export function pixelWriter(input: ModelInput, { width, height }: Size): PixelWriter {
  const { layout, type, channels, mean, factor } = input;
  const written = type === "float16" ? toHalf : (value: number): number => value;
  const area = width * height;
  // tables[c] is what channel c of the rgb24 pixel becomes; places[c] where in the network's channels it goes.
  const places = channels === "rgb" ? [0, 1, 2] : [2, 1, 0];
  const [red, green, blue] = places.map((at) =>
    Float32Array.from({ length: 256 }, (_, value) => written((value - mean[at]!) * factor[at]!)),
  ) as [Float32Array, Float32Array, Float32Array];
  const step = layout === "nchw" ? 1 : 3;
  const [r, g, b] = places.map((at) => (layout === "nchw" ? at * area : at)) as [number, number, number];

  return (pixels, to) => {
    if (pixels.length !== area * 3 || to.length !== area * 3)
      throw new RangeError(`expected ${area * 3} values for ${width}×${height}, found ${pixels.length}`);
    for (let from = 0, at = 0; from < pixels.length; from += 3, at += step) {
      to[r + at] = red[pixels[from]!]!;
      to[g + at] = green[pixels[from + 1]!]!;
      to[b + at] = blue[pixels[from + 2]!]!;
    }
  };
}
