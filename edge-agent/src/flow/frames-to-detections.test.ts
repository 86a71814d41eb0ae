import type { CameraId, Instant, Millis } from "@openkerb/contract";
import { expect, it } from "vitest";
import type { Frame } from "../frames/frames.ts";
import { framesToDetections } from "./frames-to-detections.ts";

const frame = (index: number): Frame => ({
  camera: "north" as CameraId,
  index,
  pts: (index * 100) as Millis,
  at: (1_700_000_000_000 + index * 100) as Instant,
  width: 32,
  height: 32,
  data: new Uint8Array(32 * 32 * 3),
  picture: { width: 640, height: 360 },
});

async function* recording(count: number, asked: number[] = []): AsyncGenerator<Frame, void, undefined> {
  for (let i = 0; i < count; i++) {
    asked.push(i);
    yield frame(i);
  }
}

const detector = (detect: (frame: Frame) => Promise<[]>) => ({ detect });
const indexes = async (stage: AsyncIterable<{ index: number }>): Promise<number[]> => {
  const all: number[] = [];
  for await (const { index } of stage) all.push(index);
  return all;
};

it.each([1, 2, 5])("gives an answer for every frame, in order, with %i in the detector at once", async (ahead) => {
  let most = 0;
  let now = 0;
  const eager = detector(async ({ index }) => {
    most = Math.max(most, ++now);
    // Later frames are answered sooner, so that order is the stage's own doing.
    for (let i = 0; i < 10 - index; i++) await new Promise(setImmediate);
    now--;
    return [];
  });
  expect(await indexes(framesToDetections(recording(10), eager, { ahead }))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(most).toBe(ahead);
});

it("does not ask for another frame while the detector is busy", async () => {
  const asked: number[] = [];
  let answer: (found: []) => void = () => undefined;
  const answered = new Promise<[]>((resolve) => {
    answer = resolve;
  });
  const stage = framesToDetections(
    recording(3, asked),
    detector(() => answered),
  );
  const first = stage.next();
  await new Promise((done) => setTimeout(done, 20));
  expect(asked).toEqual([0]);
  answer([]);
  expect((await first).value).toMatchObject({ index: 0, width: 640, height: 360, detections: [] });
  await stage.return();
});

it("hands on an answer before the next frame has come", async () => {
  async function* slow(): AsyncGenerator<Frame, void, undefined> {
    yield frame(0);
    await new Promise(() => undefined);
  }
  const stage = framesToDetections(
    slow(),
    detector(async () => []),
    { ahead: 2 },
  );
  expect((await stage.next()).value).toMatchObject({ index: 0 });
});

it("gives a frame's buffer back once the detector has looked at it, found or failed, and not before", async () => {
  const log: string[] = [];
  async function* lent(): AsyncGenerator<Frame, void, undefined> {
    for (let i = 0; i < 3; i++) yield { ...frame(i), release: () => log.push(`back ${i}`) };
  }
  const watched = detector(async ({ index }) => {
    await new Promise(setImmediate);
    log.push(`looked ${index}`);
    if (index === 1) throw new Error("the network choked");
    return [];
  });
  await indexes(framesToDetections(lent(), watched, { onFailed: () => undefined }));
  expect(log).toEqual(["looked 0", "back 0", "looked 1", "back 1", "looked 2", "back 2"]);
});

it("skips a frame the detector failed on when somebody was told", async () => {
  const told: number[] = [];
  const moody = detector(async ({ index }) => {
    if (index === 1) throw new Error("the network choked");
    return [];
  });
  const stage = framesToDetections(recording(3), moody, { onFailed: (_err, { index }) => told.push(index) });
  expect(await indexes(stage)).toEqual([0, 2]);
  expect(told).toEqual([1]);
});

it("ends with the detector's failure, and closes the camera, when nobody asked to be told", async () => {
  let closed = false;
  async function* camera(): AsyncGenerator<Frame, void, undefined> {
    try {
      for (let i = 0; ; i++) yield frame(i);
    } finally {
      closed = true;
    }
  }
  const broken = detector(() => Promise.reject(new Error("the network choked")));
  await expect(indexes(framesToDetections(camera(), broken))).rejects.toThrow("the network choked");
  expect(closed).toBe(true);
});
