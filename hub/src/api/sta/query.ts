import { type Collection, collections, WrongQuery } from "./entity.ts";
import { type Expression, parseFilter } from "./filter-text.ts";

export type Expand = {
  readonly name: string;
  readonly query: Query;
  /** Its options as they were written, for links that lead on. */
  readonly given: readonly (readonly [string, string])[];
};
/** What was asked of a collection or an entity. */
export type Query = {
  readonly filter?: Expression;
  readonly expand: readonly Expand[];
  readonly select?: readonly string[];
  readonly orderby: readonly { readonly by: Expression; readonly descending: boolean }[];
  readonly top?: number;
  readonly skip: number;
  readonly count: boolean;
  readonly resultFormat?: "GeoJSON" | "dataArray" | "CSV";
};

/** Splits at a sign that stands outside of brackets and quotes. */
function split(text: string, sign: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = "";
  for (const letter of text) {
    if (letter === "'") quoted = !quoted;
    else if (!quoted && letter === "(") depth++;
    else if (!quoted && letter === ")") depth--;
    if (letter === sign && depth === 0 && !quoted) {
      parts.push(part);
      part = "";
    } else part += letter;
  }
  if (depth !== 0 || quoted) throw new WrongQuery(`Brackets or quotes are not closed in: ${text.slice(0, 80)}`);
  return [...parts, part].map((p) => p.trim()).filter((p) => p !== "");
}

function wholeNumber(name: string, text: string, most: number): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) > most)
    throw new WrongQuery(`${name} wants a whole number from 0 to ${most}, not ${text}.`);
  return Number(text);
}

/** The largest `$top`; more is given in pages. */
export const mostOfAPage = 1000;
/** The furthest `$skip`. */
const furthest = 100_000_000;
const deepestExpand = 6;

/** @throws WrongQuery for an option that is not known or not readable */
export function parseQuery(options: Iterable<readonly [string, string]>, depth = 0): Query {
  if (depth > deepestExpand) throw new WrongQuery(`$expand may be nested ${deepestExpand} deep.`);
  const seen = new Set<string>();
  let query: Query = { expand: [], orderby: [], skip: 0, count: false };
  for (const [name, text] of options) {
    if (seen.has(name)) throw new WrongQuery(`${name} is given twice.`);
    seen.add(name);
    switch (name) {
      case "$filter":
        query = { ...query, filter: parseFilter(text) };
        break;
      case "$expand":
        query = { ...query, expand: split(text, ",").map((part) => expandOf(part, depth)) };
        break;
      case "$select":
        query = { ...query, select: split(text, ",") };
        break;
      case "$orderby":
        query = {
          ...query,
          orderby: split(text, ",").map((part) => {
            const [, by = part, way = "asc"] = /^(.*?)(?:\s+(asc|desc))?$/.exec(part) ?? [];
            return { by: parseFilter(by), descending: way === "desc" };
          }),
        };
        break;
      case "$top":
        query = { ...query, top: Math.min(mostOfAPage, wholeNumber(name, text, furthest)) };
        break;
      case "$skip":
        query = { ...query, skip: wholeNumber(name, text, furthest) };
        break;
      case "$count":
        if (text !== "true" && text !== "false") throw new WrongQuery(`$count is true or false, not ${text}.`);
        query = { ...query, count: text === "true" };
        break;
      case "$resultFormat":
      case "resultFormat":
        if (depth > 0 || (text !== "GeoJSON" && text !== "dataArray" && text !== "CSV"))
          throw new WrongQuery(`${name} is GeoJSON, dataArray or CSV, of the whole answer, not ${text}.`);
        query = { ...query, resultFormat: text };
        break;
      default:
        throw new WrongQuery(
          `The option ${name} is not known; known are $filter, $expand, $select, $orderby, $top, $skip, $count, $resultFormat.`,
        );
    }
  }
  return query;
}

function expandOf(text: string, depth: number): Expand {
  const [, path = "", inner] = /^([A-Za-z/]+)\s*(?:\((.*)\))?$/s.exec(text) ?? [];
  const [name = "", ...rest] = path.split("/");
  if (name === "") throw new WrongQuery(`$expand cannot be read: ${text.slice(0, 80)}`);
  const options = split(inner ?? "", ";").map((option): [string, string] => {
    const at = option.indexOf("=");
    if (at < 1) throw new WrongQuery(`An option of $expand wants a name and a value: ${option.slice(0, 80)}`);
    return [option.slice(0, at).trim(), option.slice(at + 1)];
  });
  // Datastreams/Sensor is the short form of Datastreams($expand=Sensor).
  if (rest.length > 0) {
    const below = inner === undefined ? rest.join("/") : `${rest.join("/")}(${inner})`;
    const given = [["$expand", below]] as const;
    return { name, query: parseQuery(given, depth + 1), given };
  }
  return { name, query: parseQuery(options, depth + 1), given: options };
}

/** One step of a resource path: a name, and an id when one stands behind it in brackets. */
export type Step = { readonly name: string; readonly id?: string | number };

export function parsePath(path: string): Step[] {
  return split(path, "/").map((part) => {
    const found = /^([$A-Za-z][\w.]*)(?:\((?:(\d{1,15})|'((?:[^']|'')*)')\))?$/.exec(part);
    if (!found) throw new WrongQuery(`The path has a part that cannot be read: ${part.slice(0, 80)}`);
    const [, name = "", number, text] = found;
    const id = number === undefined ? text?.replaceAll("''", "'") : Number(number);
    return id === undefined ? { name } : { name, id };
  });
}

export const isCollection = (name: string): name is Collection => (collections as readonly string[]).includes(name);
