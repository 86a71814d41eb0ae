import { type CameraId, type Instant, type Millis, millis } from "@openkerb/contract";
import { expect, it, vi } from "vitest";
import type { Detector } from "./detector/detector.ts";
import { DetectorError } from "./detector/detector-error.ts";
import { scriptedDetector } from "./detector/scripted-detector.ts";
import type { Frame } from "./frames/frames.ts";
import { mendedDetector } from "./mended-detector.ts";

const frame = (index: number): Frame => ({
  camera: "north" as CameraId,
  index,
  pts: 0 as Millis,
  at: 0 as Instant,
  width: 32,
  height: 32,
  data: new Uint8Array(),
  picture: { width: 32, height: 32 },
});
const broken = (): Detector => scriptedDetector([new DetectorError("inference", "the network choked")]);
const sound = (): Detector => scriptedDetector([]);

it("opens a failed detector again, later each time, and says when it looks again", async () => {
  const opens = [broken, () => Promise.reject(new DetectorError("model", "no file")), broken, sound];
  const failures: [string, number][] = [];
  let mended = 0;
  await using detector = await mendedDetector(async () => opens.shift()?.() ?? sound(), {
    signal: new AbortController().signal,
    pause: (n) => millis(n),
    onFailed: ({ trouble }, pause) => failures.push([trouble, pause]),
    onMended: () => mended++,
  });
  await expect(detector.detect(frame(0))).rejects.toThrow("the network choked");
  await expect(detector.detect(frame(0))).rejects.toThrow("being started again");
  await vi.waitFor(async () => expect(await detector.detect(frame(0))).toEqual([]));
  expect(failures).toEqual([
    ["inference", 1],
    ["model", 2],
    ["inference", 3],
  ]);
  expect(mended).toBe(1);
  await detector.detect(frame(1));
  expect(mended).toBe(1);
});

it("fails at once when it cannot be opened in the first place", async () => {
  const opening = mendedDetector(() => Promise.reject(new DetectorError("model", "no file")), {
    signal: new AbortController().signal,
    onFailed: () => undefined,
    onMended: () => undefined,
  });
  await expect(opening).rejects.toThrow("no file");
});

it("does not open another one when it is closed while waiting to", async () => {
  let opened = 0;
  const detector = await mendedDetector(
    async () => {
      opened++;
      return broken();
    },
    {
      signal: new AbortController().signal,
      pause: () => millis(1_000_000),
      onFailed: () => undefined,
      onMended: () => undefined,
    },
  );
  await expect(detector.detect(frame(0))).rejects.toThrow("the network choked");
  await detector[Symbol.asyncDispose]();
  expect(opened).toBe(1);
});

it("passes on a fault that is none of the detector's", async () => {
  const faulty = { ...sound(), detect: () => Promise.reject(new TypeError("a bug")) };
  await using detector = await mendedDetector(async () => faulty, {
    signal: new AbortController().signal,
    onFailed: () => undefined,
    onMended: () => undefined,
  });
  await expect(detector.detect(frame(0))).rejects.toThrow(TypeError);
  await expect(detector.detect(frame(0))).rejects.toThrow(TypeError);
});
