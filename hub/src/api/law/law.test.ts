import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AirAssociation,
  AirIndex,
  AirLedger,
  AirLimitList,
  AirNoise,
  bandMetric,
  type Instant,
  type Metric,
} from "@openkerb/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkHubConfig } from "../../config.ts";
import { type Hub, startHub } from "../../hub.ts";
import { openStore } from "../../store/sqlite-store.ts";
import { birth, item, items, profile, reading } from "../../store/trial-records.ts";

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.UTC(2026, 11, 1);
const end = start + 31 * day;
let folder: string;
let hub: Hub;
let sequence = 1;

const mean = (at: number, metric: Metric, value: number, unit: string, correction?: string) =>
  reading(sequence++, {
    ...{ at, averaging: hour, metric, value, unit },
    provenance: { ...profile, ...(correction && { correction }) },
  });
const get = (path: string): Promise<Response> => fetch(new URL(`/api/v1/air/${path}`, hub.pageUrl));
const json = async (path: string): Promise<unknown> => (await get(path)).json();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "openkerb-law-"));
  const store = openStore({ folder: join(folder, "data") });
  store.commit([birth()]);
  for (let d = 0; d < 31; d++) {
    const batch = [];
    for (let h = 0; h < 24; h++) {
      const at = start + d * day + h * hour;
      // The place is an hour east: its days begin at 23:00 UTC.
      const placeDay = new Date(at + hour).getUTCDate();
      batch.push(
        mean(at, "pm10", [10, 11, 12].includes(placeDay) ? 60 : 20, "ug/m3"),
        // Corrected by half on the eleventh only.
        mean(at, "pm10", placeDay === 11 ? 30 : placeDay === 10 || placeDay === 12 ? 60 : 20, "ug/m3", "half@1"),
        mean(at, "no2", 100, "[ppb]"),
        mean(at, "co", 1, "[ppm]"),
        mean(at, "laeq", h >= 22 || h < 6 ? 50 : 65, "dB[SPL]"),
        mean(at, "lafmax", 80, "dB[SPL]"),
        // A fan's tone at night.
        ...(["80", "100", "125"] as const).map((band) =>
          mean(at, bandMetric(band), band === "100" && (h >= 22 || h < 6) ? 60 : 40, "dB[SPL]"),
        ),
        item(sequence++, {
          kind: "minute-counted",
          at,
          clock: "synced",
          quality: 1,
          provenance: { source: "model:centernet6@0123456789ab", config: "0123456789ab" },
          camera: "north",
          span: 60_000,
          watched: 60_000,
          lines: [{ line: "kerb", class: "car", in: 100 + ((h * 7 + d * 13) % 50), out: 0 }],
          zones: [],
        }),
      );
    }
    store.commit([items(batch, undefined, (start + (d + 1) * day) as Instant)]);
  }
  // Half an hour of SO2 by the minute: one 10-minute mean above 500 µg/m³.
  store.commit([
    items(
      Array.from({ length: 60 }, (_, i) =>
        reading(sequence++, {
          at: start + day + i * 60_000,
          metric: "so2",
          value: i >= 20 && i < 30 ? 200 : 10,
          unit: "[ppb]",
        }),
      ),
      undefined,
      end as Instant,
    ),
  ]);
  await store[Symbol.asyncDispose]();
  const config = {
    version: 1,
    city: "demo",
    data: "data",
    air: { region: "eu", utcOffset: 1 },
    page: { port: 0 },
    broker: { kind: "embedded", port: 0 },
  };
  hub = await startHub(await checkHubConfig(config, folder), { overrides: { now: () => (end + 1) as Instant } });
}, 60_000);
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe("what laws say of a place", () => {
  it("keeps a ledger in which every day has its own law, of the corrected channel, with what the correction turned", async () => {
    const ledger = AirLedger.parse(await json("ledger?site=street&year=2026"));
    const rows = ledger.rows.filter(
      (r) => r.limit.pollutant === "pm10" && r.limit.statistic === "day" && r.limit.level === "limit",
    );
    expect(
      rows.map((r) => [r.limit.law, r.used, r.provisional, r.exceedances.map((e) => new Date(e.at).toISOString())]),
    ).toEqual([
      ["eu-2008-50", 1, 1, ["2026-12-09T23:00:00.000Z"]],
      ["eu-2024-2881", 1, 1, ["2026-12-11T23:00:00.000Z"]],
    ]);
    expect(rows[0]?.turned).toEqual([
      { at: Date.UTC(2026, 11, 10, 23), from: 60, to: 30, why: "corrected by half@1", now: "no longer counts" },
    ]);
    expect(ledger.channels.map((c) => c.pollutant)).toEqual(["pm10", "no2", "so2", "co"]);
    // 100 ppb of NO2 are 191 µg/m³ at 293 K: above the information threshold from the day it exists.
    expect(ledger.episodes).toMatchObject([
      { law: "eu-2024-2881", kind: "information", pollutant: "no2", threshold: 150, from: Date.UTC(2026, 11, 11, 23) },
    ]);
    expect(ledger.rows.find((r) => r.limit.statistic === "10min")).toMatchObject({ verdict: "exceeded", used: 1 });
    expect(ledger.rows.find((r) => r.limit.pollutant === "pm25")).toMatchObject({ why: "it is not measured here" });
    const next = AirLedger.parse(await json("ledger?site=street&year=2028"));
    expect(next.rows.find((r) => r.limit.pollutant === "pm10")).toMatchObject({
      verdict: "not-available",
      why: "nothing valid was measured in its time",
    });
  });

  it("calls a day validated once an officer stands for it", async () => {
    const { csrf } = (await (await fetch(new URL("/api/v1/session", hub.pageUrl))).json()) as { csrf: string };
    const before = AirLedger.parse(await json("ledger?site=street&year=2026"));
    const channel = before.channels.find((c) => c.pollutant === "pm10")?.channel;
    const from = Date.UTC(2026, 11, 9, 23);
    const made = await fetch(new URL("/api/v1/air/validations", hub.pageUrl), {
      method: "POST",
      headers: { "content-type": "application/json", "x-csrf-token": csrf },
      body: JSON.stringify({ channel, from, to: from + day, reason: "checked against the filter" }),
    });
    expect(made.status).toBeLessThan(300);
    const { rows } = AirLedger.parse(await json("ledger?site=street&year=2026"));
    const old = rows.find(
      (r) => r.limit.law === "eu-2008-50" && r.limit.pollutant === "pm10" && r.limit.statistic === "day",
    );
    expect(old).toMatchObject({ used: 1, provisional: 0, exceedances: [{ at: from, status: "validated" }] });
  });

  it("replays a year under the figures of 2030", async () => {
    const { rows } = AirLedger.parse(await json("ledger?site=street&year=2026&law=eu-2024-2881"));
    const no2 = rows.filter((r) => r.limit.pollutant === "no2" && r.limit.statistic === "day");
    expect(no2).toMatchObject([
      { limit: { value: 50, from: "2030-01-01" }, used: 31, permitted: 18, verdict: "exceeded" },
    ]);
    expect(new Set(rows.map((r) => r.limit.law))).toEqual(new Set(["eu-2024-2881"]));
  });

  it("lists the limits of a day, and refuses what is no day", async () => {
    const on = async (of: string) => AirLimitList.parse(await json(`limits?${of}`)).limits;
    const pm25 = (all: Awaited<ReturnType<typeof on>>) =>
      all.filter(
        (l) => l.pollutant === "pm25" && l.statistic === "year" && l.level !== "aqg" && !l.level.startsWith("it-"),
      );
    expect(pm25(await on("day=2026-12-11")).map((l) => [l.law, l.value])).toEqual([["eu-2008-50", 25]]);
    expect(pm25(await on("day=2030-01-01")).map((l) => [l.law, l.value])).toEqual([["eu-2024-2881", 10]]);
    expect((await on("region=cn&day=2026-03-01")).filter((l) => l.law.startsWith("gb-")).length).toBeGreaterThan(10);
    expect(new Set((await on("region=us")).map((l) => l.law))).toEqual(new Set(["who-2021"]));
    expect((await get("limits?day=2026-02-30")).status).toBe(400);
  });

  it("gives the index by the hour and the day", async () => {
    const span = `from=${start}&to=${start + 2 * day}`;
    const eu = AirIndex.parse(await json(`index?site=street&span=hour&${span}`));
    expect(eu.moments).toHaveLength(48);
    expect(eu.moments[0]?.overall).toEqual({ kind: "index", index: 6, category: "Extremely poor", primary: ["no2"] });
    expect(eu.rules.map((r) => r.id)).toEqual(["eaqi-2024"]);
    const us = AirIndex.parse(await json(`index?site=street&span=day&region=us&${span}`));
    expect(us.moments.map((m) => new Date(m.at).toISOString())).toEqual(["2026-12-01T23:00:00.000Z"]);
    expect(us.moments[0]?.each).toContainEqual({
      pollutant: "no2",
      averaging: "1h",
      value: 100,
      unit: "ppb",
      index: 100,
      category: "Moderate",
    });
    expect((await get(`index?site=street&span=hour&from=0&to=${40 * day}`)).status).toBe(400);
    expect((await get(`index?site=street&span=hour&standard=us-2024&from=0&to=${9 * day}`)).status).toBe(400);
  });

  it("gives noise by the day and for the whole time, with percentiles only where they can be known", async () => {
    const noise = AirNoise.parse(await json("noise?site=street&from=2026-12-05&to=2026-12-09"));
    expect(noise.days.map((d) => [d.day, d.hours])).toEqual([5, 6, 7, 8, 9].map((d) => [`2026-12-0${d}`, 24]));
    // The place's night, 23–07, is 22–06 UTC.
    expect(noise.whole.lnight).toBeCloseTo(50, 6);
    expect(noise.whole.lday).toBeCloseTo(65, 6);
    expect(noise.whole.days).toBe(5);
    expect(noise.days[0]?.la10).toBeUndefined();
    expect(noise.days[0]?.findings).toContainEqual({
      law: "gb-3096",
      figure: "night event",
      level: 80,
      limit: 65,
      exceeded: true,
    });
    expect(noise.spectrum?.filter(({ night }) => night !== undefined)).toEqual([
      { band: "80", day: 40, evening: 40, night: 40, tones: [] },
      { band: "100", day: 40, evening: 40, night: 60, tones: ["night"] },
      { band: "125", day: 40, evening: 40, night: 40, tones: [] },
    ]);
    expect((await get("noise?site=street&from=2026-12-05&to=2026-12-04")).status).toBe(400);
  });

  it("refuses to say how noise goes with traffic that was hardly watched, with the reason", async () => {
    const found = AirAssociation.parse(await json(`association?site=street&metric=laeq&from=${start}&to=${end}`));
    expect(found.result).toMatchObject({ kind: "none", why: expect.stringContaining("watched") });
    expect(found.words).toContain("No association");
  });

  it("knows only places that are there", async () => {
    for (const path of ["ledger?site=nowhere&year=2026", "noise?site=nowhere&from=2026-01-01&to=2026-01-01"])
      expect((await get(path)).status).toBe(404);
  });
});
