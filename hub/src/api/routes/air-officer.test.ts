import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AirAudit,
  AirReport,
  AirStationList,
  ColocationDetail,
  ColocationList,
  CorrectionList,
  type Instant,
  ReviewDetail,
  ReviewList,
  ValidationList,
} from "@openkerb/contract";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { checkHubConfig } from "../../config.ts";
import { type Hub, startHub } from "../../hub.ts";
import { calm, day, hour, minute, minutesOf, reading, start, takeIn } from "../../quality/trial-readings.ts";
import { openStore } from "../../store/sqlite-store.ts";

const noon = start + 12 * hour;
const now = (start + 30 * day) as Instant;
let folder: string;
let hub: Hub;
let csrf: string;
const get = (path: string): Promise<Response> => fetch(new URL(`/api/v1/air/${path}`, hub.pageUrl));
const json = async (path: string): Promise<unknown> => (await get(path)).json();
const post = (path: string, body: object): Promise<Response> =>
  fetch(new URL(`/api/v1/air/${path}`, hub.pageUrl), {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf-token": csrf },
    body: JSON.stringify(body),
  });
const soon = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 20_000, interval: 30 });

/** Ten days of an instrument's hours: the sensor reads double and three more, with a ripple. */
const truth = (at: number): number => 20 + 12 * Math.sin(at / (9 * hour)) + 5 * Math.sin(at / (31 * hour));
const hours = Array.from({ length: 240 }, (_, i) => start + i * hour);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "openkerb-officer-"));
  const store = openStore({ folder: join(folder, "data") });
  takeIn(
    store,
    minutesOf(start, 1440, (at) => (at >= noon && at < noon + 30 * minute ? 1200 : calm(at))),
  );
  takeIn(
    store,
    minutesOf(start, 1440, () => 50, { metric: "humidity", unit: "%" }),
  );
  const no2 = { metric: "no2", unit: "[ppb]", averaging: hour as never, sensor: "cell" as never } as const;
  takeIn(
    store,
    hours.map((at, i) => reading({ at, value: 2 * truth(at) + 3 + (i % 5) / 4, ...no2 })),
  );
  takeIn(
    store,
    hours.map((at, i) => reading({ at, value: ((i * 7919) % 97) / 3, ...no2, sensor: "dead" as never })),
  );
  await store[Symbol.asyncDispose]();
  const config = { version: 1, city: "demo", data: "data", page: { port: 0 }, broker: { kind: "embedded", port: 0 } };
  hub = await startHub(await checkHubConfig(config, folder), { overrides: { now: () => now } });
  ({ csrf } = (await (await fetch(new URL("/api/v1/session", hub.pageUrl))).json()) as { csrf: string });
}, 30_000);
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe("the officer's routes", () => {
  it("show what the hub doubts by itself, let an officer decide once, and keep who did what", async () => {
    const { items } = await soon(async () => {
      const list = ReviewList.parse(await json("review?site=street"));
      expect(list.items.filter((i) => i.channel.metric === "pm25")).toHaveLength(1);
      return list;
    });
    const item = items.find((i) => i.channel.metric === "pm25");
    const before = ReviewDetail.parse(await json(`review/${item?.id}`));
    expect(before.readings.length).toBeGreaterThan(200);
    const at = (time: number) => before.readings.find((r) => r.at === time);
    expect(at(noon + 5 * minute)).toMatchObject({ device: 1, tests: 3, effective: 3 });
    expect(at(noon - 5 * minute)).toMatchObject({ device: 1, tests: 1, effective: 1 });

    const path = `review/${item?.id}`;
    expect((await post(path, { do: "override", flag: 4, reason: "x" })).status).toBe(400);
    const answer = await post(path, { do: "override", flag: 4, reason: "a leaf, see +49 170 1234567" });
    const decided = ReviewDetail.parse(await answer.json());
    expect(decided.item).toMatchObject({ state: "overridden", decision: { flag: 4, reason: "a leaf, see ***" } });
    expect(decided.readings.find((r) => r.at === noon + 5 * minute)).toMatchObject({
      device: 1,
      tests: 3,
      effective: 4,
    });
    expect(decided.history).toMatchObject([{ action: "review-overridden" }]);
    const second = await post(path, { do: "accept" });
    expect(second.status).toBe(409);
    expect(await second.json()).toMatchObject({ message: expect.stringMatching(/decided at .* bad: a leaf/) });
    expect(ReviewList.parse(await json("review?state=decided")).items.map((i) => i.id)).toContain(item?.id);

    const span = { channel: item?.channel.id ?? 0, from: start, to: start + day, reason: "all of it looked at" };
    const stands = ValidationList.parse(await (await post("validations", span)).json());
    expect(stands.validations).toMatchObject([{ id: 1, by: "local", from: start }]);
    const withdrawn = await post("validations/1/withdraw", { reason: "too early" });
    expect(ValidationList.parse(await withdrawn.json()).validations).toMatchObject([{ withdrawn: now }]);
    const { entries } = AirAudit.parse(await json(`audit?channel=${span.channel}`));
    expect(entries.map((e) => e.action)).toEqual(["validation-withdrawn", "validated", "review-overridden"]);
    expect(AirAudit.parse(await json(`audit?before=${entries[1]?.id}&limit=1`)).entries).toEqual([entries[2]]);
  });

  it("compare a sensor with a sent table, refuse what carries no information, and print a page under a strict policy", async () => {
    const { stations } = AirStationList.parse(await json("stations"));
    const channels = stations.flatMap((s) => s.channels.map((c) => c.channel));
    const cell = channels.find((c) => c.sensor === "cell")?.id ?? 0;
    const dead = channels.find((c) => c.sensor === "dead")?.id ?? 0;
    const ten = { from: start, to: start + 10 * day };
    // Minutes of ten days: far more than other routes take.
    const rows = minutesOf(start, 14_400).map((_, i) => {
      const at = start + i * minute;
      return `${new Date(at).toISOString()},${truth(at - (at % hour)).toFixed(2)}`;
    });
    const table = ["time,value", ...rows].join("\n");
    expect(table.length).toBeGreaterThan(400_000);
    const order = { sensor: cell, reference: { table, name: "city station 4" }, ...ten };
    const made = ColocationDetail.parse(await (await post("colocations", order)).json());
    expect(made.pairs).toHaveLength(240);
    expect(made.colocation).toMatchObject({
      pairs: 240,
      verdict: { kind: "accepted" },
      reference: { name: "city station 4" },
    });
    if (made.colocation.verdict.kind === "accepted")
      expect(made.colocation.verdict.calibration.gain).toBeCloseTo(0.5, 2);
    expect(made.colocation.targets.map((t) => t.name)).toContain("slope");
    expect(ColocationDetail.parse(await json(`colocations/${made.colocation.id}`))).toEqual(made);

    const broken = table.replace(rows[41] ?? "", "yesterday,12");
    const wrong = await post("colocations", { ...order, reference: { table: broken, name: "x" } });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ message: expect.stringMatching(/line 43: "yesterday" is not a time/) });
    const none = ColocationDetail.parse(
      await (await post("colocations", { sensor: dead, reference: { channel: cell }, ...ten })).json(),
    );
    expect(none.colocation.verdict).toMatchObject({
      kind: "refused",
      why: [expect.stringMatching(/R² is/), expect.anything(), expect.anything(), expect.anything()],
    });
    expect(ColocationList.parse(await json(`colocations?channel=${dead}`)).colocations).toHaveLength(1);
    expect((await post("colocations", { sensor: cell, reference: { channel: 2 }, ...ten })).status).toBe(409);
    // A time that no calendar can write would end every page that lists it.
    const never = { from: start, to: Number.MAX_SAFE_INTEGER };
    for (const [path, body] of [
      ["colocations", { sensor: dead, reference: { channel: cell }, ...never }],
      ["validations", { channel: cell, reason: "for ever and ever", ...never }],
      ["corrections", { channel: cell, correction: { id: "x@1" }, reason: "one day", from: never.to }],
    ] as const) {
      const answer = await post(path, body);
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringMatching(/lies after the year 9999/)]);
    }

    const report = await get(`colocations/${made.colocation.id}/report`);
    const page = await report.text();
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
    const digest = createHash("sha256").update(style).digest("base64");
    const policy = report.headers.get("content-security-policy") ?? "";
    expect(policy).toContain(`style-src 'sha256-${digest}'`);
    expect(policy).not.toContain("unsafe");
    expect(page).not.toMatch(/<script| style=|\son[a-z]+=/);
    expect(policy).not.toContain("'self'");
    expect(page).toContain("Name, signature");
    expect(page).toContain(
      "of the box box-1 against a table that was sent; made by local, 2026-07-01 00:00. All times are UTC.",
    );

    // The accepted one may be used: corrected hours become a channel of their own.
    const use = {
      channel: cell,
      correction: { colocation: made.colocation.id },
      from: start,
      reason: "beside station 4",
    };
    const list = CorrectionList.parse(await (await post("corrections", use)).json());
    const name = `colocation-${made.colocation.id}@1`;
    expect(list.uses).toMatchObject([{ correction: name, channel: { id: cell } }]);
    const gives = list.uses[0]?.gives;
    await soon(async () => {
      const text = await (await get(`export?channel=${gives}&span=hour&from=${start}&to=${start + 2 * hour}`)).text();
      const [heading = [], row = []] = text.split("\r\n").map((line) => line.split(","));
      const cell = (name: string) => row[heading.indexOf(name)];
      const mean = Number(cell("mean"));
      expect([cell("correction"), cell("source")]).toEqual([name, "profile:pmsx003@1"]);
      expect(Math.abs(mean - truth(start))).toBeLessThan(0.5);
    });
    const sta = await fetch(new URL(`/sta/v1.1/Datastreams(${gives})?$expand=Observations($top=2)`, hub.pageUrl));
    expect(await sta.json()).toMatchObject({
      properties: { correction: name },
      Observations: [{ resultQuality: { qartod: 1 } }, {}],
    });
    const refused = await post("corrections", {
      ...use,
      channel: dead,
      correction: { colocation: none.colocation.id },
    });
    expect(await refused.json()).toMatchObject({ message: expect.stringMatching(/was refused: R²/) });
    const ended = await post(`corrections/${list.uses[0]?.id}/end`, { reason: "sensor changed" });
    expect(CorrectionList.parse(await ended.json()).uses[0]?.to).toBe(now);
    const { entries } = AirAudit.parse(await json(`audit?channel=${cell}`));
    expect(entries.map((e) => e.action)).toEqual([
      "correction-ended",
      "correction-applied",
      "report-exported",
      "colocation-made",
    ]);
  });

  it("offer only corrections that fit what the profile says", async () => {
    const pm = ReviewList.parse(await json("review?state=all")).items.find((i) => i.channel.metric === "pm25")?.channel
      .id;
    const list = CorrectionList.parse(await json(`corrections?channel=${pm}`));
    expect(list).toMatchObject({ input: "atm", available: [{ id: "epa-2021-atm@1" }] });
    const wrong = await post("corrections", {
      channel: pm,
      correction: { id: "barkjohn-2021@1" },
      from: start,
      reason: "as usual",
    });
    expect(wrong.status).toBe(409);
  });

  it("write down who takes values out of the house, as a table, for a map or on paper, before they go", async () => {
    const last = async (path: string, count: number) => {
      const { entries } = AirAudit.parse(await json("audit?limit=1"));
      expect((await get(path)).status).toBe(200);
      const after = AirAudit.parse(await json("audit?limit=10")).entries.filter((e) => e.id > (entries[0]?.id ?? 0));
      expect(after).toHaveLength(count);
      return after[0];
    };
    const span = { from: start, to: start + 2 * hour };
    const by = { by: "local", at: now, action: "report-exported" };
    const table = `export?channel=1&span=hour&from=${span.from}&to=${span.to}`;
    const words = "pm25 of air at street: hours taken as a table";
    expect(await last(table, 1)).toMatchObject({ ...by, ...span, channel: 1, words });
    expect(await last(table.replace("hour", "day"), 1)).toMatchObject({ words: words.replace("hours", "days") });
    // What describes a table takes nothing out; a map that asks every minute is one use of an hour.
    await last(table.replace("export", "export/metadata"), 0);
    expect(await last("export.geojson?site=street", 1)).toMatchObject({
      ...by,
      words: "values of street taken for a map",
    });
    await last("export.geojson?site=street", 0);
    const past = `export.geojson?site=street&at=${new Date(start + 60_000).toISOString()}`;
    for (const _ of "ab") expect(await last(past, 1)).toMatchObject({ ...by, from: start, to: start + hour });
    expect(await last("export.geojson", 1)).toMatchObject({ words: "values of all places taken for a map" });

    const printed = await post("reports", { site: "street", ...span });
    const noted = AirReport.parse(await printed.json());
    const [newest] = AirAudit.parse(await json("audit?limit=1")).entries;
    expect(newest).toEqual({ ...noted, ...by, ...span, words: "report of street taken to print" });
    const unknown = await post("reports", { site: "nowhere", ...span });
    expect(unknown.status).toBe(404);
    expect((await post("reports", { site: "street", from: span.to, to: span.from })).status).toBe(400);
    expect((await get(`export?channel=99&span=hour&from=${span.from}&to=${span.to}`)).status).toBe(404);
    expect(AirAudit.parse(await json("audit?limit=1")).entries).toEqual([newest]);
  });
});
