import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AirSeries, AirStationList, type Instant } from "@openkerb/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkHubConfig } from "../../config.ts";
import { type Hub, startHub } from "../../hub.ts";
import { openStore } from "../../store/sqlite-store.ts";
import { birth, items, reading } from "../../store/trial-records.ts";

const hour = 3_600_000;
const start = Date.UTC(2026, 5, 1);
let folder: string;
let hub: Hub;
const get = (path: string): Promise<Response> => fetch(new URL(path, hub.pageUrl));
const json = async (path: string) => (await get(path)).json();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "openkerb-air-"));
  const store = openStore({ folder: join(folder, "data") });
  const made = Array.from({ length: 180 }, (_, i) =>
    reading(i + 1, { at: start + i * 60_000, value: i < 60 ? 10 : 20, quality: i === 5 ? 4 : 1 }),
  );
  store.commit([birth(), items(made, undefined, (start + 4 * hour) as Instant)]);
  await store[Symbol.asyncDispose]();
  const config = {
    version: 1,
    city: "demo",
    data: "data",
    page: { port: 0 },
    broker: { kind: "embedded", port: 0 },
    air: { utcOffset: 5.75 },
  };
  hub = await startHub(await checkHubConfig(config, folder), {
    overrides: { now: () => (start + 10 * hour) as Instant },
  });
});
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe("the air routes", () => {
  it("list stations with what they said last, and by which hours the city tells its days", async () => {
    const { utcOffset, stations } = AirStationList.parse(await json("/api/v1/air/stations"));
    expect(utcOffset).toBe(5.75);
    expect(stations).toMatchObject([
      { site: "street", channels: [{ channel: { id: 1, metric: "pm25" }, count: 180, latest: { value: 20 } }] },
    ]);
  });

  it.each([
    `series?metric=pm25&from=${start}&to=${start + hour}`,
    `index?span=hour&from=${start}&to=${start + hour}`,
    "ledger?year=2026",
    "noise?from=2026-06-01&to=2026-06-02",
    `association?metric=pm25&from=${start}&to=${start + hour}`,
    "forecast?metric=pm25",
    "export.geojson?metric=pm25",
    "review?state=all",
  ])("say that a place is unknown instead of showing nothing: %s", async (path) => {
    const answer = await get(`/api/v1/air/${path}&site=nowhere`);
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { error: "not-found", message: "There is no place nowhere here." },
    ]);
    expect((await get(`/api/v1/air/${path}&site=street`)).status).toBe(200);
  });

  it.each([
    `export?span=hour&from=${start}&to=${start + hour}`,
    `export/metadata?span=hour&from=${start}&to=${start + hour}`,
    `anomalies?from=${start}&to=${start + hour}`,
    "validations?",
    "corrections?",
    "colocations?",
    "audit?limit=1",
  ])("say that a channel is unknown instead of showing nothing: %s", async (path) => {
    const answer = await get(`/api/v1/air/${path}&channel=99`);
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { error: "not-found", message: "There is no channel 99 here." },
    ]);
    expect((await get(`/api/v1/air/${path}&channel=1`)).status).toBe(200);
  });

  it("draw a line, and refuse a chart that ends before it begins", async () => {
    const path = `/api/v1/air/series?metric=pm25&from=${start}&to=${start + 3 * hour}&points=3`;
    const { lines } = AirSeries.parse(await json(path));
    expect(lines[0]?.bins.map((b) => [b.mean, b.flags["4"]])).toEqual([
      [10, 1],
      [20, 0],
      [20, 0],
    ]);
    expect((await get(`/api/v1/air/series?metric=pm25&from=9&to=8`)).status).toBe(400);
  });

  it("export hours as a table that says where each value comes from, with words for its columns", async () => {
    const path = `channel=1&span=hour&from=${start}&to=${start + 2 * hour}`;
    const table = await get(`/api/v1/air/export?${path}`);
    const from = "ug/m3,,box-1,air,,profile:sps30@1";
    expect(await table.text()).toBe(
      "time,utc_offset,mean,min,max,coverage,good,not_evaluated,suspect,fail,missing,unit,reference,device,sensor,correction,source\r\n" +
        `2026-06-01T00:00:00.000Z,UTC+05:45,10,10,10,0.9833,59,0,0,1,0,${from}\r\n` +
        `2026-06-01T01:00:00.000Z,UTC+05:45,20,20,20,1.0000,60,0,0,0,0,${from}\r\n`,
    );
    expect(table.headers.get("content-disposition")).toContain('filename="street-pm25-1-');
    // The table leads to its description, and the description back to the table.
    const [, link = ""] = /^<([^>]+)>; rel="describedby"/.exec(table.headers.get("link") ?? "") ?? [];
    const metadata = new URL(link, table.url);
    const about = (await (await fetch(metadata)).json()) as {
      url: string;
      tableSchema: { columns: { name: string }[] };
    };
    expect(about).toMatchObject({ "@context": ["http://www.w3.org/ns/csvw", { "@language": "en" }] });
    expect(new URL(about.url, metadata).href).toBe(table.url);
    const again = await (await fetch(new URL(about.url, metadata))).text();
    expect(again.split("\r\n")[0]).toBe(about.tableSchema.columns.map((c) => c.name).join(","));
    expect((await get("/api/v1/air/export?channel=9&span=hour&from=0&to=1")).status).toBe(404);
  });

  it("export stations for maps, with the latest values or those of an hour", async () => {
    expect(await json("/api/v1/air/export.geojson")).toMatchObject({
      type: "FeatureCollection",
      features: [
        { type: "Feature", id: 1, geometry: null, properties: { metric: "pm25", value: 20, flag: 1, seconds: 60 } },
      ],
    });
    expect(await json("/api/v1/air/export.geojson?at=2026-06-01T00:30:00Z&metric=pm25")).toMatchObject({
      features: [{ properties: { time: "2026-06-01T00:00:00.000Z", value: 10, failed: 1 } }],
    });
    expect(await json("/api/v1/air/export.geojson?metric=no2")).toEqual({ type: "FeatureCollection", features: [] });
  });

  it("give hours in the shape of OpenAQ with coverage and flags", async () => {
    const { meta, results } = (await json("/openaq/v3/sensors/1/hours")) as {
      meta: object;
      results: { value: number; flagInfo: { hasFlags: boolean }; coverage: { percentCoverage: number } }[];
    };
    expect(meta).toMatchObject({ found: 3 });
    expect(results.map((r) => [r.value, r.flagInfo.hasFlags, r.coverage.percentCoverage])).toEqual([
      [10, true, 98.3],
      [20, false, 100],
      [20, false, 100],
    ]);
    expect((await get("/openaq/v3/sensors/99/hours")).status).toBe(404);
    expect(results[0]).toMatchObject({
      parameter: { id: 2, name: "pm25", units: "µg/m³" },
      period: {
        datetimeFrom: { utc: "2026-06-01T00:00:00Z", local: "2026-06-01T05:45:00+05:45" },
        datetimeTo: { utc: "2026-06-01T01:00:00Z" },
      },
      summary: { min: 10, median: 10, q98: 10, sd: 0 },
      coverage: { expectedCount: 60, observedCount: 59, expectedInterval: "01:00:00", observedInterval: "00:59:00" },
    });
    // An hour is chosen by its end: the one that ends at 02:00 belongs to the question, the one that ends later does not.
    const asked = await json(
      "/openaq/v3/sensors/1/hours?datetime_from=2026-06-01T00:30:00Z&datetime_to=2026-06-01T02:30:00Z",
    );
    expect(
      (asked as { results: { period: { datetimeTo: { utc: string } } }[] }).results.map((r) => r.period.datetimeTo.utc),
    ).toEqual(["2026-06-01T01:00:00Z", "2026-06-01T02:00:00Z"]);
    const second = await json("/openaq/v3/sensors/1/hours?limit=1&page=2");
    expect(second).toMatchObject({ meta: { found: 3, page: 2, limit: 1 }, results: [{ value: 20 }] });
  });

  it("answer SensorThings, page by page to the last reading, and say in words what they do not understand", async () => {
    expect(await json("/sta/v1.1")).toHaveProperty("serverSettings.conformance");
    const things = await json(
      "/sta/v1.1/Things?$expand=Datastreams($expand=ObservedProperty,Observations($orderby=phenomenonTime desc;$top=1))",
    );
    expect(things).toMatchObject({
      value: [{ "@iot.id": "street", Datastreams: [{ "@iot.id": 1, Observations: [{ result: 20 }] }] }],
    });
    const seen: string[] = [];
    let next: string | undefined = "/sta/v1.1/Datastreams(1)/Observations?$top=50&$count=true";
    while (next) {
      const page = (await json(next)) as {
        value: { "@iot.id": string }[];
        "@iot.count": number;
        "@iot.nextLink"?: string;
      };
      expect(page["@iot.count"]).toBe(180);
      seen.push(...page.value.map((o) => o["@iot.id"]));
      next = page["@iot.nextLink"];
    }
    expect(new Set(seen).size).toBe(180);
    expect(await json(`/sta/v1.1/Observations('${seen[5]}')`)).toMatchObject({ resultQuality: { qartod: 4 } });
    const from = new Date(start + 2.5 * hour).toISOString();
    const late = await json(`/sta/v1.1/Observations?$filter=phenomenonTime ge ${from} and result gt 15&$top=1000`);
    expect((late as { value: unknown[] }).value).toHaveLength(30);
    const wrong = await get("/sta/v1.1/Things?$filter=name eq");
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ message: expect.stringContaining("ends where a value") });
  });
});
