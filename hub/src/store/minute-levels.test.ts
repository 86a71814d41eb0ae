import type { Instant } from "@openkerb/contract";
import fc from "fast-check";
import { expect, it } from "vitest";
import { minuteLevels } from "./minute-levels.ts";
import { openOverlay } from "./reading-overlay.ts";
import { openStore } from "./sqlite-store.ts";
import { birth, items, noon, other, reading } from "./trial-records.ts";

const minute = 60_000;
const start = noon - (noon % (60 * minute));

it("levels of minutes are those of a chart of minutes, whatever was said how often and by whom", async () => {
  const said = fc.record({
    at: fc.integer({ min: 5 * minute, max: 25 * minute }),
    value: fc.integer({ min: 300, max: 900 }).map((v) => v / 10),
    averaging: fc.constantFrom(0, 1000, 30_000, minute, 10 * minute),
    quality: fc.constantFrom(1, 2, 3, 4, 9),
    twice: fc.boolean(),
  });
  const ranges = fc.array(
    fc.record({ start: fc.nat(25), long: fc.integer({ min: 1, max: 9 }), flag: fc.constantFrom(1, 3, 4, 9) }),
    { maxLength: 3 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(said, { minLength: 20, maxLength: 60 }),
      ranges,
      fc.constantFrom(0.25, 0.75, 1),
      async (all, over, least) => {
        await using store = openStore({ memory: true });
        const of = (twice: boolean) =>
          all
            .filter((r) => r.twice === twice)
            .map(({ twice: _, ...r }, i) =>
              reading(i + 1, { ...r, at: start + r.at, metric: "laeq", unit: "dB[SPL]", sensor: "sound" }),
            );
        const received = (start + 200 * minute) as Instant;
        store.commit([birth(), items(of(false), undefined, received)]);
        store.commit([birth({ epoch: other, session: 2 }), items(of(true), other, received)]);
        const overlay = openOverlay(store.database);
        for (const [i, { start: from, long, flag }] of over.entries()) {
          const range = { start: start + from * minute, stop: start + (from + long) * minute, flag: flag as 1 };
          overlay.decide(1, { ...range, decision: i + 1, replaces: i % 2 === 0 });
        }
        const [from, to] = [start + 7 * minute, start + 23 * minute];
        const span = { from: from as Instant, to: to as Instant, points: 16 };
        const [line] = await store.chart({ metric: "laeq", ...span });
        const wanted = (line?.bins ?? []).flatMap((b) => (b.mean !== undefined && b.coverage >= least ? [b.mean] : []));
        const levels = minuteLevels(store.database)(1, from, to, least);
        expect(levels).toHaveLength(wanted.length);
        for (const [i, level] of levels.entries()) expect(level).toBeCloseTo(wanted[i] ?? Number.NaN, 8);
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);
