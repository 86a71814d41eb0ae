import { describe, expect, it } from "vitest";
import { answer } from "./answer.ts";
import type { Collection, Entity, Source } from "./entity.ts";

/*
 * The data set and the expected answers of FROST-Server.Tests c03filtering/FilterTests.java and Capability3Tests.java,
 * commit 99b36f68: only what is asked and what must come is kept.
 */
type Kind = Exclude<Collection, "Observations">;
const thingProperties = [undefined, { field: 2, string: "one" }, { field: 3, string: "two" }, undefined];
const locations = [
  ["Location 1.0", 0, 1],
  ["Location 1.1", 0, 1.1],
  ["Location 2", 1, 2],
  ["Location 3", 2, 3],
  ["Location 4", 3, 4],
] as const;
const streams = [
  [0, 0, 0],
  [0, 1, 1],
  [0, 2, 2],
  [1, 0, 0],
  [1, 1, 1],
  [1, 3, 3],
  [2, 1, 0],
] as const;
const hour = 3_600_000;
const start = Date.UTC(2015, 11, 31, 23);
const results = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

function trialSource(): Source {
  const graph: Record<Kind, Entity[]> = {
    Things: [],
    Locations: [],
    HistoricalLocations: [],
    Datastreams: [],
    Sensors: [],
    ObservedProperties: [],
    FeaturesOfInterest: [],
  };
  const add = (kind: Kind, id: number, properties: object, leads: Partial<Entity> = {}): void => {
    graph[kind].push({ kind, id, properties: properties as Entity["properties"], one: {}, many: {}, ...leads });
  };
  const pick = (kind: Kind, when: (index: number) => boolean) => () => graph[kind].filter((_, i) => when(i));
  for (const [i, properties] of thingProperties.entries())
    add(
      "Things",
      i,
      { name: `Thing ${i + 1}`, ...(properties && { properties }) },
      {
        many: {
          Locations: pick("Locations", (l) => locations[l]?.[1] === i),
          HistoricalLocations: pick("HistoricalLocations", (l) => locations[l]?.[1] === i),
          Datastreams: pick("Datastreams", (d) => streams[d]?.[0] === i),
        },
      },
    );
  locations.forEach(([name, thing, field], i) => {
    const location = { type: "Point", coordinates: [8, 51 + i] };
    add(
      "Locations",
      i,
      { name, properties: { field }, location },
      { many: { Things: pick("Things", (t) => t === thing) } },
    );
    add(
      "HistoricalLocations",
      i,
      { time: "2016-01-01T06:00:00Z" },
      {
        one: { Thing: () => graph.Things[thing] },
        many: { Locations: pick("Locations", (l) => l === i) },
      },
    );
  });
  for (const [i, [thing, sensor, property]] of streams.entries())
    add(
      "Datastreams",
      i,
      { name: `Datastream ${i}` },
      {
        one: {
          Thing: () => graph.Things[thing],
          Sensor: () => graph.Sensors[sensor],
          ObservedProperty: () => graph.ObservedProperties[property],
        },
      },
    );
  for (let i = 0; i < 4; i++) {
    add(
      "Sensors",
      i,
      { name: `Sensor ${i}` },
      { many: { Datastreams: pick("Datastreams", (d) => streams[d]?.[1] === i) } },
    );
    add(
      "ObservedProperties",
      i,
      { name: `ObservedProperty ${i}` },
      {
        many: { Datastreams: pick("Datastreams", (d) => streams[d]?.[2] === i) },
      },
    );
  }
  const observations = results.map(
    (result, i): Entity => ({
      kind: "Observations",
      id: `o${i}`,
      properties: {
        result,
        phenomenonTime: new Date(start + i * hour).toISOString(),
        resultTime: new Date(start + i * hour).toISOString(),
      },
      one: { Datastream: () => graph.Datastreams[0] },
      many: {},
    }),
  );
  const inside = (e: Entity, from: number, to: number): boolean => {
    const at = Date.parse(String(e.properties.phenomenonTime));
    return at >= from && at <= to;
  };
  return {
    all: (kind) => graph[kind],
    async observations(datastream, { from, to, limit, skip, newestFirst }) {
      const own = datastream.id === 0 ? observations.filter((o) => inside(o, from, to)) : [];
      return (newestFirst ? own.toReversed() : own).slice(skip, skip + limit);
    },
    observation: async (id) => observations.find((o) => o.id === id),
    count: async (datastream, { from, to }) =>
      datastream.id === 0 ? observations.filter((o) => inside(o, from, to)).length : 0,
  };
}

