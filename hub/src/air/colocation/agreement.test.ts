import { expect, it } from "vitest";
import { agreementOf } from "./agreement.ts";

const pairs = (of: readonly number[], sensor: (reference: number) => number) =>
  of.map((reference, i) => ({ at: i * 3_600_000, reference, sensor: sensor(reference) }));

it("a sensor that follows exactly explains all of the variance and never more", () => {
  for (const step of [0.1, 0.3, 1 / 3, 0.7, 1.1]) {
    const exact = agreementOf(
      pairs(
        Array.from({ length: 300 }, (_, i) => i * step),
        (v) => 0.3 * v + 0.1,
      ),
    );
    expect(exact?.r2).toBeLessThanOrEqual(1);
    expect(exact?.r2).toBeCloseTo(1, 9);
  }
});

it("an error is a share of the size of what is measured, also below zero", () => {
  const cold = agreementOf(pairs([-10, -12, -8, -10], (v) => v + 1));
  expect(cold?.nrmse).toBeCloseTo(10);
});
