import { type Span, spanOf, WrongQuery } from "./entity.ts";
import { type Geometry, parseWkt } from "./geometry.ts";

type Literal = string | number | boolean | null | Span | { readonly length: number } | Geometry;
/** A filter as a tree. */
export type Expression =
  | { readonly is: "literal"; readonly value: Literal }
  | { readonly is: "path"; readonly steps: readonly string[] }
  | { readonly is: "any"; readonly steps: readonly string[]; readonly name: string; readonly body: Expression }
  | { readonly is: "call"; readonly name: string; readonly of: readonly Expression[] }
  | { readonly is: "not"; readonly of: Expression }
  | { readonly is: "two"; readonly by: string; readonly left: Expression; readonly right: Expression };

type Token = {
  readonly kind: "word" | "number" | "string" | "time" | "duration" | "place" | "sign";
  readonly text: string;
};

const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)`;
const shapes: readonly (readonly [Token["kind"], RegExp])[] = [
  ["duration", /duration'-?P[^']*'/y],
  ["place", /geo(?:graphy|metry)'[^']*'/y],
  ["time", new RegExp(`${time}(?:/${time})?`, "y")],
  ["number", /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ["string", /'(?:[^']|'')*'/y],
  ["word", /@?[A-Za-z_$][\w.@]*/y],
  ["sign", /[(),/:-]/y],
];

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  next: while (at < text.length) {
    if (/\s/.test(text[at] as string)) {
      at++;
      continue;
    }
    for (const [kind, shape] of shapes) {
      shape.lastIndex = at;
      const found = shape.exec(text);
      if (!found) continue;
      tokens.push({ kind, text: found[0] });
      at += found[0].length;
      continue next;
    }
    throw new WrongQuery(`The filter cannot be read from its character ${at + 1} on: ${text.slice(at, at + 20)}`);
  }
  return tokens;
}

/** Milliseconds of an ISO duration of days and shorter; months and years have no fixed length. */
function durationOf(text: string): number {
  const parts = /^(-?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (!parts) throw new WrongQuery(`${text} is not a duration of weeks, days, hours, minutes and seconds.`);
  const [, sign, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts;
  const length =
    (((Number(weeks) * 7 + Number(days)) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 +
    Number(seconds) * 1000;
  return sign === "-" ? -length : length;
}

/** From loosest to tightest. */
const levels = [["or"], ["and"], ["eq", "ne", "gt", "ge", "lt", "le"], ["add", "sub"], ["mul", "div", "mod"]] as const;
const comparisons = 2;
const deepest = 60;

/**
 * Reads the `$filter` language of SensorThings 1.1 (and `any`, which others have too).
 * @throws WrongQuery in words
 */
export function parseFilter(text: string): Expression {
  if (text.length > 4000) throw new WrongQuery("A filter may have 4000 characters.");
  const tokens = tokensOf(text);
  let at = 0;
  let depth = 0;
  const peek = (): string | undefined => tokens[at]?.text;
  const expect = (sign: string): void => {
    if (peek() !== sign) throw new WrongQuery(`The filter wants "${sign}" where ${peek() ?? "it ends"} stands.`);
    at++;
  };
  const level = (n: number): Expression => {
    if (n === comparisons && peek() === "not") {
      at++;
      if (++depth > deepest) throw new WrongQuery("The filter is nested too deep.");
      const of = level(comparisons);
      depth--;
      return { is: "not", of };
    }
    const words: readonly string[] | undefined = levels[n];
    if (!words) return single();
    let left = level(n + 1);
    while (tokens[at]?.kind === "word" && words.includes(peek() as string)) {
      const by = tokens[at++]?.text as string;
      left = { is: "two", by, left, right: level(n + 1) };
    }
    return left;
  };
  const single = (): Expression => {
    const token = tokens[at++];
    if (!token) throw new WrongQuery("The filter ends where a value should stand.");
    switch (token.kind) {
      case "number":
        return { is: "literal", value: Number(token.text) };
      case "string":
        return { is: "literal", value: token.text.slice(1, -1).replaceAll("''", "'") };
      case "duration":
        return { is: "literal", value: { length: durationOf(token.text.slice("duration'".length, -1)) } };
      case "place":
        return { is: "literal", value: parseWkt(token.text.slice(token.text.indexOf("'") + 1, -1)) };
      case "time": {
        const span = spanOf(token.text);
        if (!span) throw new WrongQuery(`${token.text} is not a time.`);
        return { is: "literal", value: span };
      }
      case "sign": {
        if (++depth > deepest) throw new WrongQuery("The filter is nested too deep.");
        if (token.text === "-") {
          const right = single();
          depth--;
          return { is: "two", by: "sub", left: { is: "literal", value: 0 }, right };
        }
        if (token.text !== "(") throw new WrongQuery(`The filter has "${token.text}" where a value should stand.`);
        const inner = level(0);
        expect(")");
        depth--;
        return inner;
      }
      case "word":
        return word(token.text);
    }
  };
  const word = (first: string): Expression => {
    if (first === "null") return { is: "literal", value: null };
    if (first === "true" || first === "false") return { is: "literal", value: first === "true" };
    if (peek() === "(") {
      at++;
      const of: Expression[] = [];
      while (peek() !== ")") {
        of.push(level(0));
        if (peek() !== ")") expect(",");
      }
      at++;
      return { is: "call", name: first.toLowerCase(), of };
    }
    const steps = [first];
    while (peek() === "/") {
      at++;
      const step = tokens[at++];
      if (step?.kind !== "word" && step?.kind !== "number")
        throw new WrongQuery(`A path of the filter ends after ${steps.join("/")}/.`);
      if (step.text === "any" && peek() === "(") {
        at++;
        const name = tokens[at++]?.text ?? "";
        expect(":");
        const body = level(0);
        expect(")");
        return { is: "any", steps, name, body };
      }
      steps.push(step.text);
    }
    return { is: "path", steps };
  };
  const tree = level(0);
  if (at < tokens.length) throw new WrongQuery(`The filter has "${peek()}" after its end.`);
  return tree;
}
