import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { CameraId, instant, millis, seconds } from "@openkerb/contract";
import { expect, it } from "vitest";
import type { Frame } from "./frames.ts";
import { pictureWatch } from "./picture-watch.ts";
import { recordedFrames } from "./recorded-frames.ts";

const camera = CameraId.parse("kerb");
const [width, height] = [320, 192];
type Paint = (x: number, y: number, i: number) => number;

/** A frame whose green is painted; a 4:3 picture, so that there are black bars left and right. */
function frame(i: number, fps: number, paint: Paint): Frame {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) for (let x = 32; x < 288; x += 1) data[(y * width + x) * 3 + 1] = paint(x, y, i);
  const pts = millis((i * 1000) / fps);
  return { camera, index: i, pts, at: instant(pts), width, height, data, picture: { width: 640, height: 480 } };
}

/** What is told of so many seconds at 4 frames a second, as "second: trouble". */
function told(length: number, paint: Paint, options = { frozenAfter: seconds(10), darkAfter: seconds(5) }): string[] {
  const watch = pictureWatch(options);
  return Array.from({ length: length * 4 }, (_, i) => i).flatMap((i) =>
    watch(frame(i, 4, paint)).map(({ trouble, active }) => `${i / 4}: ${trouble} ${active ? "begins" : "ends"}`),
  );
}

const street: Paint = (x, y) => 40 + ((x * 7 + y * 13) % 160);
/** Repeatable noise, which every real sensor has. */
const noise = (x: number, y: number, i: number, most: number): number =>
  (((x * 2654435761 + y * 40503 + i * 2246822519) >>> 9) % (2 * most + 1)) - most;

it("tells of a picture in which nothing ever changes, once, and of its thaw", () => {
  expect(told(30, (x, y, i) => street(x, y, i) + (i < 20 || i >= 90 ? noise(x, y, i, 8) : 0))).toEqual([
    "15.5: frozen begins",
    "22.5: frozen ends",
  ]);
});

it("sees through the tiny differences with which an encoder repeats a still picture", () => {
  expect(told(15, (x, y, i) => street(x, y, i) + noise(x, y, i, 1))).toEqual(["10.5: frozen begins"]);
});

it("does not take a still street for a frozen one: sensors have noise", () => {
  expect(told(30, (x, y, i) => street(x, y, i) + noise(x, y, i, 6))).toEqual([]);
});

it("does not take a street for frozen in which only one small walker moves", () => {
  const walker: Paint = (x, y, i) => (Math.abs(x - 40 - i) < 4 && Math.abs(y - 100) < 8 ? 250 : street(x, y, i));
  expect(told(30, walker)).toEqual([]);
});

it.each<[string, Paint]>([
  ["black", () => 3],
  ["black with noise", (x, y, i) => 6 + noise(x, y, i, 6)],
  ["evenly grey, as a covered lens at noon", (x, y, i) => 90 + noise(x, y, i, 6)],
])("tells of a picture that is %s", (_, paint) => {
  const seen = told(9, (x, y, i) => (i >= 28 ? street(x, y, i) : paint(x, y, i)));
  expect(seen).toEqual(["5: dark begins", "7: dark ends"]);
});

it("does not call a night dark in which a lamp lights the street", () => {
  const night: Paint = (x, y, i) => 8 + noise(x, y, i, 5) + (Math.hypot(x - 100, y - 60) < 30 ? 120 : 0);
  expect(told(30, night)).toEqual([]);
});

it("forgets what it saw before a gap in the stream", () => {
  const watch = pictureWatch({ frozenAfter: seconds(10), darkAfter: seconds(5) });
  const notices = [0, 1, 2, 60, 61, 62].flatMap((i) => watch(frame(i, 1, street)));
  expect(notices).toEqual([]);
});

const shared = resolve(process.env.OPENKERB_SHARED ?? "../shared", "data/video");
it.skipIf(!existsSync(shared)).each(["vtest.avi", "roadside.mp4", "car-park.mp4"])(
  "finds nothing wrong with the real street %s (needs the development data)",
  async (name) => {
    const watch = pictureWatch({ frozenAfter: seconds(3), darkAfter: seconds(1) });
    const options = { camera, size: { width: 512, height: 384 }, maxFps: 2 };
    for await (const seen of recordedFrames(join(shared, name), options, new AbortController().signal))
      expect(watch(seen)).toEqual([]);
  },
);