type Listed = { value: Record<string, unknown>[]; "@iot.count"?: number; "@iot.nextLink"?: string };
const ask = async (path: string, options: Record<string, string> = {}): Promise<Listed> => {
  const given = await answer(trialSource(), "http://hub/sta/v1.1", path, Object.entries(options));
  if (given.kind !== "found") throw new Error(given.kind);
  return given.body as Listed;
};
const ids = async (path: string, filter: string): Promise<unknown[]> =>
  (await ask(path, { $filter: filter })).value.map((e) => e["@iot.id"]);
const resultsOf = async (filter: string): Promise<unknown[]> =>
  (await ask("Datastreams(0)/Observations", { $filter: filter })).value.map((e) => e.result);

describe("SensorThings filters", () => {
  it.each<[string, number[]]>([
    ["Locations/name eq 'Location 2'", [1]],
    ["startswith(HistoricalLocations/Locations/name, 'Location 1')", [0]],
    ["HistoricalLocations/Locations/properties/field eq properties/field", [1, 2]],
    ["substring(properties/string, 1) eq 'wo'", [2]],
    ["substring(properties/string, 1, 1) eq 'w'", [2]],
    ["substring(name, 4) eq 'g 4'", [3]],
    ["substring(name, 4, 3) eq 'g 4'", [3]],
    ["properties/field eq null", [0, 3]],
    ["Datastreams/id eq null", [3]],
    ["properties/field ne null", [1, 2]],
    ["Datastreams/id ne null", [0, 1, 2]],
    ["Locations/any(l:l/name eq 'Location 2')", [1]],
  ])("Things, %s", async (filter, expected) => expect(await ids("Things", filter)).toEqual(expected));

  it.each<[string, number[]]>([
    ["Datastreams/Thing/Datastreams/ObservedProperty/name eq 'ObservedProperty 0'", [0, 1, 2, 3]],
    ["Datastreams/Thing/Datastreams/ObservedProperty/name eq 'ObservedProperty 3'", [0, 1, 3]],
  ])("ObservedProperties, %s", async (filter, expected) =>
    expect(await ids("ObservedProperties", filter)).toEqual(expected),
  );

  it.each<[string, number[]]>([
    ["result eq 2 and result eq 1 or result eq 1", [1]],
    ["(result eq 2 and result eq 1) or result eq 1", [1]],
    ["result eq 2 and (result eq 1 or result eq 1)", []],
    ["not result lt 1 and not result gt 1", [1]],
    ["1 add result mul 2 sub -1 eq 4", [1]],
    ["6 div 2 sub result eq 2", [1]],
    ["1 add 2.0 mod (result add 1) eq 1", [0, 1]],
    ["14 div (result add 1) mod 3 mul 3 eq 3", [1]],
    ["year(resultTime) eq 2015", [0]],
    ["resultTime add duration'PT1H' gt 2016-01-01T06:00:00Z", [7, 8, 9]],
    ["during(phenomenonTime,2016-01-01T00:00:00Z/2016-01-01T02:00:00Z)", [1, 2, 3]],
    ["phenomenonTime ge 2016-01-01T06:00:00Z and result lt 9", [7, 8]],
  ])("Observations, %s", async (filter, expected) => expect(await resultsOf(filter)).toEqual(expected));

  it.each([
    "name eq",
    "(name eq 'a'",
    "name eq 'a' nonsense",
    "nosuch(name) eq 1",
    "length(name, 2) eq 1",
    "nosuch eq 1",
    "Nowhere/name eq 'x'",
    "name eq 'a' ; drop",
    "resultTime add duration'P1Y' gt 2016-01-01T06:00:00Z",
    "Datastreams/Observations/result gt 5",
    `${"(".repeat(100)}1 eq 1${")".repeat(100)}`,
  ])("says in words what is wrong with: %s", async (filter) => {
    await expect(ask("Things", { $filter: filter })).rejects.toMatchObject({ name: "WrongQuery" });
  });
});

