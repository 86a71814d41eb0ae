import { textCell } from "../export-table.ts";
import { type Collection, collections, type Entity, type Source, WrongQuery } from "./entity.ts";
import { meets } from "./filter.ts";
import { observationsOf, sortBy } from "./observations.ts";
import { type Expand, isCollection, parsePath, parseQuery, type Query } from "./query.ts";

/** The usual size of a page. */
const usualTop = 100;

export type Answer =
  | { readonly kind: "found"; readonly body: unknown }
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "table"; readonly text: string }
  | { readonly kind: "unknown"; readonly why: string };

const conformance = [
  "datamodel/thing",
  "datamodel/location",
  "datamodel/historical-location",
  "datamodel/datastream",
  "datamodel/sensor",
  "datamodel/observed-property",
  "datamodel/observation",
  "datamodel/feature-of-interest",
  "resource-path/resource-path-to-entities",
  "request-data/status-code",
  "request-data/query-status-code",
  "request-data/orderby",
  "request-data/expand",
  "request-data/select",
  "request-data/top",
  "request-data/skip",
  "request-data/count",
  "request-data/filter",
  "request-data/built-in-filter-operations",
  "request-data/built-in-query-functions",
  "request-data/pagination",
];

/** What the service has and which parts of the standard it keeps. `base` is its own address, without a slash. */
export const root = (base: string): object => ({
  value: collections.map((name) => ({ name, url: `${base}/${name}` })),
  serverSettings: {
    conformance: conformance.map((part) => `http://www.opengis.net/spec/iot_sensing/1.1/req/${part}`),
  },
});

/**
 * Answers a SensorThings 1.1 read request.
 * @throws WrongQuery when the question cannot be read or is not answered here
 */
export async function answer(
  source: Source,
  base: string,
  path: string,
  options: Iterable<readonly [string, string]>,
): Promise<Answer> {
  const given = [...options];
  const query = parseQuery(given);
  const all = parsePath(path);
  const onlyLinks = all.length > 1 && all.at(-1)?.name === "$ref";
  const [first, ...rest] = onlyLinks ? all.slice(0, -1) : all;
  if (!first || !isCollection(first.name))
    return { kind: "unknown", why: `There is no ${first?.name ?? "such path"}; there are ${collections.join(", ")}.` };
  let at: { many: Collection; of?: Entity } | { one: Entity } = { many: first.name };
  for (const [i, step] of [first, ...rest].entries()) {
    if (step !== first) {
      if ("many" in at) return { kind: "unknown", why: `Name one of the ${at.many} before /${step.name}.` };
      const owner: Entity = at.one;
      if (isCollection(step.name) && (owner.many[step.name] || leadsToObservations(owner, step.name)))
        at = { many: step.name, of: owner };
      else if (owner.one[step.name]) {
        const next = owner.one[step.name]?.();
        if (!next) return { kind: "unknown", why: `This one of the ${owner.kind} has no ${step.name}.` };
        at = { one: next };
      } else
        return propertyOf(
          owner,
          [step, ...rest.slice(i)].map(({ name }) => name),
        );
    }
    if (step.id !== undefined) {
      if (!("many" in at)) return { kind: "unknown", why: `${step.name} is one, not many: it takes no id.` };
      const found = await byId(source, at, step.id);
      if (!found) return { kind: "unknown", why: `None of the ${step.name} has the id ${step.id}.` };
      at = { one: found };
    }
  }
  if ("one" in at) {
    const { one } = at;
    if (onlyLinks) return { kind: "found", body: { "@iot.selfLink": linkOf(base, one) } };
    return { kind: "found", body: await written(source, base, one, query) };
  }
  const page = await pageOf(source, at.many, at.of, query, query.top ?? usualTop);
  // A page of nothing leads nowhere: whoever followed it would come back for ever.
  const next =
    page.more && page.entities.length > 0 ? nextLink(base, path, given, query.skip + page.entities.length) : undefined;
  if (query.resultFormat === "GeoJSON") return { kind: "found", body: geoJson(at.many, page.entities, base, query) };
  if (query.resultFormat === "CSV") return { kind: "table", text: table(page.entities, query) };
  if (query.resultFormat === "dataArray") {
    if (at.many !== "Observations") throw new WrongQuery("dataArray is a form of Observations only.");
    return {
      kind: "found",
      body: {
        ...(page.count !== undefined && { "@iot.count": page.count }),
        value: dataArray(page.entities, base, query),
        ...next,
      },
    };
  }
  const value = onlyLinks
    ? page.entities.map((entity) => ({ "@iot.selfLink": linkOf(base, entity) }))
    : await Promise.all(page.entities.map((entity) => written(source, base, entity, query)));
  return {
    kind: "found",
    body: { ...(page.count !== undefined && { "@iot.count": page.count }), value, ...next },
  };
}

