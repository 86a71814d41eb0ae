import { sentences } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { files, read } from "./files.ts";

const sources = files("hub/src/*.ts").filter((path) => !/\.test\.ts$|\/(made|trial)-/.test(path));
/** SensorThings answers programs only. */
const rooms = /^hub\/src\/(air|alert|api(?!\/sta\/)|quality|watch)\//;
/** A field or an answer that a person reads, with a type that any string would fit. */
const loose =
  /\b(why|words|because|warning|needs|unconfirmed|sentence|consequence)\??(\([^)]*\))?: (readonly )?string\b/;
/** A brand put on without the catalogue. */
const branded = /\bas (unknown as )?Sentence\b|\bSentence\.(safeP|p)arse\(|\bAlertWords\.(safeP|p)arse\(/;

const having = (paths: readonly string[], pattern: RegExp) => paths.filter((path) => pattern.test(read(path)));

describe("what the hub says to people", () => {
  it("is typed as a sentence, so that the compiler refuses words from outside the catalogue", () => {
    expect(sources.length).toBeGreaterThan(150);
    expect(having(sources, loose).filter((path) => rooms.test(path))).toEqual([
      // Takes what was said already, and the command line's own.
      "hub/src/air/colocation/report.ts",
      // A code.
      "hub/src/alert/presence.ts",
    ]);
  });

  it.each([
    ["readonly why: string;", true],
    ["why(from: number, to: number): string;", true],
    ["words?: readonly string[]", true],
    ["readonly why: Sentence;", false],
    ['readonly why: "lost" | "silent";', false],
  ])("would be seen in: %s", (code, found) => expect(loose.test(code)).toBe(found));

  it("becomes a sentence in the catalogue's own room only; what others wrote is named as such", () => {
    expect(
      having([...sources, ...files("models/contract/src/*.ts")], branded).filter((p) => !/\.test\.ts$/.test(p)),
    ).toEqual(["models/contract/src/sentences/say.ts"]);
    expect(having(sources, /\basWritten\(/)).toEqual([
      "hub/src/api/law/decisions.ts",
      "hub/src/api/problem.ts",
      "hub/src/api/routes/air-sensorthings.ts",
      "hub/src/api/routes/session.ts",
      "hub/src/quality/correction-desk.ts",
    ]);
  });

  it("is nothing that nobody says any more", () => {
    const code = sources.map(read).join("\n");
    const literal = new Set([...code.matchAll(/"([a-z0-9.-]+)"/g)].map(([, id]) => id));
    const composed = [...code.matchAll(/`([a-z]+\.(?:[a-z-]+)?)\$\{[^}]*\}([a-z-]*)`/g)].map(
      ([, before = "", after = ""]) =>
        (id: string) =>
          id.startsWith(before) && id.endsWith(after),
    );
    expect(composed.length).toBeGreaterThan(10);
    const idle = Object.keys(sentences).filter((id) => !literal.has(id) && !composed.some((fits) => fits(id)));
    expect(idle).toEqual([]);
  });
});
