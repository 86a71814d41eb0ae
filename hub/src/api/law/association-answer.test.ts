import { AirAssociation, HubConfig, type Instant, type Metric } from "@openkerb/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore, type SqliteStore } from "../../store/sqlite-store.ts";
import { birth, item, items, reading, site } from "../../store/trial-records.ts";
import { associationAnswer } from "./association-answer.ts";
import type { LawStore } from "./law-store.ts";

const hour = 3_600_000;
const start = Date.UTC(2026, 5, 1);
const days = 21;
const { air } = HubConfig.parse({ version: 1, city: "demo" });
const until = start + days * 24 * hour;
let store: SqliteStore;
let law: LawStore;

/** A number between 0 and 1 that looks like chance and is always the same. */
const chance = (n: number): number => (Math.sin(n * 12.9898) * 43_758.5453) % 1;

beforeAll(() => {
  store = openStore({ memory: true });
  store.commit([birth()]);
  let sequence = 1;
  const mean = (at: number, metric: Metric, value: number, unit: string) =>
    reading(sequence++, { at, averaging: hour, metric, value, unit });
  for (let h = 0; h < days * 24; h++) {
    const at = start + h * hour;
    const vehicles = Math.round(5 + 4 * Math.abs(chance(h)));
    const wind = 1 + 3 * Math.abs(chance(h + 0.5));
    const batch = [
      mean(at, "no2", 20 + 0.1 * vehicles * 60 - 3 * wind + 2 * chance(h + 0.25), "ug/m3"),
      mean(at, "wind-speed", wind, "m/s"),
    ];
    // On every fifth day the camera looks away for half of each hour.
    const watched = Math.floor(h / 24) % 5 === 4 ? 30 : 60;
    for (let m = 0; m < watched; m++)
      batch.push(
        item(sequence++, {
          kind: "minute-counted",
          at: at + m * 60_000,
          clock: "synced",
          quality: 1,
          provenance: { source: "model:centernet6@0123456789ab", config: "0123456789ab" },
          camera: "north",
          span: 60_000,
          watched: 60_000,
          lines: [
            { line: "kerb", class: "car", in: vehicles, out: 0 },
            { line: "kerb", class: "person", in: 50, out: 50 },
          ],
          zones: [],
        }) as never,
      );
    store.commit([items(batch, undefined, (at + hour) as Instant)]);
  }
  const decisions = async () => ({ validations: [], hours: [], corrected: [] });
  law = { ...store, decisions, levels: async () => [] };
}, 60_000);
afterAll(() => store[Symbol.asyncDispose]());

const ask = async (more: { metric?: Metric; to?: number } = {}) =>
  AirAssociation.parse(
    await associationAnswer(law, { site, metric: "no2", from: start, to: until, ...more }, { air, until }),
  );

describe("the answer beside the traffic", () => {
  it("finds the rise per 100 vehicles, of hours that were watched, and says what was held equal", async () => {
    const { result, words, points } = await ask();
    if (result.kind === "none") throw new Error(result.why);
    // Seventeen of the 21 days were watched.
    expect(result.hours).toBe(17 * 24);
    expect(result.per100).toBeCloseTo(10, 0);
    expect(result.interval[0]).toBeLessThan(10);
    expect(result.interval[1]).toBeGreaterThan(10);
    expect(result).toMatchObject({
      unit: "ug/m3",
      windKnown: true,
      adjusted: ["hour of day", "weekday or weekend", "wind speed"],
    });
    expect(words).toContain("An association, not a cause");
    expect(words).toContain("wind speed");
    expect(points).toHaveLength(17 * 24);
    // People who walk by are no traffic.
    expect(Math.max(...points.map((p) => p.vehicles))).toBeLessThanOrEqual(9 * 60);
  });

  it("refuses a time that is too short, and what is not measured", async () => {
    expect((await ask({ to: start + 5 * 24 * hour })).result).toMatchObject({
      why: expect.stringContaining("two weeks"),
    });
    const none = await ask({ metric: "o3" });
    expect(none.words).toBe("No association of o3 with the traffic can be stated: o3 is not measured here.");
    expect(none.channel).toBeUndefined();
  });
});
