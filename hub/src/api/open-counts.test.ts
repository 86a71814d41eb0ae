import { CountBin, type Instant, type LineId } from "@openkerb/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openBin, openUntil, smallest } from "./open-counts.ts";

const n = fc.integer({ min: 0, max: 30 });
const bin = fc
  .record({
    lines: fc.array(
      fc.record({ line: fc.constantFrom("west", "east"), class: fc.constantFrom("car", "person"), in: n, out: n }),
    ),
    zones: fc.array(fc.record({ zone: fc.constant("bay"), class: fc.constant("car"), entered: n, mean: n, max: n })),
  })
  .map((b) => CountBin.parse({ from: 0, span: 3_600_000, watched: 1, ...b }));

const named = new Set(["west", "east"] as LineId[]);

describe("what the public sees of an hour", () => {
  it("holds no line that the place does not name", () => {
    const line = { class: "car", in: 50, out: 50 };
    const given = CountBin.parse({
      from: 0,
      span: 3_600_000,
      watched: 1,
      lines: [
        { line: "west", ...line },
        { line: "kx21-abc-was-here", ...line },
      ],
      zones: [],
    });
    expect(openBin(given, named).lines.map((l) => l.line)).toEqual(["west"]);
  });

  it("holds no number from 1 to 9, nor a sign that there was one", () =>
    fc.assert(
      fc.property(bin, (given) => {
        const { lines, zones } = openBin(given, named);
        expect(zones).toEqual([]);
        for (const line of lines) {
          for (const count of [line.in, line.out]) expect(count === 0 || count >= smallest).toBe(true);
          expect(line.in + line.out).toBeGreaterThanOrEqual(smallest);
        }
      }),
    ));

  it("is the same whatever the small numbers are", () =>
    fc.assert(
      fc.property(bin, fc.integer({ min: 0, max: smallest - 1 }), (given, small) => {
        const other = (count: number): number => (count < smallest ? small : count);
        const changed = { ...given, lines: given.lines.map((l) => ({ ...l, in: other(l.in), out: other(l.out) })) };
        expect(openBin(changed, named)).toEqual(openBin(given, named));
      }),
    ));

  it("shows no step of one to who asks again and again while late minutes come in", () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 60 }), (late) => {
        let n = 0;
        const seen = new Set<number>();
        for (const more of late) {
          n += more;
          const given = CountBin.parse({
            from: 0,
            span: 3_600_000,
            watched: 1,
            lines: [{ line: "west", class: "person", in: n, out: 0 }],
            zones: [],
          });
          seen.add(openBin(given, named).lines[0]?.in ?? 0);
        }
        for (const told of seen) expect(told % smallest).toBe(0);
        expect(seen.size).toBeLessThanOrEqual(1 + n / smallest);
      }),
    ));

  it("tells large numbers in tens, never more than there were", () =>
    expect(
      openBin(
        CountBin.parse({
          from: 0,
          span: 3_600_000,
          watched: 0.5,
          lines: [{ line: "west", class: "car", in: 1239, out: 9 }],
          zones: [],
        }),
        named,
      ),
    ).toMatchObject({
      watched: 0.5,
      lines: [{ line: "west", class: "car", in: 1230, out: 0 }],
    }));
});

it("tells no hour before its last minutes are in, which would each tell what came in them", () => {
  const hour = 3_600_000;
  const at = (minutes: number) => openUntil((100 * hour + minutes * 60_000) as Instant);
  expect([at(0), at(14.9), at(15), at(59.9)]).toEqual([99 * hour, 99 * hour, 100 * hour, 100 * hour]);
});
