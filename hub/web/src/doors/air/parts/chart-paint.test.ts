import fc from "fast-check";
import { expect, it } from "vitest";
import { apart } from "./chart-paint.ts";

it("the values of limits stand where their lines end", () => {
  expect(apart([20, 90, 160], 14, 0, 200)).toEqual([20, 90, 160]);
});

it("values of limits that lie close together make room for one another, as near as they can", () => {
  expect(apart([100, 102], 14, 0, 200)).toEqual([94, 108]);
  expect(apart([100, 102, 110], 14, 0, 200)).toEqual([90, 104, 118]);
  expect(apart([2, 3], 14, 0, 200)).toEqual([0, 14]);
  expect(apart([198, 199], 14, 0, 200)).toEqual([186, 200]);
});

it("values of limits never lie over one another, keep their order and stay beside the chart", () => {
  const lines = fc.array(fc.double({ min: 0, max: 180, noNaN: true }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(lines, (all) => {
      const wanted = all.toSorted((a, b) => a - b);
      const places = apart(wanted, 14, 0, 180);
      expect(places).toHaveLength(wanted.length);
      for (const [i, at] of places.entries()) {
        expect(at).toBeGreaterThanOrEqual(-1e-9);
        expect(at).toBeLessThanOrEqual(180 + 1e-9);
        if (i > 0) expect(at - (places[i - 1] ?? 0)).toBeGreaterThanOrEqual(14 - 1e-9);
      }
    }),
  );
});