const leadsToObservations = (owner: Entity, name: string): boolean =>
  name === "Observations" && (owner.kind === "Datastreams" || owner.kind === "FeaturesOfInterest");

/** A property by its name, or part of one by the names that lead to it; `$value` at the end asks for it bare. */
function propertyOf(owner: Entity, names: readonly string[]): Answer {
  const bare = names.length > 1 && names.at(-1) === "$value";
  const [name = "", ...inner] = bare ? names.slice(0, -1) : names;
  let value: unknown = Object.hasOwn(owner.properties, name) ? owner.properties[name] : undefined;
  for (const key of inner)
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  if (value === undefined) return { kind: "unknown", why: `${owner.kind} have no ${[name, ...inner].join("/")}.` };
  if (bare) return { kind: "value", text: typeof value === "object" ? JSON.stringify(value) : String(value) };
  return { kind: "found", body: { [inner.at(-1) ?? name]: value } };
}

async function byId(
  source: Source,
  { many, of }: { many: Collection; of?: Entity },
  id: string | number,
): Promise<Entity | undefined> {
  if (many === "Observations") return source.observation(String(id));
  return (of ? (of.many[many]?.() ?? []) : source.all(many)).find((entity) => entity.id === id);
}

type Page = { readonly entities: readonly Entity[]; readonly more: boolean; readonly count: number | undefined };

async function pageOf(
  source: Source,
  many: Collection,
  of: Entity | undefined,
  query: Query,
  top: number,
): Promise<Page> {
  if (many === "Observations") {
    const datastreams =
      of?.kind === "Datastreams"
        ? [of]
        : source.all("Datastreams").filter((d) => !of || d.one.FeatureOfInterest?.()?.id === of.id);
    const { page, more, count } = await observationsOf(source, datastreams, query, top);
    return { entities: page, more, count };
  }
  const all = of ? (of.many[many]?.() ?? []) : source.all(many);
  const { filter } = query;
  const met = filter ? all.filter((entity) => meets(entity, filter)) : all;
  const sorted = query.orderby.length > 0 ? sortBy(met, query.orderby) : met;
  const entities = sorted.slice(query.skip, query.skip + top);
  return {
    entities,
    more: query.skip + entities.length < met.length,
    count: query.count ? met.length : undefined,
  };
}

function nextLink(
  base: string,
  path: string,
  given: readonly (readonly [string, string])[],
  skip: number,
): { "@iot.nextLink": string } {
  return { "@iot.nextLink": `${base}/${path}?${optionsOf(given, skip)}` };
}

/** The same options with another beginning. */
const optionsOf = (given: readonly (readonly [string, string])[], skip: number): string =>
  [
    ...given.filter(([name]) => name !== "$skip").map(([name, value]) => `${name}=${encodeURIComponent(value)}`),
    `$skip=${skip}`,
  ].join("&");

const linkOf = (base: string, { kind, id }: Entity): string =>
  `${base}/${kind}(${typeof id === "number" ? id : `'${id.replaceAll("'", "''")}'`})`;

/** An entity as it is sent, with what was asked to be expanded and links to the rest. */
async function written(source: Source, base: string, entity: Entity, query: Query): Promise<Record<string, unknown>> {
  const self = linkOf(base, entity);
  const chosen = (name: string): boolean => query.select === undefined || query.select.includes(name);
  for (const name of query.select ?? [])
    if (!isProperty(entity.kind, name) && !Object.hasOwn(entity.properties, name) && !leads(entity, name))
      throw new WrongQuery(`${entity.kind} have no ${name} to select.`);
  const out: Record<string, unknown> = {};
  if (chosen("id") || chosen("@iot.id")) out["@iot.id"] = entity.id;
  if (query.select === undefined || chosen("@iot.selfLink")) out["@iot.selfLink"] = self;
  for (const [name, value] of Object.entries(entity.properties)) if (chosen(name)) out[name] = value;
  for (const name of linksOf(entity)) {
    const expand = query.expand.find((e) => e.name === name);
    if (expand) Object.assign(out, await expanded(source, base, entity, expand));
    else if (chosen(name)) out[`${name}@iot.navigationLink`] = `${self}/${name}`;
  }
  const lost = query.expand.find((e) => !leads(entity, e.name));
  if (lost) throw new WrongQuery(`${entity.kind} have no ${lost.name} to expand.`);
  return out;
}

