import type { Instant, SiteView } from "@openkerb/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore, type SqliteStore } from "../../store/sqlite-store.ts";
import { birth, items, reading } from "../../store/trial-records.ts";
import { answer } from "./answer.ts";
import { WrongQuery } from "./entity.ts";
import { hubSource } from "./hub-source.ts";

/* Questions put together from OGC 15-078r6/18-088, clause 9, on a real store: ten days of minutes, two places. */

const minute = 60_000;
const start = Date.UTC(2026, 5, 1);
const days = 10;
const base = "http://hub/sta/v1.1";
let store: SqliteStore;

const place = (site: string, longitude: number, latitude: number): SiteView =>
  ({
    city: "demo",
    site,
    name: `Place ${site}`,
    device: "box-1",
    position: { longitude, latitude },
    cameras: [],
  }) as unknown as SiteView;
const sites = [place("street", 8.4, 49), place("park", 8.5, 49.1)];

beforeAll(() => {
  store = openStore({ memory: true });
  store.commit([birth()]);
  let sequence = 1;
  for (let d = 0; d < days; d++) {
    const batch = [];
    for (let i = 0; i < 1440; i++)
      for (const [metric, unit] of [
        ["pm25", "ug/m3"],
        ["laeq", "dB[SPL]"],
      ] as const) {
        const at = start + (d * 1440 + i) * minute;
        const value = metric === "pm25" ? i % 100 : 50 + (i % 10);
        batch.push(reading(sequence++, { at, metric, value, unit, quality: i % 60 === 0 ? 3 : 1 }));
      }
    store.commit([items(batch, undefined, (start + (d + 1) * 86_400_000) as Instant)]);
  }
});
afterAll(() => store[Symbol.asyncDispose]());

type Body = { value: Record<string, unknown>[]; "@iot.count"?: number; "@iot.nextLink"?: string } & Record<
  string,
  unknown
>;
async function ask(question: string): Promise<Body> {
  const { pathname, searchParams } = new URL(question, "http://hub/x/");
  const path = decodeURIComponent(pathname.slice(3));
  const given = await answer(hubSource(store, await store.channels(), sites), base, path, searchParams);
  if (given.kind === "unknown") throw new Error(given.why);
  return given.kind === "found" ? (given.body as Body) : ({ text: given.text, value: [] } as Body);
}
const count = async (question: string): Promise<number> => (await ask(question)).value.length;
const iso = (minutes: number): string => new Date(start + minutes * minute).toISOString();

