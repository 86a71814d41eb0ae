import type { Instant, ReviewDecision } from "@openkerb/contract";
import fc from "fast-check";
import { expect, it } from "vitest";
import { openStore } from "../store/sqlite-store.ts";
import { testsWith } from "./own-settings.ts";
import { calm, day, hour, minute, minutesOf, qualityOf, start, takeIn } from "./trial-readings.ts";

type Step =
  | { readonly do: "take"; readonly piece: number }
  | { readonly do: "test" }
  | { readonly do: "decide"; readonly which: number; readonly as: ReviewDecision };
const stuck = -1;
/** So that an hour's standing still is enough. */
const tests = testsWith({
  pm25: { flat_line_test: { suspect_threshold: 3600, fail_threshold: 7200, tolerance: 0.05 } },
});
const late = (start + 30 * day) as Instant;
const between = { from: 0 as Instant, to: (start + 500 * day) as Instant };
const decision: fc.Arbitrary<ReviewDecision> = fc.oneof(
  fc.constant<ReviewDecision>({ do: "accept" }),
  fc.record({
    do: fc.constant("override" as const),
    flag: fc.constantFrom(1, 2, 3, 4, 9),
    reason: fc.constant("seen"),
  }),
) as fc.Arbitrary<ReviewDecision>;
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("take" as const), piece: fc.nat(23) }) },
  { weight: 2, arbitrary: fc.constant<Step>({ do: "test" }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("decide" as const), which: fc.nat(5), as: decision }) },
);

/** Half an hour of one value in an hour by the minute, beside hours of which every second minute is still to come. */
const lateBesideFaster: Step[] = [
  ...[4, 1, 6, 0].map((piece): Step => ({ do: "take", piece })),
  { do: "test" },
  { do: "take", piece: 2 },
];

it(
  "whatever comes in, is tested and is decided, in whatever order: what counts is what the flags say",
  () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 3, maxLength: 25 }),
        // Which minutes of the day are bad, and how badly.
        fc.array(
          fc.record({
            at: fc.nat(720),
            long: fc.integer({ min: 1, max: 90 }),
            value: fc.constantFrom(1300, 6000, stuck),
          }),
          { maxLength: 6 },
        ),
        fc.boolean(),
        async (steps, faults, fine) => {
          await using store = openStore({ memory: true });
          const bed = qualityOf(store, {}, tests);
          const { review } = bed.quality;
          const averaging = (fine ? 20_000 : minute) as never;
          const value = (at: number) => {
            const m = (at - start) / minute;
            const fault = faults.find((f) => m >= f.at && m < f.at + 2 * f.long)?.value;
            return fault === stuck ? 21 : (fault ?? 0) + calm(at);
          };
          const settled = new Map<number, string>();
          const taken = new Set<number>();
          for (const one of steps)
            switch (one.do) {
              case "take":
                if (taken.has(one.piece)) break;
                taken.add(one.piece);
                // Every second minute of an hour, so that readings also come late into what was decided.
                takeIn(
                  store,
                  minutesOf(
                    start + (one.piece >> 1) * hour,
                    60,
                    (at, i) => (i % 2 === one.piece % 2 ? value(at) : undefined),
                    { averaging },
                  ),
                );
                break;
              case "test":
                await bed.test(late);
                break;
              case "decide": {
                const open = review.items.list({ state: "open", limit: 100 });
                const item = open[one.which % Math.max(1, open.length)];
                if (!item) break;
                expect(review.decide(item.id, one.as, await bed.channel(), late, "olga")).toEqual({ kind: "done" });
                settled.set(item.id, JSON.stringify(review.items.item(item.id)));
                break;
              }
              default:
                one satisfies never;
            }
          if (taken.size === 0) return;
          const check = async () => {
            const page = { channel: 1, ...between, limit: 100_000, skip: 0, newestFirst: false };
            const readings = await store.readings(page);
            for (const [span, width] of [
              ["hour", hour],
              ["day", day],
            ] as const)
              for (const bin of await store.rollups(1, span, between.from, between.to)) {
                const own = readings.filter((r) => Math.floor(r.at / width) * width === bin.from);
                for (const flag of ["1", "2", "3", "4", "9"] as const)
                  expect(bin.flags[flag]).toBe(own.filter((r) => r.quality === Number(flag)).length);
                const valid = own.filter((r) => r.quality < 4).map((r) => r.value);
                if (valid.length === 0) expect(bin.mean).toBeUndefined();
                else expect(bin.mean).toBeCloseTo(valid.reduce((a, b) => a + b) / valid.length, 6);
                expect(bin.max).toBe(valid.length === 0 ? undefined : Math.max(...valid));
              }
            const items = review.items.list({ state: "all", limit: 1000 }).sort((a, b) => a.from - b.from);
            for (const [i, item] of items.entries()) expect(item.from).toBeGreaterThanOrEqual(items[i - 1]?.to ?? 0);
            for (const [id, was] of settled) expect(JSON.stringify(review.items.item(id))).toBe(was);
            return { readings, items };
          };
          await check();
          await bed.test(late);
          const { readings, items } = await check();
          // After the tests every doubt is somebody's to decide, or was.
          const tested = await store.ask("reviewed", 1, 0, between.to, 100_000);
          expect(tested.length).toBe(readings.length);
          for (const r of tested) {
            const item = items.find((i) => r.at >= i.from && r.at < i.to);
            if (r.tests > 1) expect(item).toBeDefined();
            if (item?.state === "overridden") expect(r.effective).toBe(item.decision?.flag);
            if (!item) expect(r.effective).toBe(1);
            if (item?.state === "open") expect(r.effective).toBe(Math.max(r.device, r.tests));
          }
          // Another look changes nothing at all.
          const before = JSON.stringify([items, readings]);
          store.database.exec("INSERT OR IGNORE INTO quality_waiting SELECT id, 1 FROM hour_rollups");
          await bed.test(late);
          const after = await check();
          expect(JSON.stringify([after.items, after.readings])).toBe(before);
        },
      ),
      { numRuns: 80, examples: [[lateBesideFaster, [{ at: 0, long: 16, value: stuck }], false]] },
    ),
  120_000,
);
