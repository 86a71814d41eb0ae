import { dirname, join, normalize } from "node:path";
import { files, importsOf, read } from "./files.ts";

/** One import of one file: `to` is a path of the house for relative imports, and the bare name otherwise. */
export type Import = { readonly from: string; readonly to: string };

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path) || path.startsWith("test/");

/** Every import written in the house's TypeScript; tests only when asked for. */
export function allImports(options: { readonly tests: boolean }): readonly Import[] {
  return files("*.ts", "*.tsx")
    .filter((path) => options.tests || !isTest(path))
    .flatMap((from) =>
      importsOf(read(from)).map((to) => ({ from, to: to.startsWith(".") ? normalize(join(dirname(from), to)) : to })),
    );
}

/** Files that reach themselves by run-time imports (type-only imports are gone when the program runs). */
export function cycles(edges: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found = new Set<string>();
  const state = new Map<string, "open" | "done">();
  const walk = (file: string, path: readonly string[]): void => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      found.add([...path.slice(path.indexOf(file)), file].join(" → "));
      return;
    }
    state.set(file, "open");
    for (const next of edges.get(file) ?? []) walk(next, [...path, file]);
    state.set(file, "done");
  };
  for (const file of edges.keys()) walk(file, []);
  return [...found];
}

/** Imports that remain at run time: whole `import type` statements are left out. */
export function runTimeEdges(): ReadonlyMap<string, readonly string[]> {
  const sources = files("*.ts", "*.tsx").filter((path) => !isTest(path));
  return new Map(
    sources.map((from) => {
      const code = read(from).replace(/(?:^|\n)\s*(?:import|export) type [^;]*;/g, "\n");
      return [
        from,
        importsOf(code)
          .filter((to) => to.startsWith("."))
          .map((to) => normalize(join(dirname(from), to))),
      ];
    }),
  );
}
