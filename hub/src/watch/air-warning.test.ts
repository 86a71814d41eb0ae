import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AlertList, type Instant, millis } from "@openkerb/contract";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { checkHubConfig } from "../config.ts";
import { type Hub, startHub } from "../hub.ts";
import { openStore } from "../store/sqlite-store.ts";
import { birth, items, profile, reading } from "../store/trial-records.ts";
import { aboveNow } from "./episodes.ts";

const hour = 3_600_000;
const start = Date.UTC(2026, 5, 1);
let sequence = 0;

/** Ozone of consecutive hours in ppb: 100 ppb are 200 µg/m³ at 293 K. */
const ozone = (from: number, ppb: readonly number[]) =>
  items(
    ppb.map((value, i) =>
      reading(++sequence, {
        at: start + (from + i) * hour,
        averaging: hour,
        metric: "o3",
        value,
        unit: "[ppb]",
        provenance: { ...profile, source: "profile:ozone@1" },
      }),
    ),
    undefined,
    (start + (from + ppb.length) * hour) as Instant,
  );

describe("a threshold of the law", () => {
  let folder: string;
  let hub: Hub | undefined;
  const data = () => openStore({ folder: join(folder, "data") });
  /** What the operator's queue says of the air once `more` hours of ozone are in and the hub has looked. */
  const after = async (from: number, more: readonly number[], wished: (alert: object) => void) => {
    await hub?.[Symbol.asyncDispose]();
    {
      await using store = data();
      if (from === 0) store.commit([birth()]);
      store.commit([ozone(from, more)]);
    }
    const config = { version: 1, city: "demo", data: "data", page: { port: 0 }, broker: { kind: "embedded", port: 0 } };
    const now = (start + (from + more.length) * hour + 6 * 60_000) as Instant;
    hub = await startHub(await checkHubConfig(config, folder), {
      overrides: { now: () => now, watchEvery: millis(30) },
    });
    const url = new URL("/api/v1/alerts?state=all", hub.pageUrl);
    await vi.waitFor(
      async () => {
        const { alerts } = AlertList.parse(await (await fetch(url)).json());
        wished(alerts.filter(({ alert }) => alert.kind === "air-warning"));
      },
      { timeout: 20_000, interval: 100 },
    );
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "openkerb-warning-"));
  });
  afterAll(async () => {
    await hub?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it("stands in the queue once, grows from information to alert, and clears when it is over", {
    timeout: 90_000,
  }, async () => {
    await after(0, [60, 70, 95], (alerts) =>
      expect(alerts).toMatchObject([
        {
          alert: { condition: "active", occurrences: 1, detail: { pollutant: "o3", kind: "information", length: 1 } },
          words: { title: "Ozone at street is above the information threshold" },
        },
      ]),
    );
    await after(3, [130, 135, 130], (alerts) =>
      expect(alerts).toMatchObject([
        { alert: { condition: "active", occurrences: 2, detail: { kind: "alert", threshold: 240, length: 3 } } },
      ]),
    );
    await after(6, [129], (alerts) =>
      expect(alerts).toMatchObject([{ alert: { condition: "active", occurrences: 2 } }]),
    );
    await after(7, [60, 55], (alerts) =>
      expect(alerts).toMatchObject([{ alert: { condition: "cleared", occurrences: 2 } }]),
    );
  });
});

describe("a region whose law has no thresholds of concentrations", () => {
  const end = start + 48 * hour;
  /** What stands above the index's levels after two days of hours, the last of them of `last`. */
  const above = async (region: "us" | "cn", metric: string, usual: number, last: readonly number[], unit = "ug/m3") => {
    await using store = openStore({ memory: true });
    const values = [...Array<number>(48 - last.length).fill(usual), ...last];
    store.commit([
      birth(),
      items(
        values.map((value, i) =>
          reading(++sequence, { ...{ at: start + i * hour, averaging: hour, metric, value, unit } }),
        ),
        undefined,
        end as Instant,
      ),
    ]);
    const none = { validations: [], hours: [], corrected: [] };
    const law = { rollups: store.rollups, decisions: async () => none };
    const wish = { site: "street", region, offset: 8 * hour, end };
    return (await aboveNow(law, await store.channels(), wish)).map((found) => found.above);
  };

  it("is warned of by the index in force there: HJ 633 above 200 and above 300", async () => {
    expect(await above("cn", "pm25", 40, [149, 150])).toEqual([]);
    expect(await above("cn", "pm25", 40, [160, 180, 190])).toMatchObject([
      { detail: { pollutant: "pm25", kind: "information", index: "cn", threshold: 200, length: 3 } },
    ]);
    expect(await above("cn", "pm25", 40, [160, 260, 270])).toMatchObject([
      { cause: "pm25 alert", detail: { kind: "alert", threshold: 300, length: 2 } },
    ]);
    expect(await above("cn", "pm25", 40, [190, 190, 190, 40, 40])).toEqual([]);
  });

  it("is warned of by the US index above 100 for sensitive groups and above 150 for everybody", async () => {
    expect(await above("us", "pm25", 34, [])).toEqual([]);
    expect(await above("us", "pm25", 45, [])).toMatchObject([
      { detail: { pollutant: "pm25", kind: "information", index: "us", threshold: 100 } },
    ]);
    expect(await above("us", "no2", 30, [370], "[ppb]")).toMatchObject([
      { detail: { pollutant: "no2", kind: "alert", threshold: 150, length: 1 } },
    ]);
  });
});
