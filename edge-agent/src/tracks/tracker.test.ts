import { millis, type RoadClass } from "@openkerb/contract";
import type { Box, Detection } from "@openkerb/vision";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Track } from "./scene.ts";
import { createTracker, type Followed, type TrackerSettings } from "./tracker.ts";

const picture = { width: 1280, height: 720 };
const seen = (box: Box, score = 0.9, label: RoadClass = "person"): Detection => ({ label, score, box });

/** What the tracker says of each frame. */
function run(
  frames: readonly (readonly Detection[])[],
  { fps = 25, ...settings }: TrackerSettings & { readonly fps?: number } = {},
): Followed[] {
  const track = createTracker(settings);
  return frames.map((detections, n) => track({ pts: millis((n * 1000) / fps), ...picture, detections }));
}
const ids = (all: readonly Followed[]): number[] => [...new Set(all.flatMap(({ tracks }) => tracks.map((t) => t.id)))];
const walk = (n: number, from: number, step: number, y = 300, side: readonly [number, number] = [40, 100]): Box[] =>
  Array.from({ length: n }, (_, i) => [from + i * step, y, ...side] as const);

describe("a road user", () => {
  it("has one track from the third sighting on, with its first two told once", () => {
    const all = run(walk(10, 100, 4).map((box) => [seen(box)]));
    expect(all.map(({ tracks }) => tracks.length)).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(all.map(({ tracks }) => tracks[0]?.earlier.length ?? 0)).toEqual([0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
    expect(all[2]?.tracks[0]?.earlier.map(({ pts, box }) => [pts, box[0]])).toEqual([
      [0, 100],
      [40, 104],
    ]);
  });

  it("has a foot in the middle of its box's lower edge, as shares of the picture", () => {
    const all = run(walk(5, 620, 0, 260).map((box) => [seen(box)]));
    expect(all.at(-1)?.tracks[0]?.foot).toEqual([0.5, 0.5]);
  });

  it("keeps its track behind a tree, and is not told as seen there", () => {
    const boxes = walk(60, 100, 5);
    const all = run(boxes.map((box, n) => (n >= 20 && n < 45 ? [] : [seen(box)])));
    expect(ids(all)).toEqual([1]);
    expect(all[25]?.tracks[0]?.seen).toBe(false);
    expect(all[25]?.tracks[0]?.box[0]).toBeCloseTo(225, 0);
    expect(all[40]?.tracks).toEqual([]);
    expect(all[45]?.tracks[0]?.seen).toBe(true);
  });

  it("is gone two seconds after the last sighting, and who comes later is somebody else", () => {
    const still = walk(20, 100, 0).map((box) => [seen(box)]);
    const all = run([...still, ...Array.from({ length: 60 }, () => []), ...still]);
    expect(all.flatMap(({ gone }, n) => gone.map((id) => [id, n]))).toEqual([[1, 70]]);
    expect(ids(all)).toEqual([1, 2]);
  });

  it("that is only weakly seen is followed but never begun", () => {
    const weak = walk(30, 100, 4).map((box) => [seen(box, 0.35)]);
    expect(ids(run(weak))).toEqual([]);
    const faded = walk(30, 100, 4).map((box, n) => [seen(box, n < 5 ? 0.9 : 0.35)]);
    expect(run(faded).at(-1)?.tracks).toMatchObject([{ id: 1, seen: true }]);
  });

  it("keeps its track when it is met by another that walks the other way", () => {
    const [east, west] = [walk(60, 100, 6), walk(60, 460, -6, 304)];
    const all = run(east.map((box, n) => [seen(box), ...(Math.abs(n - 30) < 4 ? [] : [seen(west[n]!)])]));
    expect(ids(all)).toEqual([1, 2]);
    const end = all.at(-1)!.tracks;
    const first = all[3]!.tracks;
    const nearest = (tracks: readonly Track[], box: Box): number =>
      [...tracks].sort((a, b) => Math.abs(a.box[0] - box[0]) - Math.abs(b.box[0] - box[0]))[0]!.id;
    expect(nearest(end, east[59]!)).toBe(nearest(first, east[3]!));
    expect(nearest(end, west[59]!)).toBe(nearest(first, west[3]!));
  });

  it("that stops and goes keeps its track", () => {
    const xs = [...Array.from({ length: 20 }, (_, n) => 100 + 8 * n), ...Array(20).fill(252)];
    const all = run([...xs, ...xs.map((x) => x + 152)].map((x) => [seen([x, 300, 120, 60], 0.9, "car")]));
    expect(ids(all)).toEqual([1]);
  });

  it("is called what it was called most, weighed by score", () => {
    const boxes = walk(9, 100, 3, 300, [90, 50]);
    const all = run(boxes.map((box, n) => [seen(box, n % 3 === 1 ? 0.95 : 0.7, n % 3 === 1 ? "truck" : "car")]));
    expect(ids(all)).toEqual([1]);
    expect(all.at(-1)?.tracks[0]?.label).toBe("car");
  });

  it("with two names in one frame is one thing", () => {
    const boxes = walk(9, 100, 3, 300, [90, 50]);
    const all = run(boxes.map((box) => [seen(box, 0.8, "car"), seen(box, 0.6, "truck")]));
    expect(ids(all)).toEqual([1]);
  });

  it("on a bicycle is a person and a bicycle: the two never take each other's track", () => {
    const boxes = walk(12, 100, 6);
    const all = run(boxes.map((box, n) => [seen(box, 0.9, "person"), ...(n % 2 ? [seen(box, 0.9, "bicycle")] : [])]));
    expect(
      all
        .at(-1)
        ?.tracks.map(({ label }) => label)
        .sort(),
    ).toEqual(["bicycle", "person"]);
  });
});

describe("a flicker of the detector", () => {
  it("of one or two frames is nobody", () => {
    const frames: Detection[][] = Array.from({ length: 50 }, () => []);
    frames[10] = [seen([300, 300, 40, 90])];
    frames[30] = [seen([700, 200, 40, 90])];
    frames[31] = [seen([702, 200, 40, 90])];
    expect(ids(run(frames))).toEqual([]);
  });

  it("at three places in a row is nobody yet, though they are evenly apart; the fourth makes it a way", () => {
    const all = run(walk(4, 100, 100, 300, [24, 24]).map((box) => [seen(box)]));
    expect(all.map(({ tracks }) => tracks.length)).toEqual([0, 0, 0, 1]);
  });

  it("here and there in the picture does not become somebody who leaps about", () => {
    const places: Box[] = [
      [300, 300, 40, 90],
      [420, 310, 42, 92],
      [250, 330, 41, 88],
      [330, 200, 40, 91],
      [460, 280, 39, 90],
    ];
    expect(ids(run(Array.from({ length: 40 }, (_, n) => [seen(places[(n * 3) % 5]!)])))).toEqual([]);
  });
});

describe("what is so fast that it leaves its own box behind", () => {
  it.each([5, 15, 25, 40, 60, 90])("has one track at %d pixels a frame", (step) => {
    const all = run(walk(Math.floor(1200 / step), 10, step, 300, [24, 24]).map((box) => [seen(box, 0.8, "car")]));
    expect(ids(all)).toEqual([1]);
  });

  it("keeps apart from its like in the next lane", () => {
    const lanes = [100, 200, 300].map((y, lane) => walk(18, 10 + 20 * lane, 60, y, [24, 24]));
    const all = run(lanes[0]!.map((_, n) => lanes.map((lane) => seen(lane[n]!, 0.8, "car"))));
    expect(ids(all)).toHaveLength(3);
    for (const { tracks } of all.slice(4)) expect(tracks).toHaveLength(3);
  });
});

describe("the tracker", () => {
  it.each([5, 10, 15, 30])("follows a walker and a car at %d frames a second", (fps) => {
    const frames = Array.from({ length: 6 * fps }, (_, n): Detection[] => [
      seen([100 + (n * 60) / fps, 300, 40, 100]),
      seen([20 + (n * 180) / fps, 500, 160, 80], 0.9, "car"),
    ]);
    expect(ids(run(frames, { fps }))).toHaveLength(2);
  });

  it("takes the time between frames as it comes", () => {
    const track = createTracker();
    const at = [0, 40, 80, 120, 400, 440, 900, 940, 980, 1700, 1740];
    const all = at.map((pts) =>
      track({ pts: millis(pts), ...picture, detections: [seen([100 + pts / 8, 300, 40, 100])] }),
    );
    expect(ids(all)).toEqual([1]);
  });

  it("says the same for the same frames, in whatever order the detections of a frame come", () => {
    const box = fc.tuple(
      fc.integer({ min: 0, max: 1200 }),
      fc.integer({ min: 0, max: 600 }),
      fc.integer({ min: 5, max: 200 }),
      fc.integer({ min: 5, max: 200 }),
    );
    const label = fc.constantFrom<RoadClass>("person", "car", "truck", "bicycle");
    const detection = fc.record({ box, label, score: fc.double({ min: 0, max: 1, noNaN: true }) });
    const frame = fc.uniqueArray(detection, { maxLength: 6, selector: ({ score }) => score });
    const told = (all: readonly Followed[]): unknown =>
      all.map(({ tracks, gone }) => [
        tracks.map(({ id, label: of, box: [x], seen: s }) => [of, x.toFixed(6), s, id > 0]).sort(),
        gone.length,
      ]);
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), (frames) => {
        const lasting = frames.flatMap((f) => [f, f, f]);
        expect(told(run(lasting.map((f) => [...f].reverse())))).toEqual(told(run(lasting)));
      }),
    );
  });

  it("gives no id twice, tells of each end once and of nobody after his end", () => {
    const box = fc
      .tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 200 }))
      .map(([x, y]): Box => [x, y, 60, 90]);
    const frame = fc.array(
      box.map((b) => seen(b)),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 30 }), (frames) => {
        const ended = new Set<number>();
        let youngest = 0;
        for (const { tracks, gone } of run(frames, { fps: 3 })) {
          expect(new Set(tracks.map(({ id }) => id)).size).toBe(tracks.length);
          for (const id of gone) {
            expect(ended.has(id)).toBe(false);
            ended.add(id);
          }
          for (const { id, box: sides, earlier } of tracks) {
            expect(ended.has(id)).toBe(false);
            expect(sides.every(Number.isFinite)).toBe(true);
            if (earlier.length > 0) expect(id).toBeGreaterThan(youngest);
            youngest = Math.max(youngest, id);
          }
        }
      }),
    );
  });
});
