import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { type CameraId, instant, millis } from "@openkerb/contract";
import { buildModels, encodeModel, Manifest, type OpenModel, openModel } from "@openkerb/vision";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Frame } from "../frames/frames.ts";
import type { Detector } from "./detector.ts";
import { DetectorError } from "./detector-error.ts";
import { onnxDetector } from "./onnx-detector.ts";
import { scriptedDetector } from "./scripted-detector.ts";
import { threadDetector } from "./thread-detector.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "detector-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/**
 * A network of one detection that depends on the picture: its mean red is the left, its mean green the top of a box of
 * 10×10, and it is sure by 0.9. So a test can tell from an answer which picture it belongs to.
 */
async function telling(name: string, more: Partial<Manifest> = {}): Promise<OpenModel> {
  const network = encodeModel({
    name: "telling",
    nodes: [
      { type: "Conv", inputs: ["picture", "corners", "size"], outputs: ["map"] },
      { type: "GlobalAveragePool", inputs: ["map"], outputs: ["mean"] },
      { type: "Reshape", inputs: ["mean", "row"], outputs: ["box"] },
      { type: "Concat", inputs: ["box", "sure"], outputs: ["answer"], attributes: { axis: 2 } },
    ],
    initialisers: [
      {
        name: "corners",
        shape: [4, 3, 1, 1],
        type: "float32",
        data: Float32Array.of(1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0),
      },
      { name: "size", shape: [4], type: "float32", data: Float32Array.of(0, 0, 10, 10) },
      { name: "row", shape: [3], type: "int64", data: BigInt64Array.of(1n, 1n, 4n) },
      { name: "sure", shape: [1, 1, 2], type: "float32", data: Float32Array.of(0.9, 0) },
    ],
    inputs: [{ name: "picture", shape: [1, 3, "height", "width"] }],
    outputs: [{ name: "answer", shape: [1, 1, 6] }],
  });
  const path = join(folder, `${name}.onnx`);
  await writeFile(path, network);
  const manifest = Manifest.parse({
    version: 1,
    name,
    sha256: createHash("sha256").update(network).digest("hex"),
    source: "this test",
    licence: "Apache-2.0",
    decoder: "yolo-nms",
    classes: ["person"],
    input: {
      layout: "nchw",
      type: "float32",
      channels: "rgb",
      mean: [0, 0, 0],
      factor: [1, 1, 1],
      size: { step: 32 },
    },
    threshold: 0.5,
    overlap: 0.5,
    ...more,
  });
  return { manifest, path };
}

const frame = (camera: string, red: number, green: number, width = 64, height = 64): Frame => {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i += 3) data.set([red, green, 7], i);
  const picture = { width: width * 10, height: height * 10 };
  return { camera: camera as CameraId, index: 0, pts: millis(0), at: instant(0), width, height, data, picture };
};

const left = async (detector: Detector, of: Frame): Promise<number> => {
  const [found] = await detector.detect(of);
  return found!.box[0];
};

const troubleOf = async (doing: Promise<unknown>): Promise<[string, boolean]> => {
  const err = await doing.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(err).toBeInstanceOf(DetectorError);
  return [(err as DetectorError).trouble, (err as DetectorError).passing];
};

