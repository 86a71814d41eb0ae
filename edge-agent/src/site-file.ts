import { createHash } from "node:crypto";
import { ConfigVersion, Site, Trouble } from "@openkerb/contract";
import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";

/** What is wrong and where: a path such as `cameras[0].url`, and the line when the file has one for it. */
type Problem = { readonly path: string; readonly line?: number; readonly message: string };

/** Reads a site file, YAML or JSON. Throws Trouble with every problem there is. */
export function parseSite(text: string, file: string): Site {
  const lines = new LineCounter();
  // JSON is YAML; two equal keys are a mistake in either.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    throw wrong(
      file,
      document.errors.map(({ message, pos }) => ({ path: "", line: lineAt(pos[0]), message })),
    );
  }
  const parsed = Site.safeParse(document.toJS({ maxAliasCount: 50 }));
  if (parsed.success) return parsed.data;
  throw wrong(
    file,
    parsed.error.issues.flatMap(plain).map(({ path, message }): Problem => {
      const offset = offsetOf(document, path);
      return { path: pathText(path), message, ...(offset === undefined ? {} : { line: lineAt(offset) }) };
    }),
  );
}

/** Names a config by its content: the same drawing has the same name, however the file is written. */
export const configVersion = ({ $schema: _, ...content }: Site): ConfigVersion =>
  ConfigVersion.parse(createHash("sha256").update(canonical(content)).digest("hex").slice(0, 12));

/** JSON with sorted keys and without what is undefined. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, content]) => content !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, content]) => `${JSON.stringify(key)}:${canonical(content)}`).join(",")}}`;
}

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };

/** A choice that fits nowhere is told by the alternative that was missed by least. */
function plain(issue: z.core.$ZodIssue): readonly Issue[] {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
  const [nearest] = [...issue.errors].sort((a, b) => a.length - b.length);
  return (nearest ?? []).flatMap(plain).map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.map((step, i) => (typeof step === "number" ? `[${step}]` : `${i > 0 ? "." : ""}${String(step)}`)).join("");

/** Where the value of a path stands, or the nearest thing around it that is there. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return undefined;
}

function wrong(file: string, problems: readonly Problem[]): Trouble {
  const told = problems.map(({ path, line, message }) => {
    const where = [line === undefined ? "" : `line ${line}`, path].filter((part) => part !== "").join(", ");
    return `  ${where === "" ? "" : `${where}: `}${message}`;
  });
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return new Trouble(`the site file ${file} has ${count}:\n${told.join("\n")}`, "nothing was started");
}
