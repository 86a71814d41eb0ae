import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { roadClasses } from "@openkerb/contract";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { coco80, coco91 } from "../labels.ts";
import { InferenceSession, Tensor } from "../runtime.ts";
import { centernet6, readCenternet } from "./centernet6.ts";
import { cachedSsdlite, ssdlite, unpackSsdlite } from "./ssdlite.ts";

// Loaded late and by require: the package's ESM build is not for Node.
type Tf = typeof import("@tensorflow/tfjs");
const loadTf = async (): Promise<Tf> => {
  const tf = createRequire(import.meta.url)("@tensorflow/tfjs") as Tf;
  await tf.setBackend("cpu");
  return tf;
};

type Files = { json: string; bytes: Uint8Array };
type Spec = { name: string; shape: number[]; dtype: string; quantization?: { dtype: string } };
type Artifacts = {
  modelTopology: { node: { name: string; attr: { shape?: unknown } }[] };
  weightsManifest: { weights: Spec[] }[];
};

const open = (tf: Tf, topology: Artifacts, bytes: Uint8Array) =>
  tf.loadGraphModel({
    load: async () => ({
      format: "graph-model",
      modelTopology: topology.modelTopology,
      weightSpecs: topology.weightsManifest.flatMap((group) => group.weights) as never,
      weightData: new Uint8Array(bytes).buffer,
    }),
  });

/** A real street where there is one: only then the heat maps have peaks. */
async function picturedStreet(width: number, height: number): Promise<Float32Array | undefined> {
  const shared = process.env.OPENKERB_SHARED ?? fileURLToPath(new URL("../../../../../shared", import.meta.url));
  const file = join(shared, "data/images/street.png");
  if (!existsSync(file)) return undefined;
  const pixels = await sharp(file).removeAlpha().resize(width, height, { fit: "fill" }).raw().toBuffer();
  return Float32Array.from(pixels);
}

/** A picture with edges, slopes and noise of all sizes, the same every time: pixels 0 to 255, row by row. */
function testPicture(width: number, height: number): Float32Array {
  let seed = 20_240_229;
  const noise = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  return Float32Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y, c] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3];
    const block = ((x >> 5) + (y >> 6)) % 2 === 0 ? 200 : 40;
    const wave = 40 * Math.sin((x * (c + 1)) / 9) * Math.cos(y / 13);
    return Math.max(0, Math.min(255, Math.round(block + wave + 20 * noise())));
  });
}

const toPlanes = (rows: Float32Array, width: number, height: number): Float32Array => {
  const area = width * height;
  return Float32Array.from({ length: rows.length }, (_, i) => rows[(i % area) * 3 + Math.floor(i / area)]!);
};

const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, value), 0);

const furthest = (pairs: Iterable<readonly [number, number]>): number => {
  let most = 0;
  for (const [a, b] of pairs) most = Math.max(most, Math.abs(a - b));
  return most;
};

/** The graph of the package, made for another size: the size of its input and of its three enlargements. */
function resized({ json, bytes }: Files, width: number, height: number): { artifacts: Artifacts; bytes: Uint8Array } {
  const artifacts = JSON.parse(json) as Artifacts;
  const own = new Uint8Array(bytes);
  let at = 0;
  for (const spec of artifacts.weightsManifest.flatMap((group) => group.weights)) {
    const level = /up_sampling2d(_[12])?\/mul$/.exec(spec.name);
    const divisor = { undefined: 16, _1: 8, _2: 4 }[String(level?.[1])]!;
    if (level) own.set(new Uint8Array(Int32Array.of(height / divisor, width / divisor).buffer), at);
    at += spec.shape.reduce((a, b) => a * b, 1) * (spec.quantization ? 2 : 4);
  }
  const input = artifacts.modelTopology.node.find((node) => node.name === "tower_0/images")!;
  input.attr.shape = { shape: { dim: [1, height, width, 3].map((size) => ({ size: String(size) })) } };
  return { artifacts, bytes: own };
}

