import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AirAnomalies, AirForecast, type Instant, millis } from "@openkerb/contract";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { checkHubConfig } from "../config.ts";
import { type Hub, startHub } from "../hub.ts";
import { redactReading } from "../redact/redact.ts";
import { hourReader } from "../store/score-hours.ts";
import { type HourScore, scoreReader, scoreWriter } from "../store/score-table.ts";
import { openStore, type SqliteStore } from "../store/sqlite-store.ts";
import { birth, items } from "../store/trial-records.ts";
import { channelScorer } from "./score-channel.ts";

const hour = 3_600_000;
const start = Date.UTC(2026, 5, 1);
/** A repeatable noise between -1 and 1. */
const noise = (i: number, seed = 1): number => {
  const x = Math.sin(i * 12.9898 + seed * 78.233) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
};
/** Particles that follow the wind of some hours before, with the clock of a street. */
const wind = (i: number) => 3 + Math.sin(i / 17) + Math.sin(i / 5.3) + 0.2 * noise(i);
const pm25 = (i: number) => 60 - 12 * (wind(i - 4) - 3) + 6 * Math.sin((2 * Math.PI * i) / 24) + 3 * noise(i, 5);

let sequence = 0;
function tell(store: SqliteStore, of: readonly { i: number; metric: string; value: number; averaging?: number }[]) {
  const readings = of.map(({ i, metric, value, averaging = hour }) => {
    const made = redactReading({
      sequence: ++sequence,
      reading: {
        at: start + i * hour,
        averaging,
        sensor: metric === "pm25" ? "air" : "mast",
        metric,
        value: Math.round(value * 100) / 100,
        unit: metric === "pm25" ? "ug/m3" : "m/s",
        clock: "synced",
        quality: 1,
        provenance: { source: "profile:sps30@1", config: "0123456789ab" },
      },
    });
    if (made.kind === "refused") throw new Error(made.why);
    return made;
  });
  const last = Math.max(...of.map(({ i }) => i));
  store.commit([items(readings, undefined, (start + (last + 1) * hour) as Instant)]);
}
const both = (i: number, value = pm25(i)) => [
  { i, metric: "wind-speed", value: wind(i) },
  { i, metric: "pm25", value },
];
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);

describe("scores of hours", () => {
  /** A store of its own, scored as its thread would, with what it writes. */
  function scoring() {
    const store = openStore({ memory: true });
    store.commit([birth()]);
    const { database } = store;
    const reader = scoreReader(database);
    const write = scoreWriter(database);
    const restarted = () => channelScorer(hourReader(database), reader);
    let score = restarted();
    return {
      tell: (of: Parameters<typeof tell>[1]) => tell(store, of),
      async score(endHour: number) {
        const channel = (await store.channels()).find((c) => c.metric === "pm25")!;
        let told = 0;
        score(channel, start + endHour * hour, (scores) => {
          told += scores.length;
          write(channel.id, scores);
        });
        return told;
      },
      async scores(): Promise<HourScore[]> {
        const channel = (await store.channels()).find((c) => c.metric === "pm25")!;
        return reader.scores(channel.id, 0, start + 10_000 * hour);
      },
      restart() {
        score = restarted();
      },
    };
  }
  const particles = (from: number, to: number, of = pm25) =>
    range(from, to).map((i) => ({ i, metric: "pm25", value: of(i) }));

  it("are the same hour by hour, through restarts and all at once", async () => {
    const [live, whole] = [scoring(), scoring()];
    live.tell(particles(0, 1700));
    await live.score(1700);
    for (let i = 1700; i < 1760; i++) {
      live.tell(particles(i, i + 1));
      if (i % 13 === 0) live.restart();
      expect(await live.score(i + 1)).toBe(1);
    }
    whole.tell(particles(0, 1760));
    await whole.score(1760);
    expect(await live.scores()).toEqual(await whole.scores());
  });

  it("are made anew from the hour that came late, and only then", async () => {
    const [late, whole] = [scoring(), scoring()];
    late.tell(particles(0, 900));
    late.tell(particles(910, 1500));
    await late.score(1500);
    expect(await late.score(1500)).toBe(0);
    late.tell(particles(900, 910));
    expect(await late.score(1500)).toBe(600);
    whole.tell(particles(0, 1500));
    await whole.score(1500);
    expect(await late.scores()).toEqual(await whole.scores());
  });

  it("say nothing of an hour of which too little was measured", async () => {
    const one = scoring();
    one.tell(particles(0, 500));
    one.tell([{ i: 500, metric: "pm25", value: 900, averaging: 60_000 }]);
    await one.score(501);
    expect((await one.scores()).at(-1)).toMatchObject({ at: start + 500 * hour, score: undefined });
  });
});

