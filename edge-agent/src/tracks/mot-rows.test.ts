import { type CameraId, instant, millis } from "@openkerb/contract";
import type { Box } from "@openkerb/vision";
import { describe, expect, it } from "vitest";
import { motRows } from "./mot-rows.ts";
import type { MotRow } from "./mot-text.ts";
import type { Scene, Track } from "./scene.ts";

const box = (x: number): Box => [x, 10, 20, 40];
const track = (id: number, x: number, more: Partial<Track> = {}): Track => ({
  ...{ id, label: "person", score: 0.9, box: box(x), foot: [0, 0], seen: true, earlier: [] },
  ...more,
});
const step = 100;
const scene = (n: number, tracks: readonly Track[], gone: readonly number[] = []): Scene => ({
  ...{ camera: "kerb" as CameraId, at: instant(n * step), pts: millis(n * step), width: 640, height: 480 },
  ...{ tracks, gone },
});

/** Rows as `frame:id@left`, in the order in which they come. */
function run(scenes: readonly Scene[], wanted?: (t: Track) => boolean): string[] {
  const rows = motRows(wanted);
  const made: MotRow[] = [...scenes.flatMap((s) => rows.add(s)), ...rows.end()];
  return made.map(({ frame, id, box: [x] }) => `${frame}:${id}@${x}`);
}

describe("rows of tracks", () => {
  it("are every sighting, by frame from 1 and id, and nothing that is only predicted", () => {
    const scenes = [
      scene(0, [track(2, 50), track(1, 10)]),
      scene(1, [track(2, 51, { seen: false }), track(1, 11)]),
      scene(2, []),
    ];
    expect(run(scenes)).toEqual(["1:1@10", "1:2@50", "2:1@11"]);
  });

  it("begin with the sightings from before the track was sure", () => {
    const earlier = [0, 1].map((n) => ({ pts: millis(n * step), score: 0.8, box: box(n), foot: [0, 0] as const }));
    expect(run([scene(0, []), scene(1, []), scene(2, [track(1, 2, { earlier })])])).toEqual([
      "1:1@0",
      "2:1@1",
      "3:1@2",
    ]);
  });

  it("bridge a gap of up to a second and a half by a straight line, and no longer one", () => {
    const gap = (frames: number): Scene[] => [
      scene(0, [track(1, 0)]),
      ...Array.from({ length: frames - 1 }, (_, n) => scene(n + 1, [track(1, 99, { seen: false })])),
      scene(frames, [track(1, 10 * frames)]),
    ];
    expect(run(gap(3))).toEqual(["1:1@0", "2:1@10", "3:1@20", "4:1@30"]);
    expect(run(gap(15))).toHaveLength(16);
    expect(run(gap(16))).toEqual(["1:1@0", "17:1@160"]);
  });

  it("come in the order of frames while the recording goes on for long", () => {
    const rows = motRows();
    const made: MotRow[] = [];
    for (let n = 0; n < 500; n++) {
      made.push(...rows.add(scene(n, n % 7 === 3 ? [] : [track(1, n)])));
      expect(made.length).toBeGreaterThanOrEqual(n - 31);
    }
    made.push(...rows.end());
    expect(made.map(({ frame }) => frame)).toEqual(Array.from({ length: 500 }, (_, n) => n + 1));
  });

  it("are only of who is wanted", () => {
    const both = [track(1, 10), track(2, 20, { label: "car" })];
    expect(run([scene(0, both)], ({ label }) => label === "car")).toEqual(["1:2@20"]);
  });
});
