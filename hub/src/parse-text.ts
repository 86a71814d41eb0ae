import { basename } from "node:path";
import { parseDocument } from "yaml";
import { toldProblems } from "./config-problems.ts";

/** YAML or JSON; JSON is YAML. Duplicate keys and aliases that swell are refused by the parser. */
export function parseText(text: string, file: string): unknown {
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  const wrong = document.errors.map((e) => ({
    path: basename(file),
    message: (e.message.split("\n")[0] ?? "").replace(/:$/, ""),
  }));
  if (wrong.length > 0) throw toldProblems(file, wrong);
  return document.toJS({ maxAliasCount: 50 });
}
