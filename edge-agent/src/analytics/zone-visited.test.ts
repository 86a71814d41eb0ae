import type { SiteZone, ZoneId } from "@openkerb/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findings, type Made, madeScene } from "./made-scenes.ts";
import type { Finding } from "./rule.ts";
import { zoneVisited } from "./zone-visited.ts";

/** The eastern half. */
const east: SiteZone = {
  id: "east" as ZoneId,
  name: "East",
  polygon: [
    [0.5, 0],
    [1, 0],
    [1, 1],
    [0.5, 1],
  ],
};
const at = (x: number, more: Omit<Made, "foot"> = {}): readonly Made[] => [{ foot: [x, 0.5], ...more }];
const told = (all: readonly Finding[]): string[] =>
  all.flatMap((f) => {
    if (f.kind === "zone-entered") return [`${f.class} entered`];
    if (f.kind === "zone-left") return [`${f.class} left after ${f.dwell}`];
    return f.kind === "zone-occupied" ? [`${f.count} ${f.class}`] : [];
  });
const run = (scenes: readonly (readonly Made[])[]): string[] => told(findings(zoneVisited(east), scenes));

describe("a zone", () => {
  it("tells who comes and goes, how long he stayed and how many are in it", () => {
    expect(run([at(0.3), at(0.6), at(0.8), at(0.7), at(0.4)])).toEqual([
      "car entered",
      "1 car",
      "car left after 200",
      "0 car",
    ]);
  });

  it("does not see a coming and going in a box that trembles on its border", () => {
    const trembling = Array.from({ length: 100 }, (_, n) => at(n % 2 ? 0.501 : 0.499));
    expect(run(trembling)).toEqual([]);
    expect(run([at(0.8), ...trembling])).toEqual(["car entered", "1 car"]);
  });

  it("believes after half a second that somebody just beyond its border is in it", () => {
    expect(run([at(0.498), ...Array.from({ length: 5 }, () => at(0.502))])).toEqual([]);
    expect(run([at(0.498), ...Array.from({ length: 6 }, () => at(0.502))])).toEqual(["car entered", "1 car"]);
  });

  it("lets nobody in who is only thought to be in it", () => {
    expect(run([at(0.3), at(0.7, { seen: false }), at(0.8, { seen: false })])).toEqual([]);
  });

  it("ends the visit of who is lost in it, counting until he was last seen", () => {
    const rule = zoneVisited(east);
    const all = [...findings(rule, [at(0.6), at(0.6), at(0.6)]), ...rule(madeScene(9000, [], [1]))];
    expect(told(all)).toEqual(["car entered", "1 car", "car left after 200", "0 car"]);
  });

  it("lets who left leave as what he came", () => {
    expect(run([at(0.7, { label: "truck" }), at(0.7, { label: "car" }), at(0.2, { label: "car" })])).toEqual([
      "truck entered",
      "1 truck",
      "truck left after 100",
      "0 truck",
    ]);
  });

  it("counts only its classes", () => {
    const rule = zoneVisited({ ...east, classes: ["person"] });
    const both: readonly Made[] = [
      { id: 1, foot: [0.7, 0.2], label: "car" },
      { id: 2, foot: [0.7, 0.7], label: "person" },
    ];
    expect(told(findings(rule, [both]))).toEqual(["person entered", "1 person"]);
  });

  it("is empty again when everybody has gone, and as many left as entered, in whatever order the tracks come", () => {
    const x = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.array(x, { minLength: 3, maxLength: 3 }), { maxLength: 20 }), (rows) => {
        const made = rows.map((row) => row.map((v, id) => ({ id, foot: [v, 0.5] as const })));
        const all = (scenes: typeof made): string[] => {
          const rule = zoneVisited(east);
          return told([...findings(rule, scenes), ...rule(madeScene(1e6, [], [0, 1, 2]))]);
        };
        const said = all(made);
        const counts = said.filter((s) => /^\d/.test(s));
        expect(said.filter((s) => s.includes("entered")).length).toBe(said.filter((s) => s.includes("left")).length);
        if (counts.length > 0) expect(counts.at(-1)).toBe("0 car");
        expect(all(made.map((row) => [...row].reverse())).sort()).toEqual([...said].sort());
      }),
    );
  });
});
