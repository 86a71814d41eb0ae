import type { QualityFlag } from "@openkerb/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectiveFlag, type FlagRange, worse } from "./reading-flags.ts";

const flag = fc.constantFrom<QualityFlag>(1, 2, 3, 4, 9);
const range: fc.Arbitrary<FlagRange> = fc
  .record({
    start: fc.nat(50),
    long: fc.integer({ min: 1, max: 20 }),
    flag,
    decision: fc.nat(6),
    replaces: fc.boolean(),
  })
  .map(({ long, ...r }) => ({ ...r, stop: r.start + long, replaces: r.decision > 0 && r.replaces }));

describe("the flag a reading has after all", () => {
  it("is the newest decision's, else the worse of what its device and the tests say", () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(range, { selector: (r) => r.decision, maxLength: 7 }),
        fc.nat(75),
        flag,
        (all, at, device) => {
          const covering = all.filter((r) => r.start <= at && at < r.stop).sort((a, b) => b.decision - a.decision);
          const rule = covering[0];
          const wanted = rule === undefined ? device : rule.replaces ? rule.flag : worse(device, rule.flag);
          expect(effectiveFlag(all)(at, device)).toBe(wanted);
        },
      ),
      { numRuns: 2000 },
    ));

  it("may be better than the device's only when an officer says so", () => {
    const override: FlagRange = { start: 0, stop: 10, flag: 1, decision: 3, replaces: true };
    expect(effectiveFlag([override])(5, 4)).toBe(1);
    expect(effectiveFlag([{ ...override, replaces: false }])(5, 4)).toBe(4);
    expect(effectiveFlag([override])(10, 4)).toBe(4);
  });
});
