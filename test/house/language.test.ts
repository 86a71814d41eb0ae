import { describe, expect, it } from "vitest";
import { parseAst } from "vitest/node";
import { files, read } from "./files.ts";

type Node = { readonly type: string; readonly [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === "string";
const parts = (node: Node): Node[] => Object.values(node).flat().filter(isNode);

/** Attributes that are read by a person, on the page or aloud. */
const readable =
  /^(aria-label|aria-description|title|placeholder|alt|label|hint|button|what|empty|words|across|up|caption)$/;
/** Two letters of any alphabet in a row: not `·`, `%`, `–`, `×` or a single key. */
const wordy = /\p{L}{2}/u;
/** Proper names, and what a person types: the same in every language. */
const same = new Set([
  "OpenKerb",
  "CSV",
  "CSVW",
  "GeoJSON",
  "lines",
  "sites",
  "English",
  "中文",
  "µg/m³",
  "mg/m³",
  "openkerb agent --site site.yaml --hub mqtt://…",
]);

const textOf = (node: Node): string =>
  node.type === "TemplateElement"
    ? String((node.value as { raw: string }).raw)
    : typeof node.value === "string"
      ? node.value
      : "";
const isText = ({ type }: Node): boolean => ["JSXText", "Literal", "TemplateElement"].includes(type);

/** Words that a page shows although no catalogue holds them: text between tags, and strings that become such. */
function loose(source: string): string[] {
  const found: string[] = [];
  const shown = (node: Node): void => {
    if (isText(node)) {
      const text = textOf(node).trim();
      if (wordy.test(text) && !same.has(text)) found.push(text.replace(/\s+/g, " "));
    } else if (node.type === "ConditionalExpression") {
      shown(node.consequent as Node);
      shown(node.alternate as Node);
    } else if (node.type === "LogicalExpression") {
      shown(node.left as Node);
      shown(node.right as Node);
    } else if (node.type === "TemplateLiteral") (node.quasis as Node[]).forEach(shown);
    else if (node.type === "JSXExpressionContainer") shown(node.expression as Node);
  };
  const walk = (node: Node): void => {
    if (node.type === "JSXElement" || node.type === "JSXFragment") (node.children as Node[]).forEach(shown);
    if (node.type === "JSXAttribute" && readable.test(String((node.name as Node).name)) && isNode(node.value))
      shown(node.value);
    parts(node).forEach(walk);
  };
  walk(parseAst(source, { lang: "tsx" }) as unknown as Node);
  return found;
}

describe("the words of the screens", () => {
  const pages = files("hub/web/src/**/*.tsx");

  it("stand in catalogues, so that every language has them", () => {
    expect(pages.length).toBeGreaterThan(30);
    const found = Object.fromEntries(
      pages.map((path) => [path, loose(read(path))] as const).filter(([, words]) => words.length > 0),
    );
    expect(found).toEqual({});
  });

  it.each([
    ["<p>All quiet</p>", ["All quiet"]],
    ["<p>{n} of {all}</p>", ["of"]],
    ['<b title="Bad">{n}</b>', ["Bad"]],
    ["<b aria-label={`Plan of a`} />", ["Plan of a"]],
    ['<b>{late ? "late" : say.early}</b>', ["late"]],
    ["<b>{late && `late by it`}</b>", ["late by it"]],
    ['<b className="big red" id="top">{say.words} · {n} %</b>', []],
  ])("are looked for in %s", (code, words) => expect(loose(`const page = ${code};`)).toEqual(words));

  it("leave times and numbers to the language of the screen", () => {
    const fixed = files("hub/web/src/**/*.ts", "hub/web/src/**/*.tsx").filter(
      (path) => !/(\/language\/|\.test\.|texts\.ts$)/.test(path) && /["']en-GB["']/.test(read(path)),
    );
    expect(fixed).toEqual([]);
  });
});
