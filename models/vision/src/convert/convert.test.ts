import { describe, expect, it } from "vitest";
import { InferenceSession, Tensor } from "../runtime.ts";
import { readGraph } from "../tfjs/graph.ts";
import { convert } from "./convert.ts";
import { fuseHardSwish } from "./hard-swish.ts";

type Node = { name: string; op: string; input?: string[]; attr?: object };
type Constant = { name: string; shape: number[]; dtype: "float32" | "int32"; values: number[] };

const same = { padding: { s: Buffer.from("SAME").toString("base64") } };
const strides = (step: number): object => ({ strides: { list: { i: ["1", `${step}`, `${step}`, "1"] } } });

/** Converts a small graph, runs it on a picture of one channel repeated, and gives the answer. */
async function answer(nodes: Node[], constants: Constant[], picture: number[], side: number): Promise<number[]> {
  const specs = constants.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
  const bytes = Buffer.concat(
    constants.map(({ dtype, values }) =>
      Buffer.from((dtype === "int32" ? Int32Array : Float32Array).from(values).buffer),
    ),
  );
  const graph = readGraph(
    JSON.stringify({ modelTopology: { node: nodes }, weightsManifest: [{ weights: specs }] }),
    bytes,
  );
  const network = convert(fuseHardSwish(graph), {
    name: "small",
    enter: { node: "in", shape: [1, side, side, 3] },
    leave: { out: "answer" },
    ports: { input: { name: "picture", shape: [1, 3, side, side] }, outputs: [{ name: "answer", shape: ["n"] }] },
  });
  const session = await InferenceSession.create(network, { logSeverityLevel: 4 });
  const planes = Float32Array.from([...picture, ...picture, ...picture]);
  const { answer: found } = await session.run({ picture: new Tensor("float32", planes, [1, 3, side, side]) });
  await session.release();
  return [...(found!.data as Float32Array)];
}

const ones = (name: string, ...shape: number[]): Constant => ({
  name,
  shape,
  dtype: "float32",
  values: new Array(shape.reduce((a, b) => a * b, 1)).fill(1),
});
const counted = Array.from({ length: 16 }, (_, i) => i);

describe("the converter", () => {
  it("pads SAME as TensorFlow does, with the odd pixel below and to the right", async () => {
    // A 3×3 sum over the first channel in steps of 2: windows start at 0 and 2 and reach one beyond the end.
    const kernel = {
      ...ones("kernel", 3, 3, 3, 1),
      values: new Array(27).fill(0).map((_, i) => (i % 3 === 0 ? 1 : 0)),
    };
    const conv = { name: "out", op: "Conv2D", input: ["in", "kernel"], attr: { ...same, ...strides(2) } };
    const window = (y: number, x: number): number => {
      let sum = 0;
      for (let row = y; row < Math.min(y + 3, 4); row++)
        for (let column = x; column < Math.min(x + 3, 4); column++) sum += row * 4 + column;
      return sum;
    };
    expect(await answer([conv], [kernel], counted, 4)).toEqual([
      window(0, 0),
      window(0, 2),
      window(2, 0),
      window(2, 2),
    ]);
  });

  it("keeps the channels of a depthwise convolution apart", async () => {
    const kernel = { ...ones("kernel", 1, 1, 3, 1), values: [1, 10, 100] };
    const conv = {
      name: "out",
      op: "DepthwiseConv2dNative",
      input: ["in", "kernel"],
      attr: { ...same, ...strides(1) },
    };
    expect(await answer([conv], [kernel], [1, 2, 3, 4], 2)).toEqual([1, 2, 3, 4, 10, 20, 30, 40, 100, 200, 300, 400]);
  });

  it("enlarges from the corner, as both flags of ResizeBilinear being false means", async () => {
    const to: Constant = { name: "to", shape: [2], dtype: "int32", values: [4, 4] };
    const resize = { name: "out", op: "ResizeBilinear", input: ["in", "to"], attr: {} };
    const found = await answer([resize], [to], [0, 2, 4, 6], 2);
    expect(found.slice(0, 16)).toEqual([0, 1, 2, 2, 2, 3, 4, 4, 4, 5, 6, 6, 4, 5, 6, 6]);
  });

  it("reads a picture row by row when it is made a list", async () => {
    const to: Constant = { name: "to", shape: [2], dtype: "int32", values: [1, -1] };
    const nodes = [
      { name: "scaled", op: "Mul", input: ["in", "factors"] },
      { name: "out", op: "Reshape", input: ["scaled", "to"] },
    ];
    const factors: Constant = { name: "factors", shape: [3], dtype: "float32", values: [1, 10, 100] };
    expect(await answer(nodes, [to, factors], [1, 2, 3, 4], 2)).toEqual([
      1, 10, 100, 2, 20, 200, 3, 30, 300, 4, 40, 400,
    ]);
  });

  it.each([
    ["a convolution", "Conv2D", ["swish", "kernel"]],
    ["something else", "Mul", ["swish", "kernel"]],
  ])("keeps what a hard swish gives, read by %s", async (_, op, input) => {
    const scalar = (name: string, value: number): Constant => ({ name, shape: [], dtype: "float32", values: [value] });
    // A sixth as it is when rounded to a half: that it is not exact must survive.
    const sixth = 0.1666259765625;
    const nodes = [
      { name: "times", op: "Mul", input: ["sixth", "in"] },
      { name: "plus", op: "Add", input: ["in", "three"] },
      { name: "clip", op: "Relu6", input: ["plus"] },
      { name: "swish", op: "Mul", input: ["times", "clip"] },
      { name: "out", op, input, attr: { ...same, ...strides(1) } },
    ];
    const kernel = op === "Conv2D" ? { ...ones("kernel", 1, 1, 3, 1), values: [2, 0, 0] } : scalar("kernel", 2);
    const found = await answer(nodes, [scalar("sixth", sixth), scalar("three", 3), kernel], [-4, -1, 0.5, 9], 2);
    const swish = (x: number): number => sixth * x * Math.min(6, Math.max(0, x + 3));
    for (const [i, x] of [-4, -1, 0.5, 9].entries()) expect(found[i]).toBeCloseTo(2 * swish(x), 5);
  });

  it.each([
    ["an operation it does not know", [{ name: "out", op: "Einsum", input: ["in"] }], /operation Einsum \(out\)/],
    ["a node that is not there", [{ name: "out", op: "Relu", input: ["gone"] }], /no node gone/],
  ])("refuses %s", async (_, nodes, message) => {
    await expect(answer(nodes, [], [0], 1)).rejects.toThrow(message);
  });
});