describe("the detector in a thread", () => {
  it("says which model it runs and answers in pixels of the original picture", async () => {
    const model = await telling("plain");
    await using detector = await onnxDetector({ model });
    expect(detector.model).toEqual({ name: "plain", sha256: model.manifest.sha256 });
    const [found, ...rest] = await detector.detect(frame("one", 20, 40));
    expect(rest).toEqual([]);
    expect(found!.label).toBe("person");
    expect(found!.score).toBeCloseTo(0.9);
    // The picture is ten times as large as the network's input.
    expect(found!.box.map((side) => Math.round(side))).toEqual([200, 400, 100, 100]);
  });

  it("tells a network the size of the picture when it asks for that beside it, as D-FINE does", async () => {
    const network = encodeModel({
      name: "asking",
      nodes: [
        { type: "Cast", inputs: ["orig_target_sizes"], outputs: ["size"], attributes: { to: 1 } },
        { type: "Concat", inputs: ["none", "size"], outputs: ["corners"], attributes: { axis: 1 } },
        { type: "Reshape", inputs: ["corners", "row"], outputs: ["boxes"] },
        { type: "Identity", inputs: ["kinds"], outputs: ["labels"] },
        { type: "ReduceMean", inputs: ["images"], outputs: ["mean"], attributes: { axes: [2, 3], keepdims: 0 } },
        { type: "Slice", inputs: ["mean", "from", "to", "axis"], outputs: ["scores"] },
      ],
      initialisers: [
        { name: "none", shape: [1, 2], type: "float32", data: Float32Array.of(0, 0) },
        { name: "row", shape: [3], type: "int64", data: BigInt64Array.of(1n, 1n, 4n) },
        { name: "kinds", shape: [1, 1], type: "float32", data: Float32Array.of(0) },
        { name: "from", shape: [1], type: "int64", data: BigInt64Array.of(0n) },
        { name: "to", shape: [1], type: "int64", data: BigInt64Array.of(1n) },
        { name: "axis", shape: [1], type: "int64", data: BigInt64Array.of(1n) },
      ],
      // The size comes first here: the picture is known by its four dimensions, not by its place.
      inputs: [
        { name: "orig_target_sizes", shape: [1, 2], type: "int64" },
        { name: "images", shape: [1, 3, 64, 96] },
      ],
      outputs: [
        { name: "labels", shape: [1, 1] },
        { name: "boxes", shape: [1, 1, 4] },
        { name: "scores", shape: [1, 1] },
      ],
    });
    const path = join(folder, "asking.onnx");
    await writeFile(path, network);
    const { manifest } = await telling("asking-too", {
      decoder: "rt-detr",
      input: {
        ...{ layout: "nchw", type: "float32", channels: "rgb", mean: [0, 0, 0] },
        ...{ factor: [1 / 255, 1 / 255, 1 / 255], size: { width: 96, height: 64 }, fit: "stretch" },
      },
    });
    await using detector = await onnxDetector({ model: { manifest, path } });
    const [found] = await detector.detect(frame("one", 200, 0, 96, 64));
    expect(found!.score).toBeCloseTo(200 / 255);
    expect(found!.box.map((side) => Math.round(side))).toEqual([0, 0, 960, 640]);
  });

  it("shows halves to a network that wants halves, and reads halves from it", async () => {
    const network = encodeModel({
      name: "halves",
      nodes: [
        { type: "ReduceMean", inputs: ["picture"], outputs: ["mean"], attributes: { axes: [2, 3], keepdims: 0 } },
        { type: "Concat", inputs: ["mean", "rest"], outputs: ["row"], attributes: { axis: 1 } },
        { type: "Reshape", inputs: ["row", "shape"], outputs: ["answer"] },
      ],
      initialisers: [
        // 64, 0.75 and class 0 as halves: the row is mean red, mean green, mean blue, 64, 0.75, 0.
        { name: "rest", shape: [1, 3], type: "float16", data: Uint16Array.of(0x5400, 0x3a00, 0) },
        { name: "shape", shape: [3], type: "int64", data: BigInt64Array.of(1n, 1n, 6n) },
      ],
      inputs: [{ name: "picture", shape: [1, 3, 64, 64], type: "float16" }],
      outputs: [{ name: "answer", shape: [1, 1, 6], type: "float16" }],
    });
    const path = join(folder, "halves.onnx");
    await writeFile(path, network);
    const { manifest } = await telling("halves-too");
    const input: Manifest["input"] = { ...manifest.input, type: "float16", factor: [1, 1, 4] };
    await using detector = await onnxDetector({
      model: { manifest: { ...manifest, input }, path },
    });
    const [found] = await detector.detect(frame("one", 20, 40));
    expect(found!.score).toBeCloseTo(0.75);
    expect(found!.box.map((side) => Math.round(side))).toEqual([200, 400, 80, 240]);
  });

  it("takes as many answers as there are, when a network gives more of them for one picture than for another", async () => {
    // As many boxes as the mean red of the picture; all in the same place.
    const network = encodeModel({
      name: "counting",
      nodes: [
        { type: "ReduceMean", inputs: ["picture"], outputs: ["mean"], attributes: { axes: [2, 3], keepdims: 0 } },
        { type: "Slice", inputs: ["mean", "from", "to", "axis"], outputs: ["red"] },
        { type: "Cast", inputs: ["red"], outputs: ["wide"], attributes: { to: 7 } },
        { type: "Reshape", inputs: ["wide", "to"], outputs: ["count"] },
        { type: "Concat", inputs: ["to", "count", "to"], outputs: ["shape"], attributes: { axis: 0 } },
        { type: "Expand", inputs: ["box", "shape"], outputs: ["dets"] },
        { type: "Expand", inputs: ["sure", "shape"], outputs: ["labels"] },
      ],
      initialisers: [
        { name: "from", shape: [1], type: "int64", data: BigInt64Array.of(0n) },
        { name: "to", shape: [1], type: "int64", data: BigInt64Array.of(1n) },
        { name: "axis", shape: [1], type: "int64", data: BigInt64Array.of(1n) },
        { name: "box", shape: [1, 1, 4], type: "float32", data: Float32Array.of(0.5, 0.5, 0.5, 0.5) },
        { name: "sure", shape: [1, 1, 1], type: "float32", data: Float32Array.of(9) },
      ],
      inputs: [{ name: "picture", shape: [1, 3, 64, 64] }],
      outputs: [
        { name: "dets", shape: [1, "count", 4] },
        { name: "labels", shape: [1, "count", 1] },
      ],
    });
    const path = join(folder, "counting.onnx");
    await writeFile(path, network);
    const { manifest } = await telling("counting-too", { decoder: "rf-detr" });
    await using detector = await onnxDetector({ model: { manifest, path } });
    const counts = [3, 50, 1, 0, 7];
    for (const red of counts) expect(await detector.detect(frame("one", red, 0))).toHaveLength(red);
  });

  it("leaves out what scores below the threshold that was asked for", async () => {
    await using detector = await onnxDetector({ model: await telling("strict"), threshold: 0.95 });
    expect(await detector.detect(frame("one", 20, 40))).toEqual([]);
  });

  it("gives every frame its own answer, however many wait, of several sizes, from shared memory and from own", async () => {
    await using detector = await onnxDetector({ model: await telling("many") });
    const sizes = [64, 96, 128] as const;
    const frames = Array.from({ length: 60 }, (_, i) => {
      const made = frame(`camera-${i % 3}`, i, 1, sizes[i % 3], 64);
      if (i % 2 === 0) return made;
      const shared = new Uint8Array(new SharedArrayBuffer(made.data.length));
      shared.set(made.data);
      return { ...made, data: shared };
    });
    const answers = await Promise.all(frames.map((one) => left(detector, one)));
    expect(answers.map(Math.round)).toEqual(frames.map((_, i) => i * 10));
  });

  it("knows which memory a frame lies in, although more of them come than are remembered", async () => {
    await using detector = await onnxDetector({ model: await telling("memories") });
    const drawn = (i: number): Frame => {
      const made = frame("street", i % 60, 1);
      // Two pictures in one piece of memory, as nothing says that a picture begins where its memory does.
      const shared = new Uint8Array(
        new SharedArrayBuffer(2 * made.data.length),
        (i % 2) * made.data.length,
        made.data.length,
      );
      shared.set(made.data);
      return { ...made, data: shared };
    };
    const frames = Array.from({ length: 90 }, (_, i) => drawn(i));
    for (const round of [frames, [...frames].reverse()]) {
      const answers = await Promise.all(round.map((one) => left(detector, one)));
      expect(answers.map(Math.round)).toEqual(round.map((one) => (one.data[0] ?? 0) * 10));
    }
  });

  it("serves cameras in turn: one that asks for much does not keep another waiting", async () => {
    await using detector = await onnxDetector({ model: await telling("fair") });
    const order: string[] = [];
    const ask = async (camera: string, nth: number): Promise<void> => {
      await detector.detect(frame(camera, 1, 1));
      order.push(`${camera}${nth}`);
    };
    const busy = Array.from({ length: 10 }, (_, i) => ask("busy", i));
    const quiet = [ask("quiet", 0), ask("quiet", 1)];
    await Promise.all([...busy, ...quiet]);
    // Two frames were under way when the quiet camera came; from then on they alternate.
    expect(order.indexOf("quiet0")).toBeLessThanOrEqual(3);
    expect(order.indexOf("quiet1")).toBeLessThanOrEqual(5);
    expect(order.filter((one) => one.startsWith("busy"))).toEqual(busy.map((_, i) => `busy${i}`));
  });

  it("fails on a frame that is not as large as it says, and goes on with the next", async () => {
    await using detector = await onnxDetector({ model: await telling("torn") });
    const torn = { ...frame("one", 1, 1), data: new Uint8Array(100) };
    expect(await troubleOf(detector.detect(torn))).toEqual(["inference", true]);
    expect(Math.round(await left(detector, frame("one", 3, 3)))).toBe(30);
  });

  it("says that a file is no network, and that trying again will not help", async () => {
    const model = await telling("broken");
    await writeFile(model.path, "this is no network");
    expect(await troubleOf(onnxDetector({ model }))).toEqual(["model", false]);
  });

  it("says so when the network's answers are not what its manifest promises", async () => {
    await using detector = await onnxDetector({ model: await telling("liar", { decoder: "yolov8" }) });
    const err = await detector.detect(frame("one", 1, 1)).catch((caught: unknown) => caught as DetectorError);
    expect(err).toMatchObject({ trouble: "model", message: expect.stringContaining("yolov8 needs") });
  });

  it("fails what is waiting and everything later when it is closed", async () => {
    const detector = await onnxDetector({ model: await telling("closed") });
    const waiting = [1, 2, 3, 4].map((i) => troubleOf(detector.detect(frame("one", i, i))));
    await detector[Symbol.asyncDispose]();
    expect((await Promise.all(waiting)).at(-1)).toEqual(["closed", false]);
    expect(await troubleOf(detector.detect(frame("one", 1, 1)))).toEqual(["closed", false]);
    await detector[Symbol.asyncDispose]();
  });

  it("fails what is under way with a passing error when its thread is lost, and everything later", async () => {
    const script = `
      const { parentPort } = require("node:worker_threads");
      parentPort.postMessage({ kind: "ready" });
      parentPort.on("message", () => { throw new Error("out of memory"); });
    `;
    await using detector = await threadDetector(new Worker(script, { eval: true }), { name: "lost", sha256: "" });
    const err = await detector.detect(frame("one", 1, 1)).catch((caught: unknown) => caught);
    expect(err).toMatchObject({ trouble: "lost", passing: true, message: expect.stringContaining("out of memory") });
    expect(await troubleOf(detector.detect(frame("one", 1, 1)))).toEqual(["lost", true]);
  });

  it("says when its thread ends before it is ready", async () => {
    const ended = threadDetector(new Worker("", { eval: true }), { name: "lost", sha256: "" });
    expect(await troubleOf(ended)).toEqual(["lost", true]);
  });

  it("leaves the main thread free while the network runs", async () => {
    await buildModels({ folder, names: ["centernet6"] });
    await using detector = await onnxDetector({ model: await openModel("centernet6", folder) });
    await detector.detect(frame("one", 90, 90, 640, 352));
    let turns = 0;
    let done = false;
    const counting = (async () => {
      while (!done) {
        await new Promise((resolve) => setImmediate(resolve));
        turns += 1;
      }
    })();
    await Promise.all(Array.from({ length: 5 }, () => detector.detect(frame("one", 90, 90, 640, 352))));
    done = true;
    await counting;
    // On this thread the five runs would let the loop turn a handful of times.
    expect(turns).toBeGreaterThan(50);
  });
});

describe("the scripted detector", () => {
  it("answers as written, then with nothing, and not after it is closed", async () => {
    const seen = { label: "car", score: 0.8, box: [1, 2, 3, 4] } as const;
    const detector = scriptedDetector([[seen], new DetectorError("inference", "as written")]);
    expect(await detector.detect(frame("one", 1, 1))).toEqual([seen]);
    expect(await troubleOf(detector.detect({ ...frame("one", 1, 1), index: 1 }))).toEqual(["inference", true]);
    expect(await detector.detect({ ...frame("one", 1, 1), index: 2 })).toEqual([]);
    await detector[Symbol.asyncDispose]();
    expect(await troubleOf(detector.detect(frame("one", 1, 1)))).toEqual(["closed", false]);
  });
});
