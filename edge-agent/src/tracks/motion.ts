import type { Box } from "@openkerb/vision";

/** Position and velocity of one coordinate with their covariance. */
type Axis = { x: number; v: number; xx: number; xv: number; vv: number };

/**
 * Where a box is and where it is going: centre and size, each with its velocity. Lengths are pixels, times seconds;
 * all noise is a share of the box's own size, so that near and far, 4K and 360p behave alike.
 */
export type Motion = { readonly cx: Axis; readonly cy: Axis; readonly w: Axis; readonly h: Axis };

/** Standard deviation of a detection's place and size, as a share of the box. */
const measured = 0.06;
/** How the velocity may change, in box sizes a second, per square root of a second: people stop, cars brake. */
const restless = 1;
const swelling = 0.3;
/** What velocity a newcomer may have, in box sizes a second. */
const eager = 2;
/** Growth fades within about this time, seconds: a box that goes on growing unseen soon is the whole picture. */
const growth = 0.5;

const axis = (x: number, sigma: number, speed: number): Axis => ({
  x,
  v: 0,
  xx: sigma * sigma,
  xv: 0,
  vv: speed * speed,
});

/** A length that stands for the box's size in both directions. */
export const sizeOf = (w: number, h: number): number => Math.sqrt(Math.max(1, w) * Math.max(1, h));

export function begin([x, y, w, h]: Box): Motion {
  const size = sizeOf(w, h);
  const sigma = measured * size;
  return {
    cx: axis(x + w / 2, sigma, eager * size),
    cy: axis(y + h / 2, sigma, eager * size),
    w: axis(w, sigma, 0.5 * size),
    h: axis(h, sigma, 0.5 * size),
  };
}

/** Moves on by `dt` seconds, in place. Noise is that of a velocity walking at random (Bar-Shalom, section 6.2). */
export function predict(motion: Motion, dt: number): void {
  const size = sizeOf(motion.w.x, motion.h.x);
  step(motion.cx, dt, restless * size);
  step(motion.cy, dt, restless * size);
  const fade = Math.exp(-dt / growth);
  for (const side of [motion.w, motion.h]) {
    step(side, dt, swelling * size);
    side.v *= fade;
    side.xv *= fade;
    side.vv *= fade * fade;
    side.x = Math.max(1, side.x);
  }
}

function step(a: Axis, dt: number, noise: number): void {
  const q = noise * noise;
  a.x += a.v * dt;
  a.xx += dt * (2 * a.xv + dt * a.vv) + (q * dt * dt * dt) / 3;
  a.xv += dt * a.vv + (q * dt * dt) / 2;
  a.vv += q * dt;
}

/** Takes in a detection, in place. */
export function correct(motion: Motion, [x, y, w, h]: Box): void {
  const noise = (measured * sizeOf(w, h)) ** 2;
  learn(motion.cx, x + w / 2, noise);
  learn(motion.cy, y + h / 2, noise);
  learn(motion.w, w, noise);
  learn(motion.h, h, noise);
}

function learn(a: Axis, z: number, noise: number): void {
  const s = a.xx + noise;
  const kx = a.xx / s;
  const kv = a.xv / s;
  const off = z - a.x;
  a.x += kx * off;
  a.v += kv * off;
  a.vv -= kv * a.xv;
  a.xv -= kx * a.xv;
  a.xx -= kx * a.xx;
}

/** Motion as two sightings `dt` seconds apart tell it, when nothing better is known. */
export function between(from: Box, to: Box, dt: number): Motion {
  const motion = begin(to);
  const spread = (measured * sizeOf(to[2], to[3]) * Math.SQRT2) / dt;
  const sides = [
    [motion.cx, to[0] + to[2] / 2 - from[0] - from[2] / 2],
    [motion.cy, to[1] + to[3] / 2 - from[1] - from[3] / 2],
  ] as const;
  for (const [side, moved] of sides) {
    side.v = moved / dt;
    side.vv = spread * spread;
    side.xv = side.xx / dt;
  }
  return motion;
}

export const boxOf = ({ cx, cy, w, h }: Motion): Box => [cx.x - w.x / 2, cy.x - h.x / 2, w.x, h.x];
