import { describe, expect, it } from "vitest";
import type { Detection } from "./detection.ts";
import { fuseLooks } from "./fuse-looks.ts";

const car = (score: number, x: number, label: Detection["label"] = "car"): Detection => ({
  label,
  score,
  box: [x, 0, 100, 50],
});

describe("fusing looks", () => {
  it("makes one of what two looks saw: the box between them, nearer to the surer", () => {
    const [one, ...rest] = fuseLooks([[car(0.6, 0)], [car(0.2, 8)]], 10);
    expect(rest).toEqual([]);
    expect(one!.box[0]).toBeCloseTo(2);
    expect(one!.score).toBeCloseTo((0.6 + 0.4) / 2);
  });

  it("believes an object that one look of four saw less than one that all saw", () => {
    const alone = fuseLooks([[car(0.8, 0)], [], [], []], 10)[0]!;
    const agreed = fuseLooks([[car(0.8, 0)], [car(0.8, 0)], [car(0.8, 0)], [car(0.8, 0)]], 10)[0]!;
    expect(alone.score).toBeCloseTo(0.5);
    expect(agreed.score).toBeCloseTo(0.8);
  });

  it("keeps other places and other labels apart, best first, and no more than asked for", () => {
    const looks = [[car(0.5, 0), car(0.9, 500), car(0.7, 0, "truck")]];
    expect(fuseLooks(looks, 10).map((one) => [one.label, one.box[0]])).toEqual([
      ["car", 500],
      ["truck", 0],
      ["car", 0],
    ]);
    expect(fuseLooks(looks, 1)).toHaveLength(1);
  });

  it("leaves a single look as it is", () => {
    const look = [car(0.9, 0), car(0.4, 300)];
    expect(fuseLooks([look], 10)).toEqual(look);
  });
});
