import { describe, expect, it } from "vitest";
import { association, type HourBeside } from "./association.ts";
import { hour } from "./timestamp.ts";

/** Numbers between 0 and 1 that are the same on every run (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const start = Date.UTC(2026, 0, 5);
/** Traffic with rush hours and quiet weekends, and errors that last from hour to hour. */
function street(n: number, seed: number, value: (h: HourBeside, error: number) => number, lasting = 0.7): HourBeside[] {
  const random = dice(seed);
  let [error, flow] = [0, 0];
  return Array.from({ length: n }, (_, i) => {
    const at = start + i * hour;
    const clock = i % 24;
    const weekend = Math.floor(i / 24) % 7 >= 5;
    flow = 0.5 * flow + normal(random);
    error = lasting * error + Math.sqrt(1 - lasting ** 2) * normal(random);
    const rush = 300 * Math.exp(-((clock - 8) ** 2) / 8) + 350 * Math.exp(-((clock - 17) ** 2) / 10);
    const vehicles = Math.max(0, (100 + rush) * (weekend ? 0.6 : 1) + 40 * flow);
    const base = { at, vehicles, value: 0, windSpeed: Math.abs(2 + normal(random)), windDirection: 360 * random() };
    return { ...base, value: value(base, error) };
  });
}

describe("association with the traffic", () => {
  it("finds the slope that was put in, inside its interval", () => {
    const hours = street(24 * 60, 1, (h, e) => 10 + 0.05 * h.vehicles - 2 * h.windSpeed! + 2 * e);
    const found = association(hours);
    if (found.kind !== "association") throw new Error(found.why);
    expect(found.per100).toBeCloseTo(5, 0);
    expect(found.interval[0]).toBeLessThan(5);
    expect(found.interval[1]).toBeGreaterThan(5);
    expect(found.adjusted).toEqual(["hour of day", "weekday or weekend", "wind speed", "wind direction"]);
    expect(found.windKnown).toBe(true);
  });

  it("does not take the hour of day for the traffic", () => {
    // Heating in the morning and evening, at the very hours of the rush; no exhaust at all.
    const hours = street(
      24 * 60,
      2,
      (h, e) => 20 + ((h.at / hour) % 24) + 15 * Math.cos((((h.at / hour) % 24) - 8) / 3) + 3 * e,
    );
    const found = association(hours);
    if (found.kind !== "association") throw new Error(found.why);
    expect(found.interval[0]).toBeLessThan(0);
    expect(found.interval[1]).toBeGreaterThan(0);
  });

  it("does not take the wind for the traffic when the wind is known, and says when it is not", () => {
    const windy = street(24 * 90, 3, (h, e) => 60 / (0.5 + h.windSpeed!) + 2 * e).map((h) => {
      // On windy hours people take the car.
      const vehicles = h.vehicles + 60 * h.windSpeed!;
      return { ...h, vehicles };
    });
    const knows = association(windy);
    const blind = association(windy.map(({ at, vehicles, value }) => ({ at, vehicles, value })));
    if (knows.kind !== "association" || blind.kind !== "association") throw new Error("refused");
    expect(knows.interval[0] < 0 && knows.interval[1] > 0).toBe(true);
    expect(blind.interval[1]).toBeLessThan(0);
    expect(blind.windKnown).toBe(false);
  });

  it("holds nothing in its interval about 95 times of 100 where there is nothing", () => {
    let held = 0;
    const trials = 200;
    for (let seed = 0; seed < trials; seed++) {
      const found = association(street(24 * 28, 1000 + seed, (_, e) => 20 + 5 * e));
      if (found.kind === "association" && found.interval[0] <= 0 && found.interval[1] >= 0) held++;
    }
    // Two standard deviations of 200 throws around 95 %.
    expect(held / trials).toBeGreaterThanOrEqual(0.92);
    expect(held / trials).toBeLessThanOrEqual(0.985);
  });

  it("refuses what cannot be known", () => {
    const hours = street(24 * 20, 5, (_, e) => 20 + e);
    expect(association(hours.slice(0, 335))).toMatchObject({ why: expect.stringContaining("two weeks") });
    expect(association(hours.map((h) => ({ ...h, vehicles: 100 })))).toMatchObject({
      why: expect.stringContaining("traffic hardly differs"),
    });
    expect(association(hours.map((h) => ({ ...h, value: 7 })))).toMatchObject({
      why: expect.stringContaining("never changes"),
    });
    expect(association(hours.map((h) => ({ ...h, vehicles: 0 }))).kind).toBe("none");
  });

  it("does not care in which order hours come, and lets hours be missing", () => {
    const hours = street(24 * 40, 6, (h, e) => 0.1 * h.vehicles + e);
    const some = hours.filter((_, i) => i % 7 !== 3);
    const [a, b] = [association(some), association(some.toReversed())];
    expect(a).toEqual(b);
    if (a.kind !== "association") throw new Error(a.why);
    expect(a.per100).toBeCloseTo(10, 0);
    expect(a.correlation).toBeGreaterThan(0.9);
  });
});
