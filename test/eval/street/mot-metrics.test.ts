import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { motFigures, type Placed } from "./mot-metrics.ts";

/** Boxes of 10 by 10 from `[frame, id, left]`. */
const placed = (rows: readonly (readonly [number, number, number])[]): Placed[] =>
  rows.map(([frame, id, x]) => ({ frame, id, box: [x, 0, 10, 10] }));
/** A track over some frames at one place. */
const stay = (id: number, frames: readonly number[], x: number): [number, number, number][] =>
  frames.map((frame) => [frame, id, x]);
const [first, second] = [
  [1, 2, 3, 4, 5],
  [6, 7, 8, 9, 10],
];
const ten = [...first, ...second];

describe("MOT figures", () => {
  it("are 1 for the truth itself", () => {
    const truth = placed([...stay(1, ten, 0), ...stay(2, ten, 50)]);
    expect(motFigures(truth, truth)).toMatchObject({ mota: 1, motp: 1, idf1: 1, switches: 0, matches: 20 });
  });

  it("are 0 when nothing was found, and below when only wrong things were", () => {
    const truth = placed(stay(1, ten, 0));
    expect(motFigures(truth, [])).toMatchObject({ mota: 0, misses: 10, falsePositives: 0, idf1: 0 });
    expect(motFigures(truth, placed(stay(1, ten, 50)))).toMatchObject({ mota: -1, misses: 10, falsePositives: 10 });
  });

  it("count one switch when the object goes on under another id, and half of its identity as lost", () => {
    const figures = motFigures(placed(stay(1, ten, 0)), placed([...stay(7, first, 0), ...stay(8, second, 0)]));
    expect(figures).toMatchObject({ switches: 1, misses: 0, falsePositives: 0, mota: 0.9, idf1: 0.5 });
  });

  it("count a switch after a gap too, by the last track the object had", () => {
    const tracks = placed([...stay(7, [1, 2], 0), ...stay(8, [9, 10], 0)]);
    expect(motFigures(placed(stay(1, ten, 0)), tracks)).toMatchObject({ switches: 1, misses: 6, fragments: 1 });
    const same = placed([...stay(7, [1, 2], 0), ...stay(7, [9, 10], 0)]);
    expect(motFigures(placed(stay(1, ten, 0)), same)).toMatchObject({ switches: 0, misses: 6, fragments: 1 });
  });

  it("count two switches when two tracks change places", () => {
    const truth = placed([...stay(1, ten, 0), ...stay(2, ten, 50)]);
    const tracks = placed([...stay(1, first, 0), ...stay(2, first, 50), ...stay(1, second, 50), ...stay(2, second, 0)]);
    expect(motFigures(truth, tracks)).toMatchObject({ switches: 2, mota: 0.9, idf1: 0.5 });
  });

  it("keep an object with its track while that overlaps, even when a nearer one comes", () => {
    const truth = placed(stay(1, [1, 2], 0));
    const tracks = placed([
      [1, 7, 2],
      [2, 7, 2],
      [2, 8, 0],
    ]);
    expect(motFigures(truth, tracks)).toMatchObject({ switches: 0, falsePositives: 1, matches: 2 });
  });

  it("need half of the overlap: 5 of 15 is not enough, 7 of 13 is", () => {
    expect(motFigures(placed([[1, 1, 0]]), placed([[1, 1, 5]]))).toMatchObject({ matches: 0 });
    const near = motFigures(placed([[1, 1, 0]]), placed([[1, 1, 3]]));
    expect(near).toMatchObject({ matches: 1 });
    expect(near.motp).toBeCloseTo(7 / 13, 12);
  });

  it("pair as many as can be paired before pairing the best", () => {
    // Object 1 fits both tracks, object 2 only the one that object 1 fits better.
    const truth = placed([
      [1, 1, 0],
      [1, 2, 3],
    ]);
    const tracks = placed([
      [1, 7, -3],
      [1, 8, 0.5],
    ]);
    expect(motFigures(truth, tracks)).toMatchObject({ matches: 2 });
  });

  it("take the identity that is right for longest: 7 frames of 10, 3 wrong ones", () => {
    const tracks = placed([...stay(7, ten.slice(0, 7), 0), ...stay(8, ten.slice(7), 0)]);
    expect(motFigures(placed(stay(1, ten, 0)), tracks)).toMatchObject({ idf1: 0.7, idPrecision: 0.7, idRecall: 0.7 });
  });

  it("do not depend on how ids are called or rows are ordered", () => {
    const row = fc.tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 0, max: 40 }),
    );
    const rows = fc.uniqueArray(row, { maxLength: 10, selector: ([frame, id]) => `${frame} ${id}` });
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const plain = motFigures(placed(a), placed(b));
        const other = motFigures(
          placed([...a].reverse()),
          placed([...b].reverse().map(([f, id, x]) => [f, 90 - id, x])),
        );
        expect(other.matches).toBe(plain.matches);
        expect(other.idf1).toBe(plain.idf1);
        expect(plain.matches + plain.misses).toBe(a.length);
        expect(plain.matches + plain.falsePositives).toBe(b.length);
      }),
    );
  });
});
