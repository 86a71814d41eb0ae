import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Every file of the house that git tracks or would track, relative to its root. */
export function files(...patterns: readonly string[]): readonly string[] {
  const out = execFileSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", ...patterns],
    { cwd: root, encoding: "utf8" },
  );
  return out.split("\n").filter((path) => path !== "" && exists(path));
}

const exists = (path: string): boolean => {
  try {
    return readFileSync(join(root, path)).length >= 0;
  } catch {
    return false;
  }
};

export const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** What a source file imports, statically or dynamically, as written; comments and strings elsewhere do not count. */
export function importsOf(source: string): readonly string[] {
  const code = source.replace(/^\s*(\/\/|\*|\/\*).*$/gm, "");
  const found = code.matchAll(
    /(?:^|[\s;}])(?:import|export)\s[^"';]*?from\s*["']([^"']+)["']|(?:^|[\s;])import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm,
  );
  return [...found].map((m) => m[1] ?? m[2] ?? m[3] ?? "");
}
