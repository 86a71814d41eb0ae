import { Trouble } from "@openkerb/contract";
import { z } from "zod";
import type { Weights } from "./weights.ts";

const Text = z.union([z.string(), z.array(z.number())]);
const Whole = z.union([z.string(), z.number()]);
const Attribute = z.looseObject({
  s: Text.optional(),
  i: Whole.optional(),
  b: z.boolean().optional(),
  f: z.number().optional(),
  list: z.looseObject({ i: z.array(Whole).optional(), s: z.array(Text).optional() }).optional(),
});
const Node = z.looseObject({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), Attribute).default({}),
});
// Loose on purpose: the file is not ours and carries much that the converter has no use for.
const GraphModel = z.looseObject({
  modelTopology: z.looseObject({ node: z.array(Node) }),
  weightsManifest: z.array(
    z.looseObject({
      weights: z.array(
        z.looseObject({
          name: z.string(),
          shape: z.array(z.int().nonnegative()),
          dtype: z.enum(["float32", "int32"]),
          quantization: z
            .looseObject({
              dtype: z.enum(["float16", "uint8", "uint16"]),
              scale: z.number().optional(),
              min: z.number().optional(),
            })
            .optional(),
        }),
      ),
    }),
  ),
});
type Entry = z.infer<typeof GraphModel>["weightsManifest"][number]["weights"][number];

/** One step of a TFJS graph, its attributes unpacked to what they mean. */
export type TfNode = {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly text: (attribute: string) => string | undefined;
  readonly texts: (attribute: string) => readonly string[];
  readonly number: (attribute: string) => number | undefined;
  readonly float: (attribute: string) => number | undefined;
  readonly numbers: (attribute: string) => readonly number[];
  readonly flag: (attribute: string) => boolean;
};

export type TfGraph = {
  readonly nodes: ReadonlyMap<string, TfNode>;
  readonly weights: ReadonlyMap<string, Weights>;
};

/** Strings of a TFJS graph are base64, or in older files a list of byte values. */
const readText = (value: z.infer<typeof Text>): string =>
  (typeof value === "string" ? Buffer.from(value, "base64") : Buffer.from(value)).toString();

function readNode({ name, op, input, attr }: z.infer<typeof Node>): TfNode {
  return {
    name,
    op,
    inputs: input.filter((one) => !one.startsWith("^")),
    text: (of) => (attr[of]?.s === undefined ? undefined : readText(attr[of].s)),
    texts: (of) => (attr[of]?.list?.s ?? []).map(readText),
    number: (of) => (attr[of]?.i === undefined ? undefined : Number(attr[of].i)),
    float: (of) => attr[of]?.f,
    numbers: (of) => (attr[of]?.list?.i ?? []).map(Number),
    flag: (of) => attr[of]?.b === true,
  };
}

/** Reads a TFJS graph model: its JSON, and the bytes of its weight files joined in the order the JSON names them. */
export function readGraph(json: string, bytes: Uint8Array): TfGraph {
  const parsed = GraphModel.safeParse(JSON.parse(json));
  if (!parsed.success) throw new Trouble(`This is not a TFJS graph model: ${z.prettifyError(parsed.error)}`);
  const nodes = new Map(parsed.data.modelTopology.node.map((node) => [node.name, readNode(node)]));
  const weights = new Map<string, Weights>();
  let at = 0;
  for (const entry of parsed.data.weightsManifest.flatMap((group) => group.weights)) {
    const { value, size } = readWeights(entry, bytes, at);
    weights.set(entry.name, value);
    at += size;
  }
  if (at !== bytes.byteLength)
    throw new Trouble(`The weights are ${bytes.byteLength} bytes long, the graph tells of ${at}.`);
  return { nodes, weights };
}

function readWeights(entry: Entry, bytes: Uint8Array, at: number): { value: Weights; size: number } {
  const count = entry.shape.reduce((a, b) => a * b, 1);
  const stored = entry.quantization?.dtype ?? entry.dtype;
  const size = count * { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1 }[stored];
  if (at + size > bytes.byteLength)
    throw new Trouble(`The weights end within ${entry.name}: ${bytes.byteLength} bytes, at least ${at + size} needed.`);
  // A copy of its own, because a typed array must start at a multiple of its element's size (and a Buffer's slice is no copy).
  const own = new Uint8Array(bytes.subarray(at, at + size)).buffer;
  const { shape } = entry;
  const { scale = 1, min = 0 } = entry.quantization ?? {};
  const spread = (steps: Uint8Array | Uint16Array): Weights =>
    entry.dtype === "int32"
      ? { shape, type: "int32", data: Int32Array.from(steps, (step) => Math.round(step * scale + min)) }
      : { shape, type: "float32", data: Float32Array.from(steps, (step) => step * scale + min) };
  switch (stored) {
    case "float32":
      return { size, value: { shape, type: stored, data: new Float32Array(own) } };
    case "int32":
      return { size, value: { shape, type: stored, data: new Int32Array(own) } };
    case "float16":
      return { size, value: { shape, type: stored, data: new Uint16Array(own) } };
    case "uint16":
      return { size, value: spread(new Uint16Array(own)) };
    case "uint8":
      return { size, value: spread(new Uint8Array(own)) };
    default:
      return stored satisfies never;
  }
}
