import type { Box } from "@openkerb/vision";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { begin, boxOf, correct, doubtOf, leap, predict } from "./motion.ts";

const box: Box = [100, 200, 40, 100];
const moved = (by: number): Box => [box[0] + by, box[1], box[2], box[3]];

describe("motion", () => {
  it("learns the speed of what moves steadily, whatever the frame rate", () => {
    for (const fps of [5, 12.5, 30]) {
      const motion = begin(box);
      for (let n = 1; n <= 3 * fps; n++) {
        predict(motion, 1 / fps);
        correct(motion, moved((50 * n) / fps));
      }
      expect(motion.cx.v).toBeCloseTo(50, 1);
      expect(motion.cy.v).toBeCloseTo(0, 6);
    }
  });

  it("is the same after one long step as after many short ones", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), fc.double({ min: 0.01, max: 2, noNaN: true }), (steps, span) => {
        const short = leap(box, moved(30), 0.1);
        const long = leap(box, moved(30), 0.1);
        for (let n = 0; n < steps; n++) predict(short, span / steps);
        predict(long, span);
        expect(boxOf(short)[0]).toBeCloseTo(boxOf(long)[0], 6);
        // The box's size is not known in between, so noise that goes with it differs a little.
        expect(doubtOf(short) / doubtOf(long)).toBeCloseTo(1, 1);
      }),
    );
  });

  it("doubts more the longer nothing is seen, and less after every sighting", () => {
    const motion = begin(box);
    let before = doubtOf(motion);
    for (let n = 0; n < 10; n++) {
      predict(motion, 0.1);
      expect(doubtOf(motion)).toBeGreaterThan(before);
      before = doubtOf(motion);
    }
    correct(motion, box);
    expect(doubtOf(motion)).toBeLessThan(before);
  });

  it("scales with the picture: twice the pixels, twice the motion", () => {
    const run = (k: number): Box => {
      const big = (by: number): Box => moved(by).map((side) => side * k) as unknown as Box;
      const motion = begin(big(0));
      for (const by of [4, 9, 13, 20]) {
        predict(motion, 0.04);
        correct(motion, big(by));
      }
      predict(motion, 0.4);
      return boxOf(motion);
    };
    for (const [n, side] of run(2).entries()) expect(side).toBeCloseTo(2 * run(1)[n]!, 6);
  });

  it("knows from two sightings how fast a leap was", () => {
    const motion = leap(box, moved(300), 0.04);
    predict(motion, 0.04);
    expect(boxOf(motion)[0]).toBeCloseTo(100 + 600, 6);
  });

  it("never lets a box shrink away while it is not seen", () => {
    const motion = begin(box);
    predict(motion, 0.04);
    correct(motion, [110, 230, 20, 40]);
    predict(motion, 5);
    expect(Math.min(...boxOf(motion).slice(2))).toBeGreaterThan(0);
  });
});
