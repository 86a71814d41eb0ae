import { expect, it } from "vitest";
import { agreementOf } from "./agreement.ts";

it("only moments that both places have are compared", () => {
  const a = Array.from({ length: 20 }, (_, i) => i);
  const b = a.map((v) => (v === 3 ? undefined : 2 * v + 1));
  const { shared, difference, correlation } = agreementOf(a, b);
  expect(shared).toBe(19);
  expect(difference).toBeCloseTo(-(187 / 19 + 1));
  expect(correlation).toBeCloseTo(1);
});

it("a line that never moves, or a handful of pairs, has no correlation", () => {
  expect(
    agreementOf(
      Array(20).fill(5),
      Array.from({ length: 20 }, (_, i) => i),
    ).correlation,
  ).toBeUndefined();
  expect(agreementOf([1, 2, 3], [1, 2, 3]).correlation).toBeUndefined();
  expect(agreementOf([], [])).toEqual({ shared: 0 });
});
