import type { SiteZone, ZoneId } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { type Made, madeScene } from "./made-scenes.ts";
import { vehicleStopped } from "./vehicle-stopped.ts";

const kerb: SiteZone & { stoppedAfter: number } = {
  id: "kerb" as ZoneId,
  name: "Kerb",
  polygon: [
    [0.2, 0.2],
    [0.8, 0.2],
    [0.8, 0.8],
    [0.2, 0.8],
  ],
  stoppedAfter: 10,
};

type Step = { readonly tracks: readonly Made[]; readonly gone?: readonly number[] };
const car = (x: number, more: Omit<Made, "foot"> = {}): Step => ({ tracks: [{ foot: [x, 0.5], ...more }] });
const nobody: Step = { tracks: [] };
const lost = (...gone: number[]): Step => ({ tracks: [], gone });
const repeat = (seconds: number, step: Step | ((n: number) => Step)): Step[] =>
  Array.from({ length: seconds * 5 }, (_, n) => (typeof step === "function" ? step(n) : step));

/** What is said and when, at five scenes a second. */
function run(steps: readonly Step[], zone = kerb): string[] {
  const rule = vehicleStopped(zone);
  return steps.flatMap(({ tracks, gone = [] }, n) =>
    [...rule(madeScene(n * 200, tracks, gone))].map((f) =>
      f.kind === "vehicle-stopped"
        ? `${n / 5} s: ${f.class} ${f.active ? "stands" : "is gone"}, ${f.dwell / 1000} s`
        : f.kind,
    ),
  );
}

describe("a zone where vehicles must not stand", () => {
  it("is told of one that stands too long, once, and again when it has gone", () => {
    expect(run([...repeat(15, car(0.5)), ...repeat(3, car(0.7))])).toEqual([
      "10 s: car stands, 10 s",
      "15 s: car is gone, 14.8 s",
    ]);
  });

  it("is not told of one that goes in time", () => {
    expect(run([...repeat(9, car(0.5)), ...repeat(30, (n) => car(0.5 + (n % 10) * 0.03))])).toEqual([]);
  });

  it("is not told of one that creeps through", () => {
    expect(run(repeat(60, (n) => car(0.25 + 0.0018 * n)))).toEqual([]);
  });

  it("is not told of one that creeps through slowly, nor of a place that others took in turns", () => {
    expect(run(repeat(60, (n) => car(0.25 + 0.001 * n)))).toEqual([]);
    const first = repeat(9, car(0.3, { id: 1 }));
    expect(run([...first, lost(1), ...repeat(9, car(0.7, { id: 2 })), ...repeat(5, nobody)])).toEqual([]);
  });

  it("says how long one stood that came late, and tells of one although another beside it leaves", () => {
    const both: Step = {
      tracks: [
        { id: 1, foot: [0.3, 0.5] },
        { id: 2, foot: [0.6, 0.5] },
      ],
    };
    const leaving: Step = {
      tracks: [
        { id: 1, foot: [0.1, 0.5] },
        { id: 2, foot: [0.6, 0.5] },
      ],
    };
    expect(
      run([...repeat(4, nobody), ...repeat(6, both), ...repeat(8, leaving), ...repeat(2, car(0.75, { id: 2 }))]),
    ).toEqual(["14 s: car stands, 10 s", "18 s: car is gone, 13.8 s"]);
  });

  it("is not fooled by a box that trembles, jumps for a moment or is hidden for a moment", () => {
    const trembling = repeat(30, (n) => {
      if (n % 25 === 24) return car(0.52);
      if (n % 25 > 20) return nobody;
      return car(0.5 + 0.004 * Math.sin(n));
    });
    expect(run(trembling)).toEqual(["10 s: car stands, 10 s"]);
  });

  it("knows a vehicle again that was lost behind a bus and found at its place", () => {
    const steps = [
      ...repeat(12, car(0.5)),
      ...repeat(2, nobody),
      lost(1),
      ...repeat(3, nobody),
      ...repeat(8, car(0.503, { id: 2 })),
      ...repeat(2, car(0.7, { id: 2 })),
    ];
    expect(run(steps)).toEqual(["10 s: car stands, 10 s", "25.2 s: car is gone, 25 s"]);
  });

  it("adds up the time on both sides of a hidden moment", () => {
    const steps = [...repeat(6, car(0.5)), lost(1), ...repeat(2, nobody), ...repeat(6, car(0.5, { id: 7 }))];
    expect(run(steps)).toEqual(["10 s: car stands, 10 s"]);
  });

  it("takes one that is out of sight for too long for gone", () => {
    expect(run([...repeat(12, car(0.5)), lost(1), ...repeat(12, nobody)])).toEqual([
      "10 s: car stands, 10 s",
      "21.8 s: car is gone, 11.8 s",
    ]);
  });

  it("does not take the next in a queue for the one before", () => {
    const steps = [
      ...repeat(6, car(0.5)),
      ...repeat(6, {
        tracks: [
          { id: 1, foot: [0.7, 0.5] },
          { id: 2, foot: [0.5, 0.5] },
        ],
      }),
    ];
    expect(run(steps)).toEqual([]);
  });

  it("is for vehicles: people may stand, bicycles too unless the zone names them", () => {
    expect(run(repeat(20, car(0.5, { label: "person" })))).toEqual([]);
    expect(run(repeat(20, car(0.5, { label: "bicycle" })))).toEqual([]);
    expect(run(repeat(20, car(0.5, { label: "bicycle" })), { ...kerb, classes: ["bicycle"] })).toHaveLength(1);
    expect(run(repeat(20, car(0.5)), { ...kerb, classes: ["bus"] })).toEqual([]);
  });

  it("does not look at what stands beside it", () => {
    expect(run(repeat(20, car(0.1)))).toEqual([]);
  });

  it("says the same in whatever order the tracks come", () => {
    const two = (n: number): Made[] => [
      { id: 1, foot: [0.4 + 0.001 * (n % 3), 0.5] },
      { id: 2, foot: [n > 80 ? 0.75 : 0.6, 0.5], label: "truck" },
    ];
    const forth = run(repeat(20, (n) => ({ tracks: two(n) })));
    const back = run(repeat(20, (n) => ({ tracks: two(n).reverse() })));
    expect(forth.length).toBe(3);
    expect(back).toEqual(forth);
  });
});
