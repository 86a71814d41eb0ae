import { type Entity, isSpan, type Span, spanOf, WrongQuery } from "./entity.ts";
import { call } from "./filter-calls.ts";
import type { Expression } from "./filter-text.ts";

/** What an expression comes to; null is unknown, as in SQL. */
export type Value = unknown;

/** Which entity stands for each collection on a path, and for each name of an `any`. */
type Bound = ReadonlyMap<string, Entity | undefined>;

/**
 * Whether an entity meets a filter. A path through a collection is met when one of its members meets it, the same member
 * wherever the filter names the same path; an empty collection gives null.
 */
export function meets(entity: Entity, filter: Expression): boolean {
  const bind = (paths: readonly string[], bound: Bound): boolean => {
    const [path, ...rest] = paths;
    if (path === undefined) return evaluate(filter, entity, bound) === true;
    const members = membersAt(path.split("/"), entity, bound);
    if (members.length === 0) return bind(rest, new Map(bound).set(path, undefined));
    return members.some((member) => bind(rest, new Map(bound).set(path, member)));
  };
  return bind(
    [...collectionPaths(filter, entity)].sort((a, b) => a.length - b.length),
    new Map(),
  );
}

/** The paths of the filter that end in a collection, found out by walking where they lead. */
function collectionPaths(filter: Expression, from: Entity, found = new Set<string>()): Set<string> {
  const visit = (e: Expression): void => {
    switch (e.is) {
      case "path":
        e.steps.forEach((step, i) => {
          if (/^(Things|Locations|HistoricalLocations|Datastreams|Observations)$/.test(step) && i < e.steps.length - 1)
            found.add(e.steps.slice(0, i + 1).join("/"));
        });
        return;
      case "call":
        for (const part of e.of) visit(part);
        return;
      case "not":
        visit(e.of);
        return;
      case "two":
        visit(e.left);
        visit(e.right);
        return;
      default:
    }
  };
  visit(filter);
  for (const path of found) if (path.split("/").some((step) => step === from.kind && path === step)) found.delete(path);
  return found;
}

function membersAt(steps: readonly string[], from: Entity, bound: Bound): readonly Entity[] {
  const [last, ...before] = steps.toReversed();
  const owner = entityAt(before.toReversed(), from, bound);
  if (!owner) return [];
  const members = owner.many[last as string];
  if (!members) {
    if (last === "Observations")
      throw new WrongQuery(
        "Filters through Observations are answered at Observations and Datastreams(…)/Observations only.",
      );
    throw new WrongQuery(`${owner.kind} have no ${last}.`);
  }
  return members();
}

function entityAt(steps: readonly string[], from: Entity, bound: Bound): Entity | undefined {
  let at: Entity | undefined = from;
  for (let i = 0; i < steps.length && at; i++) {
    const path = steps.slice(0, i + 1).join("/");
    if (bound.has(path)) {
      at = bound.get(path);
      continue;
    }
    const lead: (() => Entity | undefined) | undefined = at.one[steps[i] as string];
    if (!lead) throw new WrongQuery(`${at.kind} have no ${steps[i]}.`);
    at = lead();
  }
  return at;
}

/** The property names of each kind; anything else in a path is a mistake and is said so. */
const known =
  /^(name|description|properties|definition|encodingType|location|feature|metadata|observationType|unitOfMeasurement|observedArea|phenomenonTime|resultTime|validTime|resultQuality|result|parameters|time|selfLink)$/;

function pathValue(steps: readonly string[], from: Entity, bound: Bound): Value {
  let at: Entity | undefined = from;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as string;
    const path = steps.slice(0, i + 1).join("/");
    if (bound.has(path)) {
      at = bound.get(path);
      if (!at) return null;
      continue;
    }
    if (!at) return null;
    if (step === "id" || step === "@iot.id") return at.id;
    const lead: (() => Entity | undefined) | undefined = at.one[step];
    if (lead) {
      at = lead();
      if (!at) return null;
      continue;
    }
    if (!known.test(step)) throw new WrongQuery(`${at.kind} have no ${step}.`);
    let value: unknown = at.properties[step];
    for (const key of steps.slice(i + 1))
      value = typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : null;
    return value ?? null;
  }
  throw new WrongQuery(`${steps.join("/")} is no value to compare.`);
}

