import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Trouble } from "@openkerb/contract";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeModel } from "../onnx/model.ts";
import { checkHash } from "../sources/source.ts";
import { type AddOptions, addModel } from "./add-model.ts";
import { type BuildStep, buildModels } from "./build-models.ts";
import { fetchFile } from "./fetch-file.ts";
import { sha256 } from "./files.ts";
import { installedModels, openModel } from "./open-model.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "models-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const never = new AbortController().signal;

/** What went wrong, as a person reads it: the message and what to do. */
async function trouble(doing: Promise<unknown>): Promise<string> {
  const err = await doing.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(err).toBeInstanceOf(Trouble);
  return `${(err as Trouble).message} → ${(err as Trouble).next}`;
}

/** A network that answers the same to every picture: zeros of the given shape. */
const steady = (shape: readonly number[], input: readonly number[] = [1, 3, 64, 64]): Uint8Array =>
  encodeModel({
    name: "steady",
    nodes: [{ type: "Identity", inputs: ["zeros"], outputs: ["answer"] }],
    initialisers: [{ name: "zeros", shape, type: "float32", data: new Float32Array(shape.reduce((a, b) => a * b, 1)) }],
    inputs: [{ name: "picture", shape: input }],
    outputs: [{ name: "answer", shape }],
  });

describe("building", () => {
  it("makes the shipped model from nothing, whole, with its manifest and nothing else", async () => {
    const steps: BuildStep[] = [];
    await buildModels({ folder, onProgress: (step) => steps.push(step) });
    expect(steps.map(({ name, step }) => `${name} ${step}`)).toEqual([
      "centernet6 checking",
      "centernet6 building",
      "centernet6 ready",
    ]);
    expect((await readdir(folder)).sort()).toEqual(["centernet6.json", "centernet6.onnx"]);
    const { manifest, path } = await openModel("centernet6", folder);
    expect(sha256(await readFile(path))).toBe(manifest.sha256);
    expect(manifest.licence).toContain("names no licence");
  });

  it("only looks the second time, and builds anew what was cut off", async () => {
    await buildModels({ folder });
    const file = join(folder, "centernet6.onnx");
    const before = await stat(file);
    const again: string[] = [];
    await buildModels({ folder, onProgress: ({ step }) => again.push(step) });
    expect(again).toEqual(["checking", "ready"]);
    expect((await stat(file)).ino).toBe(before.ino);

    await truncate(file, before.size - 1);
    await buildModels({ folder });
    expect((await stat(file)).size).toBe(before.size);
    await openModel("centernet6", folder);
  });

  it.each([
    ["/proc/nope", /^\/proc\/nope cannot be made: the folder above it takes nothing\. → OPENKERB_HOME/],
    ["/proc/nope/deeper/models", /^\/proc\/nope cannot be made: the folder above it takes nothing\./],
    [import.meta.filename, /models\.test\.ts cannot be made: there is a file of that name\./],
    [join(import.meta.filename, "models"), /models cannot be made: a part of the path is no folder\./],
  ])("says so instead of waiting for ever when nothing can be put into %s", async (place, words) => {
    expect(await trouble(buildModels({ folder: place }))).toMatch(words);
  });

  it("says that a file cannot be written, and leaves nothing half written behind", async () => {
    await mkdir(join(folder, "centernet6.onnx"));
    expect(await trouble(buildModels({ folder }))).toMatch(
      /centernet6\.onnx cannot be written: there is a folder of that/,
    );
    expect(await readdir(folder)).toEqual(["centernet6.onnx"]);
  });

  it("may be done by several at once", async () => {
    await Promise.all([1, 2, 3].map(() => buildModels({ folder })));
    expect((await readdir(folder)).sort()).toEqual(["centernet6.json", "centernet6.onnx"]);
    await openModel("centernet6", folder);
  });

  it("names what it can build when asked for something else", async () => {
    expect(await trouble(buildModels({ folder, names: ["yolo"] }))).toMatch(
      /No model called yolo.*centernet6 and ssdlite/,
    );
  });

  it("refuses weights or a result with another hash, and says both hashes", () => {
    const bytes = Buffer.from("other");
    expect(() => checkHash("centernet.bin", bytes, "0".repeat(64), "Run npm ci.")).toThrow(
      `centernet.bin is not the file it should be: its SHA-256 is ${sha256(bytes)}, expected ${"0".repeat(64)}.`,
    );
    expect(() => checkHash("centernet.bin", bytes, sha256(bytes), "")).not.toThrow();
  });
});

