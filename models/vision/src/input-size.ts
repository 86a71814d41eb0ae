import { Trouble } from "@openkerb/contract";
import type { Size, View } from "./fit.ts";
import type { Manifest } from "./manifest.ts";

/** Throws Trouble when a network cannot take pictures of a size; `said` is where the size was asked for. */
export function checkSize(
  { width, height }: Size,
  { name, input }: Pick<Manifest, "name" | "input">,
  said: string,
): void {
  const { size } = input;
  const asked = `${width}x${height}`;
  if ("width" in size) {
    if (width === size.width && height === size.height) return;
    throw new Trouble(`${name} takes ${size.width}x${size.height} only, not ${asked}.`, `Leave ${said} out.`);
  }
  const { step } = size;
  if (width % step === 0 && height % step === 0) return;
  const nearest = (side: number): number => Math.max(step, Math.round(side / step) * step);
  throw new Trouble(
    `${name} takes sizes in steps of ${step}, not ${asked}.`,
    `Try ${said} ${nearest(width)}x${nearest(height)}.`,
  );
}

/** Pixels of network input that live video is given when nobody says otherwise: 640×352, a 16:9 picture. */
const liveArea = 640 * 352;

/** What a network is shown of a picture: in the size that was asked for, or else in the one that suits the picture. */
export const viewFor = (picture: Size, manifest: Pick<Manifest, "input">, asked?: Size): View => ({
  ...(asked ?? inputSizeFor(picture, manifest)),
  fit: manifest.input.fit,
});

/**
 * The input size for a picture: its aspect as nearly as the network's step allows, at about the area of live video, so that
 * little of the work is spent on black bars. A picture is never enlarged. Networks of one size always get that.
 */
function inputSizeFor(picture: Size, manifest: Pick<Manifest, "input">): Size {
  const { size } = manifest.input;
  if ("width" in size) return size;
  const { step } = size;
  const scale = Math.min(1, Math.sqrt(liveArea / (picture.width * picture.height)));
  const sides = (length: number): number[] => {
    const low = Math.max(step, Math.floor((length * scale) / step) * step);
    return [low, low + step];
  };
  let best: Size = { width: step, height: step };
  let least = Number.POSITIVE_INFINITY;
  for (const width of sides(picture.width))
    for (const height of sides(picture.height)) {
      const fit = Math.min(width / picture.width, height / picture.height);
      const covered = (picture.width * fit * picture.height * fit) / (width * height);
      // Bars are waste, and so is missing the wanted area by far: both count as parts of one.
      const cost =
        1 - covered + Math.abs(Math.log((width * height) / (picture.width * picture.height * scale * scale)));
      if (cost < least) [best, least] = [{ width, height }, cost];
    }
  return best;
}
