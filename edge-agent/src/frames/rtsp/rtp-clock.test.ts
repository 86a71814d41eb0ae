import { expect, it } from "vitest";
import { rtpClock } from "./rtp-clock.ts";

const rate = 90_000;
const packet = (ticks: number): Buffer => {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(((Math.round(ticks) % 2 ** 32) + 2 ** 32) % 2 ** 32, 4);
  return bytes;
};
type Arrival = readonly [ticks: number, now: number];
function run(arrivals: readonly Arrival[]): { times: number[]; stamps: number[]; zeros: number[] } {
  const clock = rtpClock(rate);
  const [times, stamps, zeros]: [number[], number[], number[]] = [[], [], []];
  for (const [ticks, now] of arrivals) {
    const bytes = packet(ticks);
    times.push(clock.put(bytes, now, now));
    stamps.push(bytes.readUInt32BE(4));
    zeros.push(clock.zero ?? Number.NaN);
  }
  return { times, stamps, zeros };
}
const even = (count: number, from = 0, at = 0): Arrival[] =>
  Array.from({ length: count }, (_, i) => [from + i * 3600, at + i * 40] as const);

it("leaves even times as they are, over the wrap of 32 bits too", () => {
  const start = 2 ** 32 - 5 * 3600;
  const { times, stamps } = run(even(20, start));
  expect(times).toEqual(Array.from({ length: 20 }, (_, i) => i * 40));
  expect(stamps).toEqual(Array.from({ length: 20 }, (_, i) => (start + i * 3600) % 2 ** 32));
});

it("lets pictures come out of order", () => {
  const { times } = run([
    [0, 0],
    [10_800, 1],
    [3600, 40],
    [7200, 80],
    [21_600, 120],
    [14_400, 160],
  ]);
  expect(times).toEqual([0, 120, 40, 80, 240, 160]);
});

it.each([
  ["forward by an hour", 3600 * rate],
  ["back by an hour", -3600 * rate],
  ["back to the start of its clip", -50 * 3600],
  ["to anywhere", 1_234_567_890],
])("goes on evenly when the camera's clock jumps %s", (_, jump) => {
  const after = even(50, 100 * 3600 + jump, 100 * 40);
  const { times, stamps } = run([...even(100, 7), ...after]);
  // A picture is several packets with one time; time never stands still over the jump nor runs away.
  const steps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  for (const step of steps) expect(step).toBeCloseTo(40, 0);
  expect(times.at(-1)).toBeCloseTo(149 * 40, 0);
  for (const [i, stamp] of stamps.entries()) expect(stamp).toBeCloseTo(7 + ((times[i] ?? 0) * rate) / 1000, 0);
});

it("learns when the stream began from the quickest packet, not from the first", () => {
  const late = [300, 120, 5, 80, 200, 40];
  const { zeros } = run(late.map((delay, i) => [i * 3600, 1000 + i * 40 + delay] as const));
  expect(zeros).toEqual([1300, 1120, 1005, 1005, 1005, 1005]);
});

it("believes a lasting delay only when it is over a second", () => {
  const delayed = (delay: number): number => {
    const arrivals = [...even(100), ...even(600, 100 * 3600, 4000).map(([t, now]) => [t, now + delay] as const)];
    return run(arrivals).zeros.at(-1) ?? 0;
  };
  expect(delayed(700)).toBe(0);
  expect(delayed(1500)).toBe(1500);
});

it("goes on evenly when the time of day is set, and follows it", () => {
  for (const set of [-3_600_000, 3_600_000]) {
    const clock = rtpClock(rate);
    const put = (i: number, wall: number): number => clock.put(packet(i * 3600), i * 40, wall);
    for (let i = 0; i < 100; i += 1) expect(put(i, 1e12 + i * 40)).toBe(i * 40);
    expect(clock.zero).toBe(1e12);
    for (let i = 100; i < 700; i += 1) expect(put(i, 1e12 + set + i * 40)).toBe(i * 40);
    expect(clock.zero).toBe(1e12 + set);
  }
});
