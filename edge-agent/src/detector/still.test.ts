import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boxInPicture, Fit, placeIn } from "@openkerb/vision";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Detector } from "./detector.ts";
import { detectStill, looksAt, openStill } from "./still.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stills-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const anySize = { input: { size: { step: 32 } } } as never;

/** Finds what is bright: a detector whose answer can be checked to the pixel, in whatever size and mirrored or not. */
const brightness: Detector = {
  model: { name: "brightness", sha256: "" },
  async detect({ data, width, height, picture, fit }) {
    let [left, top, right, bottom] = [width, height, 0, 0];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        if (data[(y * width + x) * 3]! > 127) {
          [left, top] = [Math.min(left, x), Math.min(top, y)];
          [right, bottom] = [Math.max(right, x + 1), Math.max(bottom, y + 1)];
        }
    const box = boxInPicture([left, top, right, bottom], placeIn(picture, { width, height, fit }), picture);
    return box ? [{ label: "car", score: 0.8, box }] : [];
  },
  async [Symbol.asyncDispose]() {},
};

describe("a still", () => {
  it("is looked at in three sizes and mirrored, and every look puts a thing in the same place", async () => {
    const [x, y, width, height] = [300, 60, 200, 120];
    const bright = await sharp({ create: { width, height, channels: 3, background: "white" } })
      .png()
      .toBuffer();
    const file = join(folder, "block.png");
    await sharp({ create: { width: 900, height: 500, channels: 3, background: "black" } })
      .composite([{ input: bright, left: x, top: y }])
      .toFile(file);
    const still = await openStill(file);
    const looks = looksAt(still, anySize);
    expect(looks.map(({ input, mirrored }) => `${input.width}x${input.height}${mirrored ? " mirrored" : ""}`)).toEqual([
      "320x192",
      "320x192 mirrored",
      "512x288",
      "512x288 mirrored",
      "768x416",
      "768x416 mirrored",
    ]);
    const [found, ...rest] = await detectStill(still, looks, brightness, 0.5);
    expect(rest).toEqual([]);
    expect(found!.score).toBeCloseTo(0.8);
    for (const [i, side] of [x, y, width, height].entries()) expect(Math.abs(found!.box[i]! - side)).toBeLessThan(4);
  });

  it.each(Fit.options)("shows a thing where it is, fitted as %s into an input of another shape", async (fit) => {
    const [x, y, width, height] = [300, 60, 200, 120];
    const bright = await sharp({ create: { width, height, channels: 3, background: "white" } })
      .png()
      .toBuffer();
    const file = join(folder, `${fit}.png`);
    await sharp({ create: { width: 901, height: 333, channels: 3, background: "black" } })
      .composite([{ input: bright, left: x, top: y }])
      .toFile(file);
    const still = await openStill(file);
    const square = { input: { size: { width: 416, height: 416 }, fit } } as never;
    const [found] = await detectStill(still, looksAt(still, square), brightness, 0.5);
    for (const [i, side] of [x, y, width, height].entries()) expect(Math.abs(found!.box[i]! - side)).toBeLessThan(5);
  });

  it("is looked at once when a size is asked for, and twice by a network of one size", () => {
    const size = { width: 640, height: 480 };
    expect(looksAt(size, anySize, { width: 320, height: 320 })).toEqual([
      { input: { width: 320, height: 320 }, mirrored: false },
    ]);
    const one = { input: { size: { width: 300, height: 300 } } } as never;
    expect(looksAt(size, one).map((look) => look.mirrored)).toEqual([false, true]);
  });

  it("stands upright as its EXIF says, so that boxes fit what a person sees", async () => {
    const red = await sharp({ create: { width: 20, height: 20, channels: 3, background: "red" } })
      .png()
      .toBuffer();
    const file = join(folder, "turned.jpg");
    // Orientation 6: the camera was held so that the left side of what is stored is the top.
    await sharp({ create: { width: 40, height: 20, channels: 3, background: "blue" } })
      .composite([{ input: red, left: 0, top: 0 }])
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toFile(file);
    const { width, height, data } = await openStill(file);
    expect([width, height, data.length]).toEqual([20, 40, 2400]);
    const pixel = (x: number, y: number): number[] => [...data.subarray((y * 20 + x) * 3, (y * 20 + x) * 3 + 3)];
    expect(pixel(10, 5)[0]).toBeGreaterThan(200);
    expect(pixel(10, 35)[2]).toBeGreaterThan(200);
  });

  it("may be grey, see-through or of 16 bits", async () => {
    const grey = join(folder, "grey.png");
    await sharp({ create: { width: 8, height: 8, channels: 3, background: "#808080" } })
      .toColourspace("grey16")
      .png()
      .toFile(grey);
    const clear = join(folder, "clear.png");
    await sharp({ create: { width: 8, height: 8, channels: 4, background: { r: 255, g: 255, b: 255, alpha: 0 } } })
      .png()
      .toFile(clear);
    expect((await openStill(grey)).data.length).toBe(192);
    expect([...(await openStill(clear)).data.subarray(0, 3)]).toEqual([0, 0, 0]);
  });

  it.each([
    ["cmyk.jpg", (one: Sharp) => one.toColourspace("cmyk").jpeg()],
    ["rgb16.png", (one: Sharp) => one.toColourspace("rgb16").png()],
    ["palette.png", (one: Sharp) => one.png({ palette: true })],
    ["first-of-many.gif", (one: Sharp) => one.gif()],
    ["tiles.tif", (one: Sharp) => one.tiff({ tile: true })],
  ])("of whatever coding has its own colours: %s", async (name, coded) => {
    const file = join(folder, name);
    await coded(sharp({ create: { width: 40, height: 30, channels: 3, background: "#a06050" } })).toFile(file);
    const { width, height, data } = await openStill(file);
    expect([width, height, data.length]).toEqual([40, 30, 3600]);
    for (const [i, value] of [0xa0, 0x60, 0x50].entries()) expect(Math.abs(data[1800 + i]! - value)).toBeLessThan(24);
  });

  it.each([
    [1, 1],
    [20, 20],
    [3000, 7],
    [5, 2000],
  ])("of %i×%i can be looked at, fitted in any way", async (width, height) => {
    const still = { width, height, data: new Uint8Array(width * height * 3).fill(255) };
    for (const fit of Fit.options) {
      const [found] = await detectStill(
        still,
        looksAt(still, { input: { size: { step: 32 }, fit } } as never),
        brightness,
        0.5,
      );
      expect(found!.box[2]).toBeGreaterThan(width * 0.9);
      expect(found!.box[3]).toBeGreaterThan(height * 0.9);
    }
  });

  it("is read though its file has a few stray bytes that a viewer passes over", async () => {
    const file = join(folder, "stray.jpg");
    const whole = await sharp({ create: { width: 16, height: 16, channels: 3, background: "#808080" } })
      .jpeg()
      .toBuffer();
    await writeFile(file, Buffer.concat([whole.subarray(0, 20), Buffer.from([1, 2, 3]), whole.subarray(20)]));
    expect((await openStill(file)).data.length).toBe(768);
  });

  it("that is no picture, or half of one, is refused by name", async () => {
    const text = join(folder, "text.jpg");
    await writeFile(text, "this is no picture");
    await expect(openStill(text)).rejects.toThrow(`${text} is no picture that can be read`);
    const half = join(folder, "half.jpg");
    const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 256));
    const whole = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
      .jpeg()
      .toBuffer();
    await writeFile(half, whole.subarray(0, whole.length / 2));
    await expect(openStill(half)).rejects.toThrow(`${half} is no picture that can be read`);
  });
});
