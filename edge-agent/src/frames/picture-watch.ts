import { type Millis, seconds } from "@openkerb/contract";
import { placeIn } from "@openkerb/vision";
import type { Frame } from "./frames.ts";

/** A trouble that only the pictures themselves show. */
type PictureTrouble = "frozen" | "dark";
export type PictureNotice = { readonly trouble: PictureTrouble; readonly active: boolean };

export type PictureWatchOptions = {
  /** How long a picture has to stand still to count as frozen. */
  readonly frozenAfter?: Millis;
  /** How long there has to be nothing to see to count as dark. */
  readonly darkAfter?: Millis;
};

/** Pictures looked at per second of the stream; the rest costs nothing. */
const lookEvery = 500;
/** Longer than this without a frame is a gap. */
const gap = 5000;
/** About so many points of the picture are compared. */
const points = 16_384;
/** A point that changed by no more than this is the same: encoders repeat a still picture with tiny differences. */
const sameWithin = 3;
/** The share of points that may differ in a frozen picture: less than the smallest road user covers. */
const mayDiffer = 0.0004;
/** Spread of brightness, from the darkest to the brightest two percent, below which nothing can be told apart. */
const flat = 16;
/** When even the brightest two percent are below this, it is dark. A lamp in the street is far above. */
const black = 32;

/**
 * Tells when a camera's picture froze (frames keep coming, but nothing in them ever changes, not even noise) and when
 * there is nothing to see (lens covered, no light). Each trouble is told once when it begins and once when it ends.
 * Frames must come in the order of their pts.
 */
export function pictureWatch(options: PictureWatchOptions = {}): (frame: Frame) => readonly PictureNotice[] {
  const { frozenAfter = seconds(30), darkAfter = seconds(15) } = options;
  let looked = Number.NEGATIVE_INFINITY;
  let reference: Uint8Array = new Uint8Array(0);
  const still = lasting("frozen", frozenAfter);
  const dim = lasting("dark", darkAfter);

  return (frame) => {
    if (frame.pts - looked < lookEvery) return [];
    // Over a gap nobody knows what was to be seen, so nothing has lasted.
    const unseen = frame.pts - looked > gap;
    looked = frame.pts;
    const sample = sampled(frame);
    const unchanged = sample.length === reference.length && changed(sample, reference) <= mayDiffer * sample.length;
    // Compared with the picture from when it stood still first, so that slow changes add up.
    if (!unchanged) reference = sample;
    return [...still(unchanged, frame.pts, unseen), ...dim(nothingToSee(sample), frame.pts, unseen)];
  };
}

/** Turns "is it so now" into "it has been so for this long" and "it is over". */
function lasting(
  trouble: PictureTrouble,
  span: Millis,
): (now: boolean, pts: Millis, unseen: boolean) => PictureNotice[] {
  let since: number | undefined;
  let active = false;
  return (now, pts, unseen) => {
    if (unseen) since = undefined;
    if (!now) {
      since = undefined;
      if (!active) return [];
      active = false;
      return [{ trouble, active }];
    }
    since ??= pts;
    if (active || pts - since < span) return [];
    active = true;
    return [{ trouble, active }];
  };
}

/** Green values on a regular grid over the picture, without what is around it. */
function sampled({ data, width, height, picture, fit }: Frame): Uint8Array {
  const inside = placeIn(picture, { width, height, fit });
  const step = Math.max(1, Math.floor(Math.sqrt((inside.width * inside.height) / points)));
  const columns = Math.ceil(inside.width / step);
  const rows = Math.ceil(inside.height / step);
  const sample = new Uint8Array(columns * rows);
  let to = 0;
  for (let y = inside.top; y < inside.top + inside.height; y += step) {
    const row = y * width;
    for (let x = inside.left; x < inside.left + inside.width; x += step) {
      sample[to] = data[(row + x) * 3 + 1] ?? 0;
      to += 1;
    }
  }
  return sample;
}

function changed(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < a.length; i += 1) if (Math.abs((a[i] ?? 0) - (b[i] ?? 0)) > sameWithin) count += 1;
  return count;
}

function nothingToSee(sample: Uint8Array): boolean {
  const histogram = new Uint32Array(256);
  for (const value of sample) histogram[value] = (histogram[value] ?? 0) + 1;
  const edge = sample.length * 0.02;
  let low = 0;
  for (let seen = histogram[0] ?? 0; seen <= edge && low < 255; seen += histogram[low] ?? 0) low += 1;
  let high = 255;
  for (let seen = histogram[255] ?? 0; seen <= edge && high > 0; seen += histogram[high] ?? 0) high -= 1;
  return high < black || high - low < flat;
}
