import type { Detection } from "@openkerb/vision";
import { dice, normalOf } from "../dice.ts";

export type Crossing = {
  /** Pixels that an object moves between two frames. */
  readonly step: number;
  /** Side of the objects' boxes, pixels. */
  readonly size: number;
  /** Share of sightings that the detector misses. */
  readonly missed: number;
  /** How far a box trembles, pixels (standard deviation). */
  readonly trembling: number;
  readonly seed: number;
};

export const crossingPicture = { width: 1280, height: 720 };

/**
 * Objects that go through the picture from left to right, each once, in lanes, one after the other and beside each
 * other: what a detector would say, frame by frame.
 */
export function crossingObjects(count: number, { step, size, missed, trembling, seed }: Crossing): Detection[][] {
  const random = dice(seed);
  const normal = normalOf(random);
  const { width, height } = crossingPicture;
  const lanes = 4;
  const frames: Detection[][] = [];
  // In one lane nobody drives into the one before him: two boxes and two steps apart at the least.
  const apart = Math.ceil((2 * size + 2 * step) / step);
  const objects = Array.from({ length: count }, (_, n) => ({
    enters: Math.floor(n / lanes) * (apart + Math.floor(4 * random())) + Math.floor(3 * random()),
    begins: random() * step,
    lane: n % lanes,
    speed: step,
  }));
  for (const lane of [0, 1, 2, 3]) {
    let free = 0;
    for (const object of objects.filter((o) => o.lane === lane)) {
      object.enters = Math.max(object.enters, free);
      free = object.enters + apart;
    }
  }
  const last = Math.max(...objects.map(({ enters }) => enters)) + Math.ceil((width + size) / step) + 1;
  for (let frame = 0; frame <= last; frame++) {
    const found: Detection[] = [];
    for (const { enters, begins, lane, speed } of objects) {
      const x = begins + (frame - enters) * speed - size / 2;
      if (frame < enters || x + size / 2 > width || random() < missed) continue;
      const y = (height * (lane + 0.5)) / lanes - size / 2;
      const box = [x + trembling * normal(), y + trembling * normal(), size, size] as const;
      found.push({ label: "car", score: 0.6 + 0.3 * random(), box });
    }
    frames.push(found);
  }
  return frames;
}
