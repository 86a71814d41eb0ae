import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CameraId, instant, Trouble } from "@openkerb/contract";
import { boxInPicture, Fit, placeIn } from "@openkerb/vision";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeClip } from "./made-clip.ts";
import { openRecording, recordedFrames } from "./recorded-frames.ts";

const camera = CameraId.parse("kerb");
const signal = new AbortController().signal;
const sum = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recorded-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("gives every frame of a clip once, in order, at the clip's own times, B-frames or not", async () => {
  const clip = await makeClip(
    join(folder, "b.mp4"),
    "testsrc=size=320x240:rate=10:duration=3",
    ...["-preset", "medium", "-bf", "3"],
  );
  const seen: number[] = [];
  const pictures = new Set<string>();
  const options = { camera, size: { width: 128, height: 96 }, began: instant(5000) };
  for await (const frame of recordedFrames(clip, options, signal)) {
    expect(frame.index).toBe(seen.length);
    expect(frame.at).toBe(5000 + frame.pts);
    expect(frame.data.length).toBe(128 * 96 * 3);
    expect(frame.picture).toEqual({ width: 320, height: 240 });
    seen.push(frame.pts);
    pictures.add(sum(frame.data));
    frame.release?.();
  }
  expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => i * 100));
  expect(pictures.size).toBe(30);
});

it("keeps uneven frame times as they are: none doubled, none moved to a grid", async () => {
  // Every frame is up to 14 ms off the grid of 25 a second, and most are missing.
  const chosen = "testsrc=size=64x64:rate=25:duration=2,settb=1/1000,select='not(mod(n,7))+eq(n,30)+eq(n,31)'";
  const shifted = `${chosen},setpts='PTS+7*mod(round(PTS/40),3)'`;
  const clip = await makeClip(
    join(folder, "uneven.mkv"),
    shifted,
    "-fps_mode",
    "passthrough",
    "-enc_time_base",
    "1:1000",
  );
  const seen: number[] = [];
  for await (const frame of recordedFrames(clip, { camera, size: { width: 64, height: 64 } }, signal))
    seen.push(frame.pts);
  expect(seen).toEqual([0, 7, 14, 21, 28, 30, 31, 35, 42, 49].map((n) => n * 40 + (n % 3) * 7));
});

it.each([
  [25, 15, 30],
  [25, 10, 20],
  [10, 15, 20],
  [30, 15, 30],
])("of %i frames a second keeps at most %i, with their times", async (rate, maxFps, frames) => {
  const clip = await makeClip(join(folder, `r${rate}.mp4`), `testsrc=size=64x64:rate=${rate}:duration=2`);
  const seen: number[] = [];
  for await (const frame of recordedFrames(clip, { camera, size: { width: 64, height: 64 }, maxFps }, signal))
    seen.push(frame.pts);
  expect(Math.abs(seen.length - frames)).toBeLessThanOrEqual(1);
  for (const pts of seen) expect(Math.min(pts % (1000 / rate), -pts % (1000 / rate))).toBeLessThanOrEqual(1);
});

it("puts the picture in the middle of black, whatever its shape", async () => {
  const clip = await makeClip(join(folder, "white.mp4"), "color=white:size=160x80:rate=5:duration=1");
  for (const [width, height, inside] of [
    [64, 64, (_x: number, y: number) => y >= 16 && y < 48],
    [96, 32, (x: number) => x >= 16 && x < 80],
    [64, 32, () => true],
  ] as const) {
    for await (const { data } of recordedFrames(clip, { camera, size: { width, height } }, signal)) {
      const wrong = Array.from({ length: width * height }, (_, i) => i).filter((i) => {
        const light = data[i * 3] ?? -1;
        return inside(i % width, Math.floor(i / width)) ? light < 230 : light > 8;
      });
      expect(wrong).toEqual([]);
    }
  }
});

