import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assign } from "./assign.ts";

type Case = {
  readonly rows: number;
  readonly columns: number;
  readonly costs: readonly number[];
  readonly limit: number;
};

const sum = ({ costs, columns, limit }: Case, given: readonly number[]): number =>
  given.reduce((all, column, row) => all + (column < 0 ? limit : costs[row * columns + column]!), 0);

/** The least sum over every possible assignment. */
function cheapest(given: Case, row = 0, taken: readonly number[] = []): number {
  if (row === given.rows) return sum(given, taken);
  let best = cheapest(given, row + 1, [...taken, -1]);
  for (let column = 0; column < given.columns; column++)
    if (!taken.includes(column)) best = Math.min(best, cheapest(given, row + 1, [...taken, column]));
  return best;
}

const cost = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 40 }).map((n) => n / 8) },
  { weight: 1, arbitrary: fc.integer({ min: -40, max: 0 }).map((n) => n / 8) },
  { weight: 2, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
);
const anyCase: fc.Arbitrary<Case> = fc
  .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 40 }))
  .chain(([rows, columns, limit]) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      costs: fc.array(cost, { minLength: rows * columns, maxLength: rows * columns }),
      limit: fc.constant(limit / 8),
    }),
  );
const run = ({ costs, rows, columns, limit }: Case) => [...assign(Float64Array.from(costs), rows, columns, limit)];

describe("assign", () => {
  it("never costs more than the best of all possible assignments", () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        expect(sum(given, run(given))).toBeCloseTo(cheapest(given), 9);
      }),
      { numRuns: 2000 },
    );
  });

  it("gives no column twice and no forbidden pair", () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const columns = run(given).filter((column) => column >= 0);
        expect(new Set(columns).size).toBe(columns.length);
        run(given).forEach((column, row) => {
          if (column >= 0) expect(given.costs[row * given.columns + column]).toBeLessThan(Number.POSITIVE_INFINITY);
        });
      }),
    );
  });

  it.each([
    ["takes the pair together that is best together", [1, 2, 2, 10], 2, 2, 100, [1, 0]],
    ["leaves a row alone rather than pay more than the limit", [5, 9], 2, 1, 3, [-1, -1]],
    ["lets the row have the column that gains most by it", [2, 1], 2, 1, 3, [-1, 0]],
    ["has nothing to give without columns", [], 2, 0, 1, [-1, -1]],
    ["has nothing to do without rows", [], 0, 2, 1, []],
  ] as const)("%s", (_name, costs, rows, columns, limit, expected) => {
    expect(run({ costs, rows, columns, limit })).toEqual(expected);
  });
});
