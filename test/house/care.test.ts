import { describe, expect, it } from "vitest";
import { files, read } from "./files.ts";

const code = files("*.ts", "*.tsx", "*.mjs", "*.js");
const texts = files("*.ts", "*.tsx", "*.mjs", "*.md", "*.yaml", "*.yml", "*.json", "*.css", "*.html", "*.sql").filter(
  (p) => p !== "package-lock.json",
);
const having = (paths: readonly string[], pattern: RegExp): readonly string[] =>
  paths.filter((path) => !path.startsWith("test/house/") && pattern.test(read(path)));

describe("care", () => {
  it("no file is longer than 500 lines", () => {
    expect(code.length).toBeGreaterThan(50);
    expect(code.filter((path) => read(path).split("\n").length > 501)).toEqual([]);
  });

  it("nothing is left for later", () => {
    expect(having(texts, /\b(TODO|FIXME|XXX|not implemented|coming soon)\b/i)).toEqual([]);
  });

  it("no test is switched off or alone", () => {
    expect(having(code, /\b(it|test|describe)\.(skip|only|todo)\(/)).toEqual([]);
  });

  it("`any` is not used to look away", () => {
    expect(having(files("*.ts", "*.tsx"), /:\s*any\b|\bas any[;,)\].]|<any>|\bany\[\]|@ts-ignore|@ts-nocheck/)).toEqual(
      [],
    );
  });

  it("no picture, clip or weight file is in the tree but screenshots of our own pages", () => {
    const media = files().filter((path) => /\.(avi|mp4|mov|mkv|onnx|jpe?g|png|webp|gif|wav|bin)$/i.test(path));
    expect(media.filter((path) => !/^docs\/screenshot-[a-z-]+\.png$/.test(path))).toEqual([]);
  });

  it("every file of the command line is known to the table", () => {
    const table = read("deploy/src/commands.ts");
    const named = files("*/src/commands/*.ts", "models/*/src/commands/*.ts").filter(
      (path) => !path.endsWith(".test.ts") && /export const summary/.test(read(path)),
    );
    expect(named.length).toBeGreaterThan(5);
    for (const path of named) expect(table).toContain(`/commands/${path.replace(/.*\/commands\/|\.ts$/g, "")}"`);
  });

  it("the network's runtime is loaded through one door, which keeps its telemetry off", () => {
    expect(having(code, /from "onnxruntime-node"|\("onnxruntime-node"\)/)).toEqual(["models/vision/src/runtime.ts"]);
  });

  it("every command keeps its data in one home, wherever it is called from", () => {
    const asking = having(code, /process\.env\.OPENKERB_HOME/).filter((path) => !/\.test\.ts$|^test\//.test(path));
    expect(asking).toEqual(["models/machine/src/home.ts"]);
  });

  it("the lock file names no registry host", () => {
    expect(read("package-lock.json")).not.toMatch(/"resolved": "https?:/);
  });
});
