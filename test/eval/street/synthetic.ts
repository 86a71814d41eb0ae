import type { RoadClass } from "@openkerb/contract";
import type { Detection } from "@openkerb/vision";
import { dice, normalOf } from "../dice.ts";
import type { Placed } from "./mot-metrics.ts";

/** A made-up street with its truth: what a detector would have said of each frame, and who was really where. */
export type Street = {
  readonly fps: number;
  readonly width: number;
  readonly height: number;
  readonly frames: readonly (readonly Detection[])[];
  readonly truth: readonly Placed[];
};

export type StreetKind = {
  readonly seed: number;
  readonly fps: number;
  readonly seconds: number;
  readonly people: number;
  readonly cars: number;
  /** Share of unhidden objects that the detector does not find. */
  readonly missed: number;
  /** Wrong detections a frame. */
  readonly ghosts: number;
};

type Walker = {
  id: number;
  label: RoadClass;
  x: number;
  z: number;
  vx: number;
  vz: number;
  turn: number;
  long: number;
  high: number;
};

const [width, height] = [960, 540];
/** A camera 5 m up that looks along a street: metres across and ahead to pixels. */
function project({ x, z, long, high }: Walker): [number, number, number, number] {
  const focal = 700;
  const ground = height * 0.25 + (focal * 5) / z;
  const [w, h] = [(focal * long) / z, (focal * high) / z];
  return [width / 2 + (focal * x) / z - w / 2, ground - h, w, h];
}

export function street({ seed, fps, seconds, people, cars, missed, ghosts }: StreetKind): Street {
  const random = dice(seed);
  const normal = normalOf(random);
  let ids = 0;
  const enter = (label: "person" | "car", anywhere: boolean): Walker => {
    const z = 12 + 24 * random();
    const side = random() < 0.5 ? -1 : 1;
    const speed = label === "person" ? 0.9 + 0.8 * random() : 6 + 8 * random();
    const across = label === "car" || random() < 0.75;
    const edge = (z * width) / 2 / 700 + (label === "car" ? 2.5 : 0.5);
    return {
      id: ++ids,
      label,
      x: anywhere ? (2 * random() - 1) * edge : -side * edge,
      z,
      vx: across ? side * speed : 0.3 * normal(),
      vz: across ? 0.15 * normal() : (random() < 0.5 ? -1 : 1) * speed,
      turn: label === "person" ? 0.6 : 1.2,
      long: label === "person" ? 0.6 + 0.15 * random() : 4 + random(),
      high: label === "person" ? 1.6 + 0.25 * random() : 1.5 + 0.2 * random(),
    };
  };
  let all: Walker[] = [];
  for (let i = 0; i < people; i++) all.push(enter("person", true));
  for (let i = 0; i < cars; i++) all.push(enter("car", true));
  const frames: Detection[][] = [];
  const truth: Placed[] = [];
  const wobble = new Map<number, [number, number, number, number]>();
  for (let frame = 0; frame < fps * seconds; frame++) {
    for (const w of all) {
      w.vx += (w.turn * normal()) / Math.sqrt(fps) / 2;
      w.vz += (w.turn * normal()) / Math.sqrt(fps) / 4;
      w.x += w.vx / fps;
      w.z += w.vz / fps;
    }
    all = all.map((w) => {
      const out = Math.abs(w.x) > (w.z * width) / 2 / 700 + w.long || w.z < 10 || w.z > 40;
      return out ? enter(w.label === "person" ? "person" : "car", false) : w;
    });
    const found: Detection[] = [];
    const near = [...all].sort((a, b) => a.z - b.z).map((w) => ({ w, box: project(w) }));
    near.forEach(({ w, box }, at) => {
      const seen = visible(
        box,
        near.slice(0, at).map((n) => n.box),
      );
      if (seen.inside < 0.5) return;
      if (seen.free > 0.2) truth.push({ frame: frame + 1, id: w.id, box });
      // A detector's errors hang together from frame to frame.
      const old = wobble.get(w.id) ?? [0, 0, 0, 0];
      const now = old.map((e) => 0.7 * e + 0.03 * normal()) as [number, number, number, number];
      wobble.set(w.id, now);
      const sharp = seen.free * (1 - missed) + 0.12 * normal();
      if (random() < missed || sharp < 0.25) return;
      const [x, y, bw, bh] = box;
      const b = [x + now[0] * bw, y + now[1] * bh, bw * (1 + now[2]), bh * (1 + now[3])] as const;
      found.push({
        label: w.label === "car" && random() < 0.15 ? "truck" : w.label,
        score: Math.min(0.99, Math.max(0.1, 0.15 + 0.75 * sharp)),
        box: b,
      });
    });
    for (let n = ghosts; n > 0; n--) {
      if (random() > n) continue;
      const z = 12 + 24 * random();
      const ghost = { ...enter("person", true), z };
      found.push({ label: "person", score: 0.3 + 0.4 * random(), box: project(ghost) });
    }
    frames.push(found);
  }
  return { fps, width, height, frames, truth };
}

/** How much of a box is inside the picture, and how much of that nothing nearer hides; by a grid of points. */
function visible(
  [x, y, w, h]: readonly number[],
  nearer: readonly (readonly number[])[],
): { inside: number; free: number } {
  let [inside, free] = [0, 0];
  for (let i = 0; i < 8; i++)
    for (let j = 0; j < 8; j++) {
      const [px, py] = [x! + ((i + 0.5) / 8) * w!, y! + ((j + 0.5) / 8) * h!];
      if (px < 0 || py < 0 || px > width || py > height) continue;
      inside++;
      if (!nearer.some((n) => px > n[0]! && px < n[0]! + n[2]! && py > n[1]! && py < n[1]! + n[3]!)) free++;
    }
  return { inside: inside / 64, free: inside > 0 ? free / inside : 0 };
}
