import type { Box } from "@openkerb/vision";

/** One coordinate: value, velocity and their covariance. */
type Axis = { x: number; v: number; xx: number; xv: number; vv: number };

/**
 * Where a box is and where it is going: its centre and its size, each with a velocity, each filtered by itself. Lengths
 * are pixels, times seconds, however far apart the frames are. All noise is a share of the box's own size, so that
 * near and far, 360p and 4K behave alike.
 */
export type Motion = { readonly cx: Axis; readonly cy: Axis; readonly w: Axis; readonly h: Axis };

/** How far a detection's place and size are off (standard deviation), in box sizes. */
const measured = 0.06;
/** How much a velocity changes in a second (standard deviation), in box sizes a second: people turn, cars brake. */
const restless = 1;
const swelling = 0.3;
/** The velocity a newcomer may have, and the growth, in box sizes a second. Whoever is faster is found by a leap. */
const eager = 2;
const growing = 0.5;
/** Growth fades within about this many seconds: a box that goes on growing unseen is soon the whole picture. */
const fading = 0.5;

/** One length for the size of a box. */
export const sizeOf = (width: number, height: number): number => Math.sqrt(Math.max(1, width) * Math.max(1, height));

const axis = (x: number, off: number, speed: number): Axis => ({ x, v: 0, xx: off * off, xv: 0, vv: speed * speed });

/** What is known of a box seen for the first time. */
export function begin([x, y, w, h]: Box): Motion {
  const size = sizeOf(w, h);
  const off = measured * size;
  return {
    cx: axis(x + w / 2, off, eager * size),
    cy: axis(y + h / 2, off, eager * size),
    w: axis(w, off, growing * size),
    h: axis(h, off, growing * size),
  };
}

/** What two sightings `dt` seconds apart tell, whatever the speed: for those who left their own box behind in one step. */
export function leap(from: Box, to: Box, dt: number): Motion {
  const motion = begin(to);
  const doubt = (measured * sizeOf(to[2], to[3]) * Math.SQRT2) / dt;
  const old = begin(from);
  for (const side of ["cx", "cy"] as const) {
    const now = motion[side];
    now.v = (now.x - old[side].x) / dt;
    now.vv = doubt * doubt;
    now.xv = now.xx / dt;
  }
  return motion;
}

/** Moves on by `dt` seconds, in place. */
export function predict(motion: Motion, dt: number): void {
  const size = sizeOf(motion.w.x, motion.h.x);
  step(motion.cx, dt, restless * size);
  step(motion.cy, dt, restless * size);
  const fade = Math.exp(-dt / fading);
  for (const side of [motion.w, motion.h]) {
    step(side, dt, swelling * size);
    side.v *= fade;
    side.xv *= fade;
    side.vv *= fade * fade;
    side.x = Math.max(1, side.x);
  }
}

/** Nearly constant velocity: white noise in the acceleration (Bar-Shalom, Li, Kirubarajan 2001, section 6.2.2). */
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

function learn(a: Axis, seen: number, noise: number): void {
  const gain = a.xx / (a.xx + noise);
  const gainOfSpeed = a.xv / (a.xx + noise);
  const off = seen - a.x;
  a.x += gain * off;
  a.v += gainOfSpeed * off;
  a.vv -= gainOfSpeed * a.xv;
  a.xv -= gain * a.xv;
  a.xx -= gain * a.xx;
}

/** A box on the way from one to another, at a share of the way. */
export const between = (from: Box, to: Box, share: number): Box => [
  from[0] + (to[0] - from[0]) * share,
  from[1] + (to[1] - from[1]) * share,
  from[2] + (to[2] - from[2]) * share,
  from[3] + (to[3] - from[3]) * share,
];

export const boxOf = ({ cx, cy, w, h }: Motion): Box => [cx.x - w.x / 2, cy.x - h.x / 2, w.x, h.x];

/** How far the box may be from where it is thought to be (standard deviation), pixels. */
export const doubtOf = ({ cx, cy }: Motion): number => Math.sqrt(Math.max(cx.xx, cy.xx));
