import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copy, gap, highest, lose, noProgress, type Progress, type Span, spanLimit, take } from "./progress.ts";

type Step = { take: number } | { lose: Span };
const number = fc.integer({ min: 1, max: 40 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: number.map((n) => ({ take: n })) },
  fc.tuple(number, number).map(([a, b]) => ({ lose: { from: Math.min(a, b), to: Math.max(a, b) } })),
);

/** The same thing with plain sets. */
function model(steps: readonly Step[]) {
  const stored = new Set<number>();
  const lost = new Set<number>();
  for (const s of steps) {
    if ("take" in s) {
      stored.add(s.take);
      lost.delete(s.take);
    } else for (let n = s.lose.from; n <= s.lose.to; n++) if (!stored.has(n)) lost.add(n);
  }
  let upTo = 0;
  while (stored.has(upTo + 1) || lost.has(upTo + 1)) upTo++;
  return { stored, lost, upTo };
}

const each = (spans: readonly Span[]): number[] =>
  spans.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));

function run(steps: readonly Step[]): { progress: Progress; taken: number[]; lost: number[] } {
  const progress = noProgress();
  const taken: number[] = [];
  const lost: number[] = [];
  for (const s of steps) {
    if ("take" in s) {
      if (take(progress, s.take) === "new") taken.push(s.take);
    } else lost.push(...each(lose(progress, s.lose)));
  }
  return { progress, taken, lost };
}

describe("what of a sequence has arrived", () => {
  it("agrees with plain sets, whatever comes in whatever order", () =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { progress, taken } = run(steps);
        const wanted = model(steps);
        expect(progress.upTo).toBe(wanted.upTo);
        expect(new Set(taken)).toEqual(wanted.stored);
        expect(new Set(each(progress.missing))).toEqual(wanted.lost);
      }),
    ));

  it("takes every number exactly once, however often it is sent", () =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { taken } = run([...steps, ...steps]);
        const once = new Set(taken);
        expect(taken.length).toBe(once.size);
      }),
    ));

  it("never moves the watermark back, nor past a number that neither came nor was lost", () =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const progress = noProgress();
        let before = 0;
        const accounted = new Set<number>();
        for (const s of steps) {
          if ("take" in s) accounted.add(s.take);
          else for (const n of each([s.lose])) accounted.add(n);
          if ("take" in s) take(progress, s.take);
          else lose(progress, s.lose);
          expect(progress.upTo).toBeGreaterThanOrEqual(before);
          for (let n = before + 1; n <= progress.upTo; n++) expect(accounted.has(n)).toBe(true);
          before = progress.upTo;
        }
      }),
    ));

  it("keeps its spans in order, apart and beyond the watermark", () =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { ahead, missing, upTo } = run(steps).progress;
        for (const spans of [ahead, missing])
          spans.forEach((span, i) => {
            expect(span.from).toBeLessThanOrEqual(span.to);
            const next = spans[i + 1];
            if (next) expect(next.from).toBeGreaterThan(span.to + 1);
          });
        if (ahead[0]) expect(ahead[0].from).toBeGreaterThan(upTo + 1);
      }),
    ));

  it("tells the first gap and what is known beyond it", () => {
    const { progress } = run([{ take: 1 }, { take: 2 }, { take: 5 }, { take: 9 }]);
    expect(gap(progress, 9)).toEqual({ from: 3, to: 4 });
    expect(highest(progress)).toBe(9);
    expect(gap(run([{ take: 1 }]).progress, 7)).toEqual({ from: 2, to: 7 });
    expect(gap(run([{ take: 1 }]).progress, 1)).toBeUndefined();
  });

  it("does not remember endlessly many gaps, and what it does not take fills in later", () => {
    const progress = noProgress();
    for (let n = 0; n < spanLimit; n++) expect(take(progress, 2 + 2 * n)).toBe("new");
    const beyond = 2 + 2 * spanLimit;
    expect(take(progress, beyond)).toBe("full");
    expect(take(progress, 1)).toBe("new");
    expect(progress.upTo).toBe(2);
    expect(take(progress, beyond)).toBe("new");
  });

  it("can be copied, so that a failed commit leaves no trace", () => {
    const progress = noProgress();
    take(progress, 3);
    const before = copy(progress);
    lose(progress, { from: 1, to: 2 });
    expect(before).toEqual({ upTo: 0, ahead: [{ from: 3, to: 3 }], missing: [] });
    expect(progress.upTo).toBe(3);
  });
});