describe("SensorThings answers", () => {
  it("gives pages with a count and a link to the next", async () => {
    const page = await ask("Datastreams(0)/Observations", {
      $count: "true",
      $top: "1",
      $skip: "2",
      $orderby: "phenomenonTime asc",
      $filter: "result gt '3'",
    });
    expect(page.value.map((o) => o.result)).toEqual([6]);
    expect(page["@iot.count"]).toBe(6);
    expect(page["@iot.nextLink"]).toContain("$skip=3");
    const all: unknown[] = [];
    let link: string | undefined = "?$top=3&$orderby=name desc";
    while (link) {
      const url: URL = new URL(link, "http://hub/sta/v1.1/Datastreams");
      const next: Listed = await ask("Datastreams", Object.fromEntries(url.searchParams));
      all.push(...next.value.map((d) => d["@iot.id"]));
      link = next["@iot.nextLink"];
    }
    expect(all).toEqual([6, 5, 4, 3, 2, 1, 0]);
  });

  it("expands what hangs together, with options of its own", async () => {
    const { value } = await ask("Things", {
      $select: "name",
      $filter: "id lt 2",
      $expand:
        "Locations($select=name),Datastreams($expand=ObservedProperty,Observations($orderby=phenomenonTime desc;$top=1);$top=1)",
    });
    expect(value).toMatchObject([
      {
        name: "Thing 1",
        Locations: [{ name: "Location 1.0" }, { name: "Location 1.1" }],
        Datastreams: [{ ObservedProperty: { name: "ObservedProperty 0" }, Observations: [{ result: 9 }] }],
        "Datastreams@iot.nextLink": expect.stringMatching(
          /^http:\/\/hub\/sta\/v1\.1\/Things\(0\)\/Datastreams\?\$expand=.*&\$top=1&\$skip=1$/,
        ),
      },
      { name: "Thing 2" },
    ]);
    expect(value[0]).not.toHaveProperty("@iot.id");
  });

  it("gives tables and maps", async () => {
    const table = await ask("Observations", { $resultFormat: "dataArray", $select: "id,result", $top: "2" });
    expect(table.value).toMatchObject([
      {
        components: ["id", "result"],
        dataArray: [
          ["o0", 0],
          ["o1", 1],
        ],
      },
    ]);
    const map = (await ask("Things", { $resultFormat: "GeoJSON" })) as unknown as { features: { geometry: unknown }[] };
    expect(map.features.map((f) => f.geometry)).toHaveLength(4);
    expect(map.features[1]?.geometry).toEqual({ type: "Point", coordinates: [8, 53] });
  });

  it("follows paths to one entity and its properties, and says what is not there", async () => {
    expect(await ask("Datastreams(3)/Thing/Locations(2)")).toMatchObject({ name: "Location 2" });
    expect(await ask("Observations('o4')/result")).toEqual({ result: 4 });
    const source = trialSource();
    expect(await answer(source, "", "Things(1)/name/$value", [])).toEqual({ kind: "value", text: "Thing 2" });
    for (const path of ["Things(99)", "Nothing", "Things/name", "Things(1)/Sensors", "Observations('x')"])
      expect((await answer(source, "", path, [])).kind).toBe("unknown");
    for (const options of [
      { $top: "-1" },
      { $foo: "1" },
      { $expand: "Nothing" },
      { $select: "nothing" },
      { $count: "maybe" },
    ])
      await expect(ask("Things", options as Record<string, string>)).rejects.toMatchObject({ name: "WrongQuery" });
  });
});