export const asSpan = (value: Value): Span | undefined =>
  isSpan(value) ? value : typeof value === "string" ? spanOf(value) : undefined;
const lengthOf = (value: Value): number | undefined =>
  typeof value === "object" && value !== null && "length" in value && typeof value.length === "number"
    ? value.length
    : undefined;

/** What an expression comes to for an entity. */
export function evaluate(e: Expression, entity: Entity, bound: Bound): Value {
  switch (e.is) {
    case "literal":
      return e.value;
    case "path":
      return pathValue(e.steps, entity, bound);
    case "any":
      return membersAt(e.steps, entity, bound).some((member) =>
        meets({ ...entity, one: { ...entity.one, [e.name]: () => member } }, e.body),
      );
    case "call":
      return call(
        e.name,
        e.of.map((part) => evaluate(part, entity, bound)),
      );
    case "not": {
      const value = evaluate(e.of, entity, bound);
      return typeof value === "boolean" ? !value : null;
    }
    case "two":
      return two(e, entity, bound);
  }
}

function two(e: Extract<Expression, { is: "two" }>, entity: Entity, bound: Bound): Value {
  const left = evaluate(e.left, entity, bound);
  if (e.by === "and" || e.by === "or") {
    const settled = e.by === "or";
    if (left === settled) return settled;
    const right = evaluate(e.right, entity, bound);
    if (right === settled) return settled;
    return typeof left === "boolean" && typeof right === "boolean" ? !settled : null;
  }
  const right = evaluate(e.right, entity, bound);
  const nulls = [e.left, e.right].some((side) => side.is === "literal" && side.value === null);
  if (nulls && e.by === "eq") return left === null && right === null;
  if (nulls && e.by === "ne") return left !== null || right !== null;
  if (left === null || right === null) return null;
  return ["add", "sub", "mul", "div", "mod"].includes(e.by) ? sum(e.by, left, right) : compared(e.by, left, right);
}

function sum(by: string, left: Value, right: Value): Value {
  const length = lengthOf(right);
  const span = asSpan(left);
  if (span && length !== undefined && (by === "add" || by === "sub")) {
    const by1 = by === "add" ? length : -length;
    return { span: true, start: span.start + by1, end: span.end + by1 } satisfies Span;
  }
  const other = asSpan(right);
  if (span && other && by === "sub") return { length: span.start - other.start };
  if (typeof left !== "number" || typeof right !== "number") return null;
  switch (by) {
    case "add":
      return left + right;
    case "sub":
      return left - right;
    case "mul":
      return left * right;
    case "div":
      return right === 0 ? null : left / right;
    default:
      return right === 0 ? null : left % right;
  }
}

/** Orders two values: below zero when the first is smaller; undefined when they cannot be compared. */
export function ordered(left: Value, right: Value): number | undefined {
  if (typeof left === "number" && typeof right === "number") return left - right;
  // Others store results as text and ask so; a number written as text is the number.
  if (typeof left === "number" && typeof right === "string" && right.trim() !== "" && !Number.isNaN(Number(right)))
    return left - Number(right);
  if (typeof right === "number" && typeof left === "string" && left.trim() !== "" && !Number.isNaN(Number(left)))
    return Number(left) - right;
  if (isSpan(left) || isSpan(right)) {
    const [a, b] = [asSpan(left), asSpan(right)];
    if (!a || !b) return undefined;
    if (a.start === b.start && a.end === b.end) return 0;
    return a.start - b.start || a.end - b.end;
  }
  const lengths = [lengthOf(left), lengthOf(right)] as const;
  if (typeof left !== "string" && lengths[0] !== undefined && lengths[1] !== undefined) return lengths[0] - lengths[1];
  if (typeof left === "string" && typeof right === "string") return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === "boolean" && typeof right === "boolean") return Number(left) - Number(right);
  return undefined;
}

function compared(by: string, left: Value, right: Value): Value {
  const order = ordered(left, right);
  if (order === undefined) return by === "ne" ? true : by === "eq" ? false : null;
  switch (by) {
    case "eq":
      return order === 0;
    case "ne":
      return order !== 0;
    case "gt":
      return order > 0;
    case "ge":
      return order >= 0;
    case "lt":
      return order < 0;
    default:
      return order <= 0;
  }
}