describe("centernet6 as converted", () => {
  it.each([
    [512, 512],
    [192, 128],
  ])("answers as tfjs does with the original, at %i×%i", { timeout: 120_000 }, async (width, height) => {
    const tf = await loadTf();
    const files = await readCenternet();
    const original =
      width === 512
        ? { artifacts: JSON.parse(files.json) as Artifacts, bytes: files.bytes }
        : resized(files, width, height);
    const picture = (await picturedStreet(width, height)) ?? testPicture(width, height);

    const graph = await open(tf, original.artifacts, original.bytes);
    const input = tf.tensor4d(picture, [1, height, width, 3]);
    const [heatThere, sidesThere] = (
      graph.execute(input, ["tower_0/keypoints", "tower_0/wh"]) as { dataSync(): Float32Array }[]
    ).map((tensor) => tensor.dataSync()) as [Float32Array, Float32Array];

    const session = await InferenceSession.create(await centernet6.build(), { intraOpNumThreads: 1 });
    const planes = new Tensor("float32", toPlanes(picture, width, height), [1, 3, height, width]);
    const { heat, sides } = await session.run({ picture: planes });
    await session.release();

    const cells = (width / 4) * (height / 4);
    expect(heat!.dims).toEqual([1, roadClasses.length, height / 4, width / 4]);
    const heatPairs = function* (): Generator<readonly [number, number]> {
      for (const [kind, name] of roadClasses.entries())
        for (let cell = 0; cell < cells; cell++)
          yield [
            (heat!.data as Float32Array)[kind * cells + cell]!,
            heatThere[cell * coco80.length + coco80.indexOf(name)]!,
          ];
    };
    const sidePairs = function* (): Generator<readonly [number, number]> {
      for (let side = 0; side < 4; side++)
        for (let cell = 0; cell < cells; cell++)
          yield [(sides!.data as Float32Array)[side * cells + cell]!, sidesThere[cell * 4 + side]!];
    };
    // That there is something to compare: the numbers are not all alike.
    expect(largest(sidesThere)).toBeGreaterThan(20);
    expect(furthest(heatPairs())).toBeLessThanOrEqual(1e-5);
    expect(furthest(sidePairs())).toBeLessThanOrEqual(1e-2);
  });

  it.each([
    [32, 32],
    [640, 352],
    [416, 736],
  ])("gives a quarter of the size, at %i×%i", async (width, height) => {
    const session = await InferenceSession.create(await centernet6.build(), { intraOpNumThreads: 1 });
    const planes = new Tensor("float32", new Float32Array(3 * width * height), [1, 3, height, width]);
    const { heat, sides } = await session.run({ picture: planes });
    await session.release();
    expect(heat!.dims).toEqual([1, 6, height / 4, width / 4]);
    expect(sides!.dims).toEqual([1, 4, height / 4, width / 4]);
  });
});

const tarball = await cachedSsdlite();
if (!tarball)
  console.warn("ssdlite is not compared with tfjs: openkerb models build ssdlite fetches its weights first");

describe.skipIf(!tarball)("ssdlite as converted", () => {
  it("answers as tfjs does with the original", { timeout: 120_000 }, async () => {
    const tf = await loadTf();
    const side = 300;
    const picture = ((await picturedStreet(side, side)) ?? testPicture(side, side)).map((value) => value / 127.5 - 1);
    const { json, bytes } = unpackSsdlite(tarball!);
    const graph = await open(tf, JSON.parse(json) as Artifacts, bytes);
    const input = { "Preprocessor/sub": tf.tensor4d(picture, [1, side, side, 3]) };
    const [scoresThere, boxesThere] = (
      graph.execute(input, ["Postprocessor/Slice", "Postprocessor/ExpandDims_1"]) as { dataSync(): Float32Array }[]
    ).map((tensor) => tensor.dataSync()) as [Float32Array, Float32Array];

    const session = await InferenceSession.create(await ssdlite.build(), { intraOpNumThreads: 1 });
    const planes = new Tensor("float32", toPlanes(picture, side, side), [1, 3, side, side]);
    const { scores, boxes } = await session.run({ picture: planes });
    await session.release();

    const anchors = 1917;
    const scorePairs = function* (): Generator<readonly [number, number]> {
      for (let anchor = 0; anchor < anchors; anchor++)
        for (const [kind, name] of roadClasses.entries())
          yield [
            (scores!.data as Float32Array)[anchor * roadClasses.length + kind]!,
            // The original's slice has already cut the background off, so that class 1 is the first.
            scoresThere[anchor * 90 + coco91.indexOf(name) - 1]!,
          ];
    };
    const boxPairs = function* (): Generator<readonly [number, number]> {
      for (let i = 0; i < anchors * 4; i++) yield [(boxes!.data as Float32Array)[i]! * side, boxesThere[i]! * side];
    };
    expect(largest(scoresThere)).toBeGreaterThan(0.01);
    expect(furthest(scorePairs())).toBeLessThanOrEqual(1e-5);
    expect(furthest(boxPairs())).toBeLessThanOrEqual(1e-2);
  });
});