describe("a hub that watches", () => {
  const days = 66;
  const now = { hour: days * 24 };
  let folder: string;
  let hub: Hub;
  const json = async (path: string) => (await fetch(new URL(`/api/v1${path}`, hub.pageUrl))).json();
  const begin = async () => {
    const config = {
      version: 1,
      city: "demo",
      data: "data",
      page: { port: 0 },
      broker: { kind: "embedded", port: 0 },
      air: { region: "cn", utcOffset: 8 },
    };
    return startHub(await checkHubConfig(config, folder), {
      overrides: { now: () => (start + now.hour * hour + 6 * 60_000) as Instant, watchEvery: millis(50) },
    });
  };
  const asked = async () => AirForecast.parse(await json("/air/forecast"));
  /** The result for particles, once it is as wished. */
  const forecast = async (wished: (result: AirForecast["channels"][number]["result"]) => boolean) =>
    vi.waitFor(
      async () => {
        const { channels } = await asked();
        const { result } = channels.find((c) => c.channel.metric === "pm25")!;
        if (!wished(result)) throw new Error(JSON.stringify(result).slice(0, 300));
        return result;
      },
      { timeout: 150_000, interval: 200 },
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "openkerb-watch-"));
    {
      await using store = openStore({ folder: join(folder, "data") });
      store.commit([birth()]);
      tell(
        store,
        range(0, now.hour).flatMap((i) => (i === 1450 ? both(i, 190) : both(i))),
      );
    }
    hub = await begin();
  });
  afterAll(async () => {
    await hub[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it("learns, forecasts beside its record, and keeps what it said", { timeout: 160_000 }, async () => {
    const result = await forecast((r) => r.kind === "forecast");
    if (result.kind !== "forecast") throw new Error("no forecast");
    expect(result.horizons.map((h) => h.horizon)).toEqual([1, 3, 6, 12, 24]);
    expect(result.from).toBe(start + (now.hour - 1) * hour);
    for (const h of result.horizons) {
      expect(h).toMatchObject({ event: 60, for: result.from + h.horizon * hour });
      expect(h.low).toBeLessThanOrEqual(h.value);
      expect(h.tested).toBeGreaterThan(300);
    }
    const three = result.horizons[1]!;
    expect(three.skillOverDampedPersistence).toBeGreaterThan(0.2);
    expect(three.warning.kind).not.toBe("withheld");
    expect(result.past).toEqual([]);
  });

  it("finds the hour that was unusual and says what is usual then", async () => {
    const { channels } = await asked();
    const { id } = channels.find((c) => c.channel.metric === "pm25")!.channel;
    const found = await vi.waitFor(
      async () => {
        const answer = AirAnomalies.parse(
          await json(`/air/anomalies?channel=${id}&from=${start + 1400 * hour}&to=${start + 1500 * hour}`),
        );
        expect(answer.scores).toHaveLength(100);
        return answer;
      },
      { timeout: 30_000 },
    );
    const stretch = found.stretches.find((s) => s.at === start + 1450 * hour)!;
    expect(stretch).toMatchObject({ value: 190 });
    expect(stretch.words).toMatch(
      /^PM2.5 at street was 190 µg\/m³ at 18:00; at this hour of a Friday it is usually \d+ to \d+\.$/,
    );
    expect([stretch.from, stretch.to]).toEqual([stretch.at, stretch.at]);
  });

  it("goes on after a restart, and holds what it said against what came", { timeout: 160_000 }, async () => {
    await hub[Symbol.asyncDispose]();
    {
      await using store = openStore({ folder: join(folder, "data") });
      tell(
        store,
        range(now.hour, now.hour + 3).flatMap((i) => both(i)),
      );
    }
    now.hour += 3;
    hub = await begin();
    const result = await forecast((r) => r.kind === "forecast" && r.past.length > 0);
    if (result.kind !== "forecast") throw new Error("no forecast");
    const said = result.past.find((p) => p.horizon === 3)!;
    expect(said.came).toBeCloseTo(pm25(now.hour - 1), 1);
    expect(result.horizons.find((h) => h.horizon === 3)?.lived).toMatchObject({ hours: 1 });
  });

  it("says why there is none", async () => {
    const { channels } = AirForecast.parse(await json("/air/forecast?metric=wind-speed"));
    expect(channels[0]?.result).toMatchObject({ kind: "none" });
    now.hour += 30;
    expect(await forecast((r) => r.kind === "none")).toMatchObject({ why: expect.stringContaining("hour just gone") });
  });
});
