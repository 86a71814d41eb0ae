import { type CameraId, instant, millis } from "@openkerb/contract";
import { expect, it } from "vitest";
import type { Scene } from "../tracks/scene.ts";
import { detectionsToTracks } from "./detections-to-tracks.ts";
import type { Detected } from "./frames-to-detections.ts";

async function* street(frames: number): AsyncGenerator<Detected, void, undefined> {
  for (let n = 0; n < frames; n++)
    yield {
      camera: "kerb" as CameraId,
      index: n,
      at: instant(1_000_000 + 40 * n),
      pts: millis(40 * n),
      width: 640,
      height: 480,
      detections: [{ label: "bus", score: 0.45, box: [100 + 3 * n, 200, 120, 60] }],
    };
}
const all = async (scenes: AsyncIterable<Scene>): Promise<Scene[]> => {
  const list: Scene[] = [];
  for await (const scene of scenes) list.push(scene);
  return list;
};

it("gives a scene for every frame, with its time and size and who is in it", async () => {
  const scenes = await all(detectionsToTracks(street(5), { sure: 0.3 }));
  expect(scenes.map(({ at, tracks }) => [at, tracks.length])).toEqual([
    [1_000_000, 0],
    [1_000_040, 0],
    [1_000_080, 1],
    [1_000_120, 1],
    [1_000_160, 1],
  ]);
  expect(scenes[4]).toMatchObject({ camera: "kerb", pts: 160, width: 640, height: 480, tracks: [{ label: "bus" }] });
});

it("begins no track below the score that the model is sure at", async () => {
  const scenes = await all(detectionsToTracks(street(5), { sure: 0.5 }));
  expect(scenes.flatMap(({ tracks }) => tracks)).toEqual([]);
});