describe("SensorThings questions", () => {
  it.each([
    ["Things", 2],
    ["Things?$filter=name eq 'Place park'", 1],
    ["Things?$filter=startswith(name,'Place') and not endswith(name,'park')", 1],
    ["Things?$filter=substringof('tree',name)", 1],
    ["Things?$filter=tolower(name) eq 'place street' or toupper(name) eq 'PLACE PARK'", 2],
    ["Things?$filter=length(name) gt 10", 1],
    ["Things?$filter=indexof(name,'p') eq 6", 1],
    ["Things?$filter=properties/city eq 'demo'", 2],
    ["Things?$filter=Datastreams/ObservedProperty/name eq 'PM2.5'", 1],
    ["Things?$filter=Datastreams/unitOfMeasurement/symbol eq 'µg/m³'", 1],
    ["Things?$filter=Locations/Things/id eq 'park'", 1],
    ["Things('street')/Datastreams", 2],
    ["Things('street')/Datastreams?$filter=Sensor/name eq 'air'", 2],
    ["Things('park')/Datastreams", 0],
    ["Things('street')/HistoricalLocations", 1],
    ["Things('street')/Locations?$filter=HistoricalLocations/Thing/id eq 'street'", 1],
    ["Datastreams(1)/Thing/Locations", 1],
    ["ObservedProperties('pm25')/Datastreams", 1],
    ["Sensors('box-1.air')/Datastreams", 2],
    ["FeaturesOfInterest", 2],
    ["FeaturesOfInterest('street')/Observations?$top=7", 7],
    [
      "Locations?$filter=st_within(location, geography'POLYGON((8.3 48.9, 8.45 48.9, 8.45 49.05, 8.3 49.05, 8.3 48.9))')",
      1,
    ],
    ["Locations?$filter=geo.distance(location, geography'POINT(8.4 49)') lt 0.05", 1],
    ["Locations?$filter=geo.distance(location, geography'POINT(8.4 49)') ge 0.05", 1],
    ["Things?$filter=geo.intersects(Locations/location, geography'POLYGON((0 40, 20 40, 20 60, 0 60, 0 40))')", 2],
    ["Locations?$filter=st_equals(location, geography'POINT(8.5 49.1)')", 1],
    ["Locations?$filter=st_disjoint(location, geography'LINESTRING(8.4 48, 8.4 50)')", 1],
    ["Locations?$filter=st_touches(location, geography'POLYGON((8.4 48, 9 48, 9 49.05, 8.4 49.05, 8.4 48))')", 1],
    ["Locations?$filter=st_relate(location, geography'POINT(8.5 49.1)', 'T********')", 1],
    [`Datastreams(1)/Observations?$filter=phenomenonTime ge ${iso(0)} and phenomenonTime lt ${iso(10)}`, 10],
    [`Observations?$filter=Datastream/id eq 2 and phenomenonTime ge ${iso(100)} and phenomenonTime lt ${iso(105)}`, 5],
    [`Datastreams(1)/Observations?$filter=during(phenomenonTime,${iso(0)}/${iso(5)})`, 5],
    [`Datastreams(1)/Observations?$filter=resultTime gt ${iso(0)} add duration'PT1H' and resultTime le ${iso(65)}`, 5],
    ["Datastreams(1)/Observations?$filter=result mod 50 eq 49 and minute(phenomenonTime) eq 39&$top=3", 3],
    ["Datastreams(1)/Observations?$filter=hour(phenomenonTime) eq 5 and day(phenomenonTime) eq 2&$top=100", 60],
    ["Datastreams(1)/Observations?$filter=resultQuality/qartod eq 3&$top=5", 5],
    ["Datastreams(1)/Observations?$filter=result div 2 gt 49 and result mul 2 lt 199&$top=4", 4],
  ])("%s gives %i", async (question, wanted) => {
    expect(await count(question)).toBe(wanted);
  });

  it("counts without reading everything, also a part of the time", async () => {
    expect((await ask("Datastreams(1)/Observations?$count=true&$top=0"))["@iot.count"]).toBe(days * 1440);
    const part = `$filter=phenomenonTime ge ${iso(90)} and phenomenonTime lt ${iso(3 * 1440 + 77)}`;
    expect((await ask(`Datastreams(1)/Observations?${part}&$count=true&$top=1`))["@iot.count"]).toBe(
      3 * 1440 + 77 - 90,
    );
    expect((await ask("Things?$count=true&$top=1&$filter=name eq 'Place park'"))["@iot.count"]).toBe(1);
  });

  it.each([
    ["asc", 0],
    ["asc", 4999],
    ["asc", 9000],
    ["asc", 14_399],
    ["desc", 6000],
    ["desc", 14_399],
  ] as const)("leaps over many observations (%s, %i) to the right one", async (way, skip) => {
    const { value } = await ask(`Datastreams(1)/Observations?$orderby=phenomenonTime ${way}&$skip=${skip}&$top=2`);
    const at = start + (way === "asc" ? skip : days * 1440 - 1 - skip) * minute;
    expect(value[0]?.phenomenonTime).toBe(`${new Date(at).toISOString()}/${new Date(at + minute).toISOString()}`);
    expect(value).toHaveLength(skip === 14_399 ? 1 : 2);
  });

  it("gives no link from a page of nothing", async () => {
    expect(await ask("Datastreams(1)/Observations?$top=0&$count=true")).toEqual({
      "@iot.count": days * 1440,
      value: [],
    });
    const { value } = await ask(
      "Things('street')/Datastreams?$expand=Observations($top=0;$count=true)&$top=1&$select=id",
    );
    expect(value).toEqual([{ "@iot.id": 1, Observations: [], "Observations@iot.count": days * 1440 }]);
  });

  it("gives an empty page beyond the end, and no link to another", async () => {
    const beyond = await ask("Datastreams(1)/Observations?$skip=99999999");
    expect(beyond).toEqual({ value: [] });
  });

  it("leads through all pages with what was asked, and to no observation twice", async () => {
    const seen: unknown[] = [];
    let next: string | undefined =
      `Datastreams(1)/Observations?$top=400&$select=id,result&$filter=phenomenonTime lt ${iso(1000)}`;
    while (next) {
      const page: Body = await ask(next.replace(`${base}/`, ""));
      for (const one of page.value) {
        expect(Object.keys(one)).toEqual(["@iot.id", "result"]);
        seen.push(one["@iot.id"]);
      }
      next = page["@iot.nextLink"];
    }
    expect(new Set(seen).size).toBe(1000);
    expect(seen).toHaveLength(1000);
  });

  it("selects and expands inside of what is expanded", async () => {
    const { value } = await ask(
      "Things?$select=name&$filter=id eq 'street'&$expand=Datastreams($select=name,id;$orderby=name desc;$count=true;$expand=ObservedProperty($select=name)),Locations($select=location)",
    );
    expect(value).toEqual([
      {
        name: "Place street",
        "Datastreams@iot.count": 2,
        Datastreams: [
          { "@iot.id": 1, name: "PM2.5 at street", ObservedProperty: { name: "PM2.5" } },
          { "@iot.id": 2, name: "LAeq at street", ObservedProperty: { name: "LAeq" } },
        ],
        Locations: [{ location: { type: "Point", coordinates: [8.4, 49] } }],
      },
    ]);
  });

  it("gives the rest when a property of the standard is selected that an entity lacks", async () => {
    expect((await ask("Datastreams?$select=name,phenomenonTime&$top=1")).value).toEqual([{ name: "PM2.5 at street" }]);
    expect((await ask("Observations?$select=result,validTime&$top=1")).value).toEqual([{ result: 0 }]);
  });

  it("gives links alone, single properties and bare values", async () => {
    expect((await ask("Things('street')/Datastreams/$ref")).value).toEqual(
      [1, 2].map((id) => ({ "@iot.selfLink": `${base}/Datastreams(${id})` })),
    );
    expect(await ask("Datastreams(1)/Thing/$ref")).toEqual({ "@iot.selfLink": `${base}/Things('street')` });
    expect(await ask("Datastreams(1)/unitOfMeasurement/symbol")).toEqual({ symbol: "µg/m³" });
    expect(await ask("Datastreams(1)/unitOfMeasurement/symbol/$value")).toMatchObject({ text: "µg/m³" });
    expect(await ask("Things('street')/name/$value")).toMatchObject({ text: "Place street" });
  });

  it("writes CSV, dataArray and GeoJSON", async () => {
    const { text } = await ask("Datastreams(1)/Observations?$top=2&$resultFormat=CSV&$select=phenomenonTime,result");
    expect(text).toBe(`phenomenonTime,result\r\n${iso(0)}/${iso(1)},0\r\n${iso(1)}/${iso(2)},1\r\n`);
    const [group] = (await ask("Datastreams(1)/Observations?$top=2&$resultFormat=dataArray&$select=id,result")).value;
    expect(group).toMatchObject({
      components: ["id", "result"],
      "dataArray@iot.count": 2,
      dataArray: [
        [expect.any(String), 0],
        [expect.any(String), 1],
      ],
    });
    expect(await ask("Things?$resultFormat=GeoJSON")).toMatchObject({
      features: [{ geometry: { coordinates: [8.4, 49] } }, { geometry: { coordinates: [8.5, 49.1] } }],
    });
  });

  it.each([
    ["Things?$filter=name eq", "ends where a value"],
    ["Things?$filter=nam eq 'x'", "no nam"],
    ["Things?$filter=st_within(Locations/location, geography'CIRCLE(1)')", "can be read"],
    ["Things?$filter=foo(name)", "not known here"],
    ["Things?$top=-1", "whole number"],
    ["Things?$skip=x", "whole number"],
    ["Things?$orderby=name sideways", "after its end"],
    ["Things?$select=colour", "no colour"],
    ["Things?$expand=Weather", "no Weather"],
    ["Things?$count=maybe", "true or false"],
    ["Things?$resultFormat=XML", "CSV"],
    ["Things?$apply=groupby", "not known"],
    ["Things?$top=1&$top=2", "twice"],
  ])("%s is refused in words", async (question, words) => {
    await expect(ask(question)).rejects.toThrow(WrongQuery);
    await expect(ask(question)).rejects.toThrow(words);
  });
});
