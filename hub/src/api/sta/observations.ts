import { type Entity, isSpan, type Source, WrongQuery } from "./entity.ts";
import { evaluate, meets, ordered } from "./filter.ts";
import type { Expression } from "./filter-text.ts";
import type { Query } from "./query.ts";

/** So many observations may be looked through for one answer; a narrower time answers the rest. */
const mostLooked = 200_000;
const pageSize = 2000;
const forever = 8.64e15;

type Range = { from: number; to: number };

/** The time a filter allows, from the comparisons that must all hold. Observations of a mean begin where they are put. */
export function rangeOf(filter: Expression | undefined): Range {
  const range: Range = { from: 0, to: forever };
  const visit = (e: Expression): void => {
    if (e.is !== "two") return;
    if (e.by === "and") {
      visit(e.left);
      visit(e.right);
      return;
    }
    if (e.left.is !== "path" || e.left.steps.join("/") !== "phenomenonTime") return;
    if (e.right.is !== "literal" || !isSpan(e.right.value)) return;
    const { start, end } = e.right.value;
    if (e.by === "ge" || e.by === "gt" || e.by === "eq") range.from = Math.max(range.from, start);
    if (e.by === "le" || e.by === "lt" || e.by === "eq") range.to = Math.min(range.to, end);
  };
  if (filter) visit(filter);
  return range;
}

/** The conditions of a filter that must all hold. */
const conditions = (e: Expression | undefined): Expression[] =>
  e === undefined ? [] : e.is === "two" && e.by === "and" ? [...conditions(e.left), ...conditions(e.right)] : [e];

/** Paths that an expression reads; an `any` may read what it wants. */
function pathsOf(e: Expression): readonly string[] {
  switch (e.is) {
    case "literal":
      return [];
    case "path":
      return [e.steps.join("/")];
    case "any":
      return ["any"];
    case "call":
      return e.of.flatMap(pathsOf);
    case "not":
      return pathsOf(e.of);
    case "two":
      return [...pathsOf(e.left), ...pathsOf(e.right)];
  }
}

/** Datastreams that no condition on them alone rules out: their observations need not be looked at. */
function possible(datastreams: readonly Entity[], filter: Expression | undefined): readonly Entity[] {
  const own = conditions(filter).filter((e) => {
    const paths = pathsOf(e);
    return paths.length > 0 && paths.every((path) => path.startsWith("Datastream/"));
  });
  if (own.length === 0) return datastreams;
  return datastreams.filter((datastream) => {
    const any: Entity = {
      kind: "Observations",
      id: "",
      properties: {},
      one: { Datastream: () => datastream },
      many: {},
    };
    return own.every((condition) => meets(any, condition));
  });
}

/**
 * The time of a filter that asks for nothing else, exactly: `ge` and `lt` of a moment mean the same for a moment and for
 * a mean that begins then. Nothing when the filter asks for more, or in other words.
 */
function onlyTime(filter: Expression | undefined): Range | undefined {
  const all = conditions(filter);
  const plain = all.every(
    (e) =>
      e.is === "two" &&
      (e.by === "ge" || e.by === "lt") &&
      e.left.is === "path" &&
      e.left.steps.join("/") === "phenomenonTime" &&
      e.right.is === "literal" &&
      isSpan(e.right.value) &&
      e.right.value.start === e.right.value.end,
  );
  if (!plain) return undefined;
  const range: Range = { from: 0, to: forever };
  for (const e of all) {
    if (e.is !== "two" || e.right.is !== "literal" || !isSpan(e.right.value)) continue;
    if (e.by === "ge") range.from = Math.max(range.from, e.right.value.start);
    else range.to = Math.min(range.to, e.right.value.start - 1);
  }
  return range;
}

/** Observations of some datastreams that a query wants: one page, and how many there are when that was asked. */
export async function observationsOf(
  source: Source,
  all: readonly Entity[],
  query: Query,
  top: number,
): Promise<{ page: readonly Entity[]; more: boolean; count: number | undefined }> {
  const [order, ...orders] = query.orderby;
  const byTime =
    order === undefined ||
    (orders.length === 0 && order.by.is === "path" && order.by.steps.join("/") === "phenomenonTime");
  const newestFirst = order?.descending === true;
  const { filter } = query;
  const datastreams = possible(all, filter);
  const exact = onlyTime(filter);
  const [only] = datastreams;
  if (all.length === 1 && only && byTime && exact) {
    if (exact.from > exact.to) return { page: [], more: false, count: query.count ? 0 : undefined };
    const page = await source.observations(only, { ...exact, limit: top + 1, skip: query.skip, newestFirst });
    const count = query.count ? await source.count(only, exact) : undefined;
    return { page: page.slice(0, top), more: page.length > top, count };
  }
  const range = rangeOf(filter);
  const inOrder = order === undefined || (datastreams.length === 1 && byTime);
  const enough = inOrder && !query.count ? query.skip + top + 1 : Number.POSITIVE_INFINITY;
  const found: Entity[] = [];
  let looked = 0;
  for (const datastream of datastreams)
    for (let skip = 0; found.length < enough; ) {
      const page = await source.observations(datastream, { ...range, limit: pageSize, skip, newestFirst });
      for (const observation of page) if (!filter || meets(observation, filter)) found.push(observation);
      looked += page.length;
      skip += page.length;
      if (page.length < pageSize) break;
      if (looked >= mostLooked)
        throw new WrongQuery(
          `More than ${mostLooked} observations would have to be looked through: name a datastream, or a time (phenomenonTime ge … and phenomenonTime lt …).`,
        );
    }
  const sorted = inOrder ? found : sortBy(found, query.orderby);
  const page = sorted.slice(query.skip, query.skip + top);
  return { page, more: sorted.length > query.skip + top, count: query.count ? found.length : undefined };
}

/** Sorted by what was asked for; what has no value comes first, equal ones keep their order. */
export function sortBy(entities: readonly Entity[], orderby: Query["orderby"]): Entity[] {
  const none = new Map<string, Entity | undefined>();
  const keyed = entities.map((entity) => ({ entity, keys: orderby.map(({ by }) => evaluate(by, entity, none)) }));
  const compare = (a: unknown, b: unknown): number =>
    a === null || b === null ? Number(a !== null) - Number(b !== null) : (ordered(a, b) ?? 0);
  return keyed
    .sort((a, b) => {
      for (const [i, { descending }] of orderby.entries()) {
        const order = compare(a.keys[i], b.keys[i]);
        if (order !== 0) return descending ? -order : order;
      }
      return 0;
    })
    .map(({ entity }) => entity);
}