describe("opening", () => {
  it("says what to do when a model is not there", async () => {
    expect(await trouble(openModel("centernet6", folder))).toMatch(
      /There is no model centernet6.*models build centernet6/,
    );
    expect(await trouble(openModel("mine", folder))).toMatch(/There is no model mine.*models add/);
    expect(await trouble(openModel("../../etc/passwd", folder))).toMatch(/is no name of a model/);
  });

  it("refuses a file that is cut off or missing, and a manifest with a mistake", async () => {
    await buildModels({ folder });
    await truncate(join(folder, "centernet6.onnx"), 1000);
    expect(await trouble(openModel("centernet6", folder))).toMatch(/is damaged.*models build centernet6/);
    await rm(join(folder, "centernet6.onnx"));
    expect(await trouble(openModel("centernet6", folder))).toMatch(/is missing/);
    await writeFile(join(folder, "centernet6.json"), '{"version": 1, "name": "centernet6", "colour": "red"}');
    expect(await trouble(openModel("centernet6", folder))).toMatch(/cannot be read.*colour/s);
    await writeFile(join(folder, "centernet6.json"), "{");
    expect(await trouble(openModel("centernet6", folder))).toMatch(/cannot be read/);
  });
});

describe("adding one's own", () => {
  const adding = (network: Uint8Array, more: Partial<AddOptions> = {}): Promise<unknown> =>
    addModel({
      name: "mine",
      network,
      sha256: sha256(network),
      decoder: "yolov8",
      source: "a friend",
      licence: "MIT",
      folder,
      ...more,
    });
  // 64×64 has 8×8 + 4×4 + 2×2 = 84 cells.
  const yolo = steady([1, 84, 84]);

  it("takes in a network whose answers fit, and finds out the rest", async () => {
    await adding(yolo);
    const { manifest, path } = await openModel("mine", folder);
    expect(manifest.classes).toHaveLength(80);
    expect(manifest.input).toEqual({
      layout: "nchw",
      type: "float32",
      channels: "rgb",
      mean: [0, 0, 0],
      factor: [1 / 255, 1 / 255, 1 / 255],
      size: { width: 64, height: 64 },
      fit: "centre-grey",
    });
    expect(sha256(await readFile(path))).toBe(sha256(yolo));
    await adding(yolo);
    expect((await installedModels(folder)).manifests).toHaveLength(1);
  });

  it("fits pictures as the family's authors do, or as it is told to, also where a manifest says nothing of it", async () => {
    await adding(yolo, { fit: "corner-grey" });
    expect((await openModel("mine", folder)).manifest.input.fit).toBe("corner-grey");
    const path = join(folder, "mine.json");
    const { input, ...rest } = JSON.parse(await readFile(path, "utf8"));
    await writeFile(path, JSON.stringify({ ...rest, input: { ...input, fit: undefined } }));
    expect((await openModel("mine", folder)).manifest.input.fit).toBe("centre-grey");
    await writeFile(path, JSON.stringify({ ...rest, decoder: "rt-detr", input: { ...input, fit: undefined } }));
    expect((await openModel("mine", folder)).manifest.input.fit).toBe("stretch");
    await writeFile(path, JSON.stringify({ ...rest, input: { ...input, fit: "squeeze" } }));
    expect(await trouble(openModel("mine", folder))).toMatch(/cannot be read.*fit/s);
  });

  it("tells a broken manifest by its name and still shows the others", async () => {
    await adding(yolo);
    await writeFile(join(folder, "broken.json"), "{");
    const { manifests, troubles } = await installedModels(folder);
    expect(manifests.map(({ name }) => name)).toEqual(["mine"]);
    expect(troubles.map(({ message }) => message)).toEqual([expect.stringContaining("broken.json cannot be read")]);
  });

  it("refuses another hash before anything else", async () => {
    expect(await trouble(adding(yolo, { sha256: "0".repeat(64) }))).toMatch(/another SHA-256 than you gave/);
    expect(await readdir(folder)).toEqual([]);
  });

  it("refuses a file that is cut off, and one that is no network", async () => {
    expect(await trouble(adding(yolo.subarray(0, yolo.length / 2)))).toMatch(/not a network that can be run.*cut off/);
    expect(await trouble(adding(Buffer.from("<html>404</html>")))).toMatch(/not a network that can be run/);
    expect(await readdir(folder)).toEqual([]);
  });

  it("refuses answers of another shape, shows them, and says what they look like", async () => {
    const other = await trouble(adding(steady([1, 84, 85])));
    expect(other).toMatch(/do not fit the decoder yolov8.*answer \[1, 84, 85\].*They look like yolox/);
    expect(await trouble(adding(steady([1, 7])))).toMatch(/answer \[1, 7\].*other layouts cannot be read/);
  });

  it("takes in a network of halves, and refuses one that wants several pictures at once", async () => {
    const halves = encodeModel({
      name: "halves",
      nodes: [
        { type: "ReduceMean", inputs: ["picture"], outputs: ["mean"], attributes: { axes: [1, 2, 3], keepdims: 0 } },
        { type: "Expand", inputs: ["mean", "shape"], outputs: ["answer"] },
      ],
      initialisers: [{ name: "shape", shape: [3], type: "int64", data: BigInt64Array.of(1n, 84n, 84n) }],
      inputs: [{ name: "picture", shape: [1, 3, 64, 64], type: "float16" }],
      outputs: [{ name: "answer", shape: [1, 84, 84], type: "float16" }],
    });
    await adding(halves);
    expect((await openModel("mine", folder)).manifest.input.type).toBe("float16");
    expect(await trouble(adding(steady([1, 84, 84], [8, 3, 64, 64]), { name: "batch" }))).toMatch(
      /takes no picture: its inputs are float32 \[8,3,64,64\].*float16 or uint8 with the shape \[1, 3/,
    );
  });

  it("refuses a network that takes no picture", async () => {
    expect(await trouble(adding(steady([1, 84, 84], [1, 16])))).toMatch(
      /takes no picture: its inputs are float32 \[1,16\]/,
    );
  });

  it("refuses classes without road users, and names that are taken", async () => {
    const cats = ["cat", "dog"];
    expect(await trouble(adding(steady([1, 6, 84]), { classes: cats }))).toMatch(/None of the network's classes/);
    expect(await trouble(adding(yolo, { name: "centernet6" }))).toMatch(/is built here.*--name/);
    await adding(yolo);
    expect(await trouble(adding(steady([1, 10, 84])))).toMatch(/already another model called mine/);
  });

  it("fetches from an address and says when there is nothing", async () => {
    const server = createServer((request, response) => {
      response.statusCode = request.url === "/mine.onnx" ? 200 : 404;
      response.end(request.url === "/mine.onnx" ? yolo : "gone");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect(sha256(await fetchFile(`${root}/mine.onnx`, never))).toBe(sha256(yolo));
      expect(await trouble(fetchFile(`${root}/other.onnx`, never))).toMatch(/the server answered 404/);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    expect(await trouble(fetchFile(`${root}/mine.onnx`, never))).toMatch(
      /cannot be fetched: \w+.*give the file instead/,
    );
    expect(await trouble(fetchFile(join(folder, "none.onnx"), never))).toMatch(/cannot be read/);
  });

  it("gives up a download that is cut off, and one that stands still", async () => {
    const server = createServer((request, response) => {
      response.writeHead(200, { "content-length": yolo.length });
      response.write(yolo.subarray(0, 1000));
      if (request.url === "/cut") response.socket?.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect(await trouble(fetchFile(`${root}/cut`, never))).toMatch(/cannot be fetched: .+give the file instead/);
      expect(await trouble(fetchFile(`${root}/still`, never, undefined, 200))).toMatch(
        /cannot be fetched: the server sent nothing for 0\.2 s/,
      );
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