describe.each([
  [321, 181],
  [181, 321],
  [640, 97],
])("a picture of %i×%i", (across, down) => {
  const block = [40, 30, 100, 60] as const;
  let clip: string;
  beforeAll(async () => {
    const [x, y, w, h] = block;
    const source = `color=black:size=${across}x${down}:rate=5:duration=1,drawbox=x=${x}:y=${y}:w=${w}:h=${h}:color=white:t=fill`;
    // No codec for cameras knows odd sizes with whole colours; this one does.
    clip = await makeClip(join(folder, `${across}x${down}.mkv`), source, "-c:v", "ffv1", "-pix_fmt", "yuv444p");
  });

  const inputs = [
    { width: 416, height: 416 },
    { width: 353, height: 191 },
  ];
  it.each(Fit.options.flatMap((fit) => inputs.map((input) => [fit, input] as const)))(
    "fitted as %s into %o: what is seen there is found where it was, and what is around has its grey",
    async (fit, input) => {
      const view = { ...input, fit };
      for await (const { data, width, height, picture, ...frame } of recordedFrames(
        clip,
        { camera, size: view },
        signal,
      )) {
        expect(frame.fit).toBe(fit);
        const placed = placeIn(picture, { width, height, fit });
        let strange = 0;
        const seen = [width, height, 0, 0] as [number, number, number, number];
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            const light = data[(y * width + x) * 3]!;
            const outside =
              x < placed.left || y < placed.top || x >= placed.left + placed.width || y >= placed.top + placed.height;
            if (outside) strange += light === placed.grey ? 0 : 1;
            else if (light > 127)
              seen.splice(
                0,
                4,
                Math.min(seen[0], x),
                Math.min(seen[1], y),
                Math.max(seen[2], x + 1),
                Math.max(seen[3], y + 1),
              );
          }
        expect(strange).toBe(0);
        const box = boxInPicture(seen, placed, picture)!;
        const pixel = Math.max(across / placed.width, down / placed.height);
        for (const [i, side] of block.entries()) expect(Math.abs(box[i]! - side)).toBeLessThanOrEqual(1 + pixel);
      }
    },
  );
});

it("lets the size be chosen from the picture's own, and says how much there is to do", async () => {
  const clip = await makeClip(join(folder, "wide.mp4"), "testsrc=size=320x180:rate=10:duration=2");
  const half = ({ width, height }: { width: number; height: number }) => ({ width: width / 2, height: height / 2 });
  const recording = await openRecording(clip, { camera, size: half }, signal);
  expect(recording).toMatchObject({
    picture: { width: 320, height: 180 },
    size: { width: 160, height: 90 },
    fps: 10,
    count: 20,
  });
});

it("never writes into a frame that was not given back", async () => {
  const clip = await makeClip(join(folder, "held.mp4"), "testsrc=size=128x128:rate=25:duration=2");
  const held: { data: Uint8Array; sum: string }[] = [];
  for await (const { data, index, release } of recordedFrames(
    clip,
    { camera, size: { width: 128, height: 128 } },
    signal,
  )) {
    if (index % 2) release?.();
    else held.push({ data, sum: sum(data) });
  }
  expect(held).toHaveLength(25);
  for (const frame of held) expect(sum(frame.data)).toBe(frame.sum);
});

it("waits for a slow consumer instead of reading the whole file into memory", async () => {
  const clip = await makeClip(join(folder, "long.mp4"), "color=gray:size=256x256:rate=25:duration=40");
  const before = process.memoryUsage().arrayBuffers;
  const frames = recordedFrames(clip, { camera, size: { width: 512, height: 512 }, ahead: 4 }, signal);
  await frames.next();
  await new Promise((resolve) => setTimeout(resolve, 500));
  // 1000 frames of 768 KB are 786 MB; the few that are read ahead are not.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40e6);
  await frames.return();
});

it("reads a folder of pictures in the order of their names", async () => {
  const pictures = join(folder, "a [folder] of % pictures");
  await mkdir(pictures);
  await makeClip(
    join(pictures, "%%06d.jpg").replace("%%", "%").replace("of % ", "of %% "),
    "testsrc=size=64x48:rate=5:duration=2",
    "-c:v",
    "mjpeg",
  );
  const seen: number[] = [];
  for await (const frame of recordedFrames(pictures, { camera, size: { width: 64, height: 48 }, fps: 5 }, signal))
    seen.push(frame.pts);
  expect(seen).toEqual([0, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800]);
});

it("says what is wrong with a file that is missing, empty or no video", async () => {
  const nothing = join(folder, "nothing.mp4");
  const words = join(folder, "words.mp4");
  const empty = join(folder, "empty");
  await writeFile(words, "These are words, not pictures.\n".repeat(500));
  await mkdir(empty);
  const open = (path: string) => openRecording(path, { camera, size: { width: 64, height: 64 } }, signal);
  await expect(open(nothing)).rejects.toThrow(/nothing\.mp4 does not exist/);
  await expect(open(words)).rejects.toThrow(/words\.mp4 is not a video/);
  await expect(open(empty)).rejects.toThrow(/no pictures in the folder/);
  await expect(open(words)).rejects.toBeInstanceOf(Trouble);
});

it("ends at once when told to stop", async () => {
  const clip = await makeClip(join(folder, "stopped.mp4"), "testsrc=size=64x64:rate=25:duration=20");
  const stop = new AbortController();
  const frames = recordedFrames(clip, { camera, size: { width: 64, height: 64 } }, stop.signal);
  await frames.next();
  stop.abort(new Error("told to stop"));
  await expect(
    (async () => {
      for await (const _ of frames);
    })(),
  ).rejects.toThrow("told to stop");
});
