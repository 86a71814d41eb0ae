import { describe, expect, it } from "vitest";
import { files, importsOf, read } from "./files.ts";
import { allImports, cycles, runTimeEdges } from "./imports.ts";

type Room = { readonly folder: string; readonly may: readonly RegExp[] };

const contract = /^@openkerb\/contract$/;
const vision = /^@openkerb\/vision$/;
const inside = (folder: string): RegExp => new RegExp(`^${folder}/`);

/** Pure rooms: the same input gives the same output, today, tomorrow and in a replay. */
const pure: readonly Room[] = [
  { folder: "models/contract/src", may: [/^zod$/] },
  { folder: "edge-agent/src/tracks", may: [contract, vision] },
  { folder: "edge-agent/src/analytics", may: [contract, vision, inside("edge-agent/src/tracks")] },
  { folder: "hub/src/redact", may: [contract, /^zod$/] },
  { folder: "hub/src/alert", may: [contract, /^zod$/] },
  { folder: "hub/src/air", may: [contract, /^zod$/, /^decimal\.js$/] },
];

/** Which of our own packages a room may know. */
const known: Readonly<Record<string, readonly string[]>> = {
  "models/contract/": [],
  "models/machine/": [],
  "models/vision/": ["contract", "machine"],
  "edge-agent/": ["contract", "machine", "vision"],
  "hub/web/": ["contract"],
  "hub/src/": ["contract", "machine"],
  "firmware-config/": ["contract"],
  "deploy/": ["contract", "machine", "vision", "edge-agent", "hub", "firmware-config"],
};

const imports = allImports({ tests: false });

/** What a pure room imports from outside its own folder and its list. */
const strangers = (room: Room, all: typeof imports): readonly string[] =>
  all
    .filter(
      ({ from, to }) =>
        from.startsWith(`${room.folder}/`) && !to.startsWith(`${room.folder}/`) && !room.may.some((ok) => ok.test(to)),
    )
    .map(({ from, to }) => `${from} imports ${to}`);

const impurities =
  /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.|\bfetch\(|\bsetTimeout\b|\bsetInterval\b|\bperformance\.|\bcrypto\.|\bconsole\./;

describe("the rooms", () => {
  it.each(pure)("$folder imports only what its purity allows", (room) => {
    expect(strangers(room, imports)).toEqual([]);
  });

  it("a pure room that opened a file would be seen", () => {
    const room = { folder: "hub/src/alert", may: [contract] };
    expect(strangers(room, [{ from: "hub/src/alert/x.ts", to: "node:fs" }])).toHaveLength(1);
    expect(strangers(room, [{ from: "hub/src/alert/x.ts", to: "hub/src/store/store.ts" }])).toHaveLength(1);
  });

  it.each(pure)("$folder has no clock, no dice and no world", ({ folder }) => {
    const sources = files(`${folder}/*.ts`).filter((path) => !path.endsWith(".test.ts"));
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((path) => impurities.test(read(path).replace(/^\s*(\/\/|\*|\/\*).*$/gm, "")))).toEqual([]);
  });

  it("rooms know only the rooms below them", () => {
    const wrong = imports.filter(({ from, to }) => {
      const room = Object.keys(known).find((folder) => from.startsWith(folder));
      const name = /^@openkerb\/([a-z-]+)/.exec(to)?.[1];
      return room !== undefined && name !== undefined && !known[room]?.includes(name);
    });
    expect(wrong).toEqual([]);
  });

  it("no room reaches into another by a relative path", () => {
    const roomOf = (path: string): string | undefined => Object.keys(known).find((folder) => path.startsWith(folder));
    const wrong = imports.filter(
      ({ from, to }) => to.includes("/") && roomOf(to) !== undefined && roomOf(from) !== roomOf(to),
    );
    expect(wrong).toEqual([]);
  });

  it("no file imports itself, however far around", () => {
    expect(cycles(runTimeEdges())).toEqual([]);
    expect(
      cycles(
        new Map([
          ["a", ["b"]],
          ["b", ["c"]],
          ["c", ["a"]],
        ]),
      ),
    ).toHaveLength(1);
  });

  it("relative imports name their file with its ending", () => {
    const bare = files("*.ts", "*.tsx").flatMap((from) =>
      importsOf(read(from))
        .filter((to) => /^\.{1,2}\//.test(to) && !/\.(ts|tsx|mjs|js|json|css)$/.test(to))
        .map((to) => `${from}: ${to}`),
    );
    expect(bare).toEqual([]);
  });
});
