import { dice, normalOf } from "../dice.ts";

/** One made series with what is wrong in it, in the manner of servers, traffic, weather and crowds. */
export type Made = {
  readonly name: string;
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly windows: readonly (readonly [number, number])[];
};

type Shape = (i: number, noise: () => number, random: () => number) => number;
type Fault = {
  readonly at: number;
  readonly length: number;
  readonly change: (v: number, i: number, noise: () => number) => number;
};

function make(name: string, seed: number, rows: number, minutes: number, shape: Shape, faults: readonly Fault[]): Made {
  const random = dice(seed);
  const noise = normalOf(random);
  const values = Array.from({ length: rows }, (_, i) => {
    let v = shape(i, noise, random);
    for (const { at, length, change } of faults) if (i >= at * rows && i < at * rows + length) v = change(v, i, noise);
    return Math.round(v * 1e4) / 1e4;
  });
  // As NAB labels them: a tenth of the series shared among the windows, each around the fault's beginning.
  const half = Math.floor((0.1 * rows) / Math.max(1, faults.length) / 2);
  const windows = faults.map(({ at }): [number, number] => {
    const middle = Math.floor(at * rows);
    return [Math.max(0, middle - half), Math.min(rows - 1, middle + half)];
  });
  const start = Date.UTC(2026, 3, 1);
  return { name, times: values.map((_, i) => start + i * minutes * 60_000), values, windows };
}

const phase = (i: number, minutes: number): number => ((i * minutes) % 1440) / 1440;
const weekday = (i: number, minutes: number): number => Math.floor((i * minutes) / 1440) % 7;
const daytime = (p: number): number => Math.max(0, Math.sin(Math.PI * (p - 0.25) * 2)) + 0.15;