/** Properties of the standard that an entity may have or lack; whoever selects one that is lacking gets the rest. */
const optional: Readonly<Partial<Record<Collection, readonly string[]>>> = {
  Things: ["properties"],
  Locations: ["properties"],
  Datastreams: ["properties", "observedArea", "phenomenonTime", "resultTime"],
  Sensors: ["properties"],
  ObservedProperties: ["properties"],
  Observations: ["resultQuality", "validTime", "parameters"],
  FeaturesOfInterest: ["properties"],
};
const isProperty = (kind: Collection, name: string): boolean =>
  /^(id|@iot\.(id|selfLink))$/.test(name) || optional[kind]?.includes(name) === true;

const linksOf = (entity: Entity): string[] => [
  ...Object.keys(entity.one),
  ...Object.keys(entity.many),
  ...(leadsToObservations(entity, "Observations") ? ["Observations"] : []),
];
const leads = (entity: Entity, name: string): boolean => linksOf(entity).includes(name);

async function expanded(source: Source, base: string, entity: Entity, expand: Expand): Promise<object> {
  const { name, query, given } = expand;
  const one = entity.one[name];
  if (one) {
    const next = one();
    return { [name]: next ? await written(source, base, next, query) : null };
  }
  const page = await pageOf(source, name as Collection, entity, query, query.top ?? usualTop);
  const value: unknown[] = [];
  for (const member of page.entities) value.push(await written(source, base, member, query));
  return {
    [name]: value,
    ...(page.count !== undefined && { [`${name}@iot.count`]: page.count }),
    ...(page.more &&
      page.entities.length > 0 && {
        [`${name}@iot.nextLink`]: `${linkOf(base, entity)}/${name}?${optionsOf(given, query.skip + page.entities.length)}`,
      }),
  };
}

/** Rows of a page as CSV: what a property holds that is no plain value is written as JSON. */
function table(entities: readonly Entity[], { select }: Query): string {
  const found = new Set(entities.flatMap(({ properties }) => Object.keys(properties)));
  const names = select ?? ["@iot.id", ...found];
  const cell = (entity: Entity, name: string): string => {
    const value = name === "id" || name === "@iot.id" ? entity.id : entity.properties[name];
    if (value === undefined || value === null) return "";
    return typeof value === "number"
      ? String(value)
      : textCell(typeof value === "object" ? JSON.stringify(value) : String(value));
  };
  const rows = entities.map((entity) => names.map((name) => cell(entity, name)).join(","));
  return [names.map(textCell).join(","), ...rows, ""].join("\r\n");
}

const columns = ["id", "phenomenonTime", "result", "resultTime", "resultQuality", "parameters"];

function dataArray(observations: readonly Entity[], base: string, { select }: Query): object[] {
  const components = select ?? columns;
  const groups = new Map<Entity, unknown[][]>();
  for (const observation of observations) {
    const datastream = observation.one.Datastream?.();
    if (!datastream) continue;
    const row = components.map((name) =>
      name === "id" || name === "@iot.id" ? observation.id : (observation.properties[name] ?? null),
    );
    const group = groups.get(datastream);
    if (group) group.push(row);
    else groups.set(datastream, [row]);
  }
  return [...groups].map(([datastream, rows]) => ({
    "Datastream@iot.navigationLink": linkOf(base, datastream),
    components,
    "dataArray@iot.count": rows.length,
    dataArray: rows,
  }));
}

/** A feature for each entity, placed where it, its thing or its thing's thing is. */
function geoJson(many: Collection, entities: readonly Entity[], base: string, { select }: Query): object {
  const placeOf = (entity: Entity | undefined): unknown => {
    if (!entity) return null;
    const { location, feature } = entity.properties;
    if (location ?? feature) return location ?? feature;
    return (
      placeOf(entity.many.Locations?.()[0]) ??
      placeOf(entity.one.Thing?.()) ??
      placeOf(entity.one.Datastream?.()) ??
      null
    );
  };
  if (many === "Sensors" || many === "ObservedProperties") throw new WrongQuery(`${many} have no place of their own.`);
  return {
    type: "FeatureCollection",
    features: entities.map((entity) => ({
      type: "Feature",
      id: linkOf(base, entity),
      geometry: placeOf(entity),
      properties: {
        "@iot.id": entity.id,
        ...Object.fromEntries(
          Object.entries(entity.properties).filter(
            ([name]) => name !== "location" && name !== "feature" && (select === undefined || select.includes(name)),
          ),
        ),
      },
    })),
  };
}
