import { SiteView } from "@openkerb/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawingOf, inward, labelSpot } from "./plan-shape.ts";

const line = (id: string, plan?: unknown) => ({ id, name: id, ...(plan ? { plan } : {}) });
const site = (given: Record<string, unknown> = {}, lines: unknown[] = [line("a"), line("b")]) =>
  SiteView.parse({
    city: "town",
    site: "mill",
    name: "Mill Road",
    device: "box",
    cameras: [{ id: "cam", name: "Cam", model: "m", lines, zones: [{ id: "z", name: "Bay" }] }],
    ...given,
  });

describe("the plan", () => {
  it("of a site without one still shows every line, zone and camera, and says it has no measure", () => {
    const drawing = drawingOf(site());
    expect(drawing.measured).toBe(false);
    expect(drawing.lines.map((l) => l.id)).toEqual(["a", "b"]);
    expect(drawing.zones).toHaveLength(1);
    expect(drawing.cameras).toHaveLength(1);
    const inside = ([x, y]: readonly [number, number]) => x >= 0 && y >= 0 && x <= drawing.width && y <= drawing.height;
    for (const p of [...drawing.lines.flatMap((l) => [l.from, l.to]), ...drawing.zones.flatMap((z) => z.points)])
      expect(inside(p)).toBe(true);
  });

  it("of a drawn site leaves out only what was not placed", () => {
    const plan = { width: 10, height: 10, roads: [] };
    const drawing = drawingOf(site({ plan }, [line("a"), line("b", { from: [0, 0], to: [1, 1] })]));
    expect(drawing.measured).toBe(true);
    expect(drawing.lines.map((l) => l.id)).toEqual(["b"]);
  });

  it.each([
    ["north", [0, 1], [0, 0], [1, 0]],
    ["east", [0, 0], [1, 0], [0, 1]],
    ["south", [0, 0], [0, 1], [-1, 0]],
  ] as const)("points in to the right of a line that runs %s", (_way, from, to, want) =>
    expect(inward({ from, to })).toEqual(want),
  );

  it("writes a road's name away from the lines that cross it", () => {
    const road = [
      [0, 0],
      [100, 0],
    ] as const;
    expect(labelSpot(road).at).toEqual([50, 0]);
    expect(labelSpot(road, [[50, 0]]).at[0]).not.toBeCloseTo(50);
  });

  it("never writes a road's name upside down", () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer(), fc.integer()), { minLength: 2, maxLength: 5 }), (points) => {
        const { angle } = labelSpot(points);
        expect(angle).toBeGreaterThan(-90.001);
        expect(angle).toBeLessThanOrEqual(90);
      }),
    ));
});