/** A set of some thirty series of every kind; another `round` gives other chance and other places of the faults. */
export function syntheticSeries(round: number): Made[] {
  const r = dice(1000 + round);
  const somewhere = (from = 0.3, to = 0.9) => from + (to - from) * r();
  const seed = () => Math.floor(r() * 1e9);
  const made: Made[] = [];
  const add = (name: string, rows: number, minutes: number, shape: Shape, faults: readonly Fault[]) =>
    made.push(make(name, seed(), rows, minutes, shape, faults));
  const block: Shape = (i, noise) => (phase(i, 5) > 0.37 && phase(i, 5) < 0.75 ? 80 : 20) + 4 * noise() * 0.7;
  const inBlock = (i: number) => phase(i, 5) > 0.37 && phase(i, 5) < 0.75;
  add("day-noisy-normal", 4032, 5, block, []);
  add("day-flat-noise", 4032, 5, (_, n) => 40 + 3 * n(), []);
  add("day-jump-up", 4032, 5, block, [
    { at: somewhere(0.6), length: 200, change: (v, i) => (inBlock(i) ? v + 60 : v) },
  ]);
  add("day-jump-down", 4032, 5, block, [{ at: 0.72, length: 200, change: (v, i) => (inBlock(i) ? v - 45 : v) }]);
  add("day-no-jump", 4032, 5, block, [{ at: 0.72, length: 230, change: (v, i, n) => (inBlock(i) ? 20 + 3 * n() : v) }]);
  add("day-flat-middle", 4032, 5, block, [{ at: 0.72, length: 288, change: (_, __, n) => 45 + 2 * n() }]);
  add("spike-density", 4032, 5, (_, __, q) => (q() < 0.03 ? 20 + 10 * q() : 0.2 * q()), [
    { at: somewhere(0.5), length: 200, change: (v, i) => (i % 3 === 0 ? 24 : v) },
  ]);
  for (let k = 0; k < 3; k++) {
    const [level, spread] = [5 + 60 * r(), 0.5 + 2 * r()];
    const base: Shape = (_, n, q) => Math.max(0, level + spread * n() + (q() < 0.01 ? spread * 8 * q() : 0));
    add(`cpu-shift-${k}`, 4032, 5, base, [{ at: somewhere(), length: 4032, change: (v) => v + spread * 7 }]);
    add(`cpu-spike-${k}`, 4032, 5, base, [
      { at: somewhere(0.3, 0.55), length: 4, change: (v) => v + spread * 22 },
      { at: somewhere(0.65, 0.9), length: 6, change: (v) => v - spread * 14 },
    ]);
  }
  for (let k = 0; k < 3; k++) {
    const base: Shape = (_, n, q) => Math.exp(8 + 0.4 * n() + (q() < 0.02 ? 1.5 * q() : 0));
    add(`network-${k}`, 4032, 5, base, [
      { at: somewhere(0.3, 0.55), length: 3, change: (v) => v * 30 },
      { at: somewhere(0.65, 0.9), length: 60, change: (v) => v * 5 },
    ]);
  }
  for (let k = 0; k < 3; k++) {
    let wander = 0;
    const base: Shape = (i, n) => {
      wander = 0.985 * wander + 0.5 * n();
      return 75 + 6 * Math.sin(2 * Math.PI * phase(i, 5)) + wander * 1.6;
    };
    add(`temperature-${k}`, 7000, 5, base, [
      { at: somewhere(0.3, 0.5), length: 120, change: (v) => v - 35 },
      { at: somewhere(0.6, 0.9), length: 500, change: (v, i) => v - 25 - (i % 40) / 4 },
    ]);
  }
  for (let k = 0; k < 2; k++) {
    const base: Shape = (i, n) => {
      const weekend = weekday(i, 30) > 4 ? 0.75 : 1;
      return 20000 * weekend * daytime(phase(i, 30)) * (1 + 0.05 * n()) + 2000;
    };
    add(`riders-${k}`, 6000, 30, base, [
      { at: somewhere(0.3, 0.45), length: 40, change: (v) => v * 1.35 },
      { at: somewhere(0.5, 0.65), length: 60, change: (v) => v * 0.45 },
      { at: somewhere(0.75, 0.9), length: 60, change: (v) => v * 0.2 },
    ]);
  }
  for (let k = 0; k < 4; k++) {
    let burst = 0;
    const mean = 5 + 40 * r();
    const base: Shape = (i, n, q) => {
      burst = burst * 0.8 + (q() < 0.004 ? 3 * q() : 0);
      return Math.round(Math.max(0, mean * (0.4 + daytime(phase(i, 5))) * (1 + burst) + Math.sqrt(mean) * 1.6 * n()));
    };
    add(`mentions-${k}`, 8000, 5, base, [
      { at: somewhere(0.3, 0.5), length: 12, change: (v, i) => v * (5 + (i % 4)) + 3 * mean },
      { at: somewhere(0.6, 0.9), length: 40, change: (v) => v * 7 + 4 * mean },
    ]);
  }
  for (let k = 0; k < 3; k++)
    add(
      `price-${k}`,
      1600,
      60,
      (i, n, q) => 0.1 * Math.exp(0.35 * n() + (q() < 0.02 ? 1.2 * q() : 0)) * (1 + 0.3 * daytime(phase(i, 60))),
      [
        { at: somewhere(0.3, 0.6), length: 3, change: (v) => v * 9 },
        { at: somewhere(0.7, 0.9), length: 30, change: (v) => v * 3 },
      ],
    );
  for (let k = 0; k < 3; k++) {
    const base: Shape = (i, n, q) => {
      const p = phase(i, 5);
      const rush = Math.exp(-(((p - 0.34) / 0.04) ** 2)) + 0.8 * Math.exp(-(((p - 0.73) / 0.05) ** 2));
      return Math.min(90, 68 - 22 * rush * (weekday(i, 5) > 4 ? 0.2 : 1) * (0.7 + 0.5 * q()) + 3.5 * n());
    };
    add(`speed-${k}`, 2500, 5, base, [
      { at: somewhere(0.3, 0.55), length: 30, change: (v) => v * 0.35 },
      { at: somewhere(0.65, 0.9), length: 60, change: (v) => v * 0.5 },
    ]);
  }
  return made;
}
