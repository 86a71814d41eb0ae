import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { roadClasses, Trouble } from "@openkerb/contract";
import { convert } from "../convert/convert.ts";
import { fuseHardSwish } from "../convert/hard-swish.ts";
import { keepChannels } from "../convert/surgery.ts";
import { coco80 } from "../labels.ts";
import { readGraph, type TfGraph } from "../tfjs/graph.ts";
import { checkHash, type Pinned, type Source } from "./source.ts";

const graphFile: Pinned = {
  file: "models/centernet.json",
  sha256: "bfb942eaacc5becf738d536663bc4580a0ae9e560722306e6d4dd7fe4a09de05",
};
const weightsFile: Pinned = {
  file: "models/centernet.bin",
  sha256: "1b635a15009071f506f9f2b3519b31c072c534888989f30d269ffd44734ef7ef",
};

/** The two weight files of the package, checked. */
export async function readCenternet(): Promise<{ json: string; bytes: Uint8Array }> {
  const read = async ({ file, sha256 }: Pinned): Promise<Uint8Array> => {
    let path: string;
    try {
      // The package exports its code only, so the way to its weights starts at its main file.
      path = join(dirname(createRequire(import.meta.url).resolve("@vladmandic/human")), "..", file);
    } catch (cause) {
      throw new Trouble("The package @vladmandic/human is not installed.", "Run npm ci, then build again.", { cause });
    }
    const bytes = await readFile(path);
    checkHash(`${file} of @vladmandic/human`, bytes, sha256, "Run npm ci to get the package as it was published.");
    return bytes;
  };
  const [json, bytes] = await Promise.all([read(graphFile), read(weightsFile)]);
  return { json: Buffer.from(json).toString(), bytes };
}

/** The graph with a heat map for each road class instead of for each of COCO's 80. */
const onlyRoadClasses = (graph: TfGraph): TfGraph =>
  keepChannels(
    graph,
    ["CenternetHead/centernet_cls_output/pointwise_weights", "CenternetHead/centernet_cls_output/biases"],
    roadClasses.map((name) => coco80.indexOf(name)),
  );

/** The default detector: MobileNetV3 with a CenterNet head, any picture size in steps of 32. */
export const centernet6: Source = {
  name: "centernet6",
  about: "the default; six road classes, any size in steps of 32",
  shipped: true,
  manifest: {
    version: 1,
    name: "centernet6",
    sha256: "ff5f86be528732c24c15e580c3236dadec28b7f9436b6e98109c89e24b6ed6d1",
    source:
      "npm @vladmandic/human 3.3.6, models/centernet; trained on COCO in github.com/610265158/mobilenetv3_centernet",
    licence: "MIT (package); the upstream repository names no licence",
    decoder: "centernet",
    classes: [...roadClasses],
    input: {
      layout: "nchw",
      type: "float32",
      channels: "rgb",
      mean: [0, 0, 0],
      factor: [1, 1, 1],
      size: { step: 32 },
      fit: "centre-black",
    },
    threshold: 0.35,
    overlap: 0.5,
  },
  async build() {
    const { json, bytes } = await readCenternet();
    return convert(fuseHardSwish(onlyRoadClasses(readGraph(json, bytes))), {
      name: "centernet6",
      enter: { node: "tower_0/images", shape: [1, 512, 512, 3] },
      leave: { "tower_0/keypoints": "heat", "tower_0/wh": "sides" },
      ports: {
        input: { name: "picture", shape: [1, 3, "height", "width"] },
        outputs: [
          { name: "heat", shape: [1, roadClasses.length, "rows", "columns"] },
          { name: "sides", shape: [1, 4, "rows", "columns"] },
        ],
      },
    });
  },
};
