import { describe, expect, it } from "vitest";
import { readGraph } from "./graph.ts";
import { floats } from "./weights.ts";

type Entry = { name: string; shape: number[]; dtype: string; quantization?: object };
const graph = (weights: Entry[]): string =>
  JSON.stringify({
    format: "graph-model",
    modelTopology: {
      node: [
        {
          name: "conv",
          op: "Conv2D",
          input: ["in", "kernel", "^control"],
          attr: { padding: { s: "U0FNRQ==" }, strides: { list: { i: ["1", "2", "2", "1"] } }, keep: { b: true } },
        },
        { name: "old", op: "Conv2D", attr: { padding: { s: [86, 65, 76, 73, 68] } } },
      ],
    },
    weightsManifest: [{ paths: ["a.bin"], weights }],
  });

describe("a TFJS graph", () => {
  it("tells its nodes' attributes, whether text is base64 or a list of bytes", () => {
    const { nodes } = readGraph(graph([]), new Uint8Array());
    const conv = nodes.get("conv")!;
    expect(conv.inputs).toEqual(["in", "kernel"]);
    expect(conv.text("padding")).toBe("SAME");
    expect(conv.numbers("strides")).toEqual([1, 2, 2, 1]);
    expect(conv.flag("keep")).toBe(true);
    expect(nodes.get("old")!.text("padding")).toBe("VALID");
  });

  it("gives weights in every way they may be stored", () => {
    const entries: Entry[] = [
      { name: "plain", shape: [1], dtype: "float32" },
      { name: "whole", shape: [], dtype: "int32" },
      { name: "half", shape: [2], dtype: "float32", quantization: { dtype: "float16" } },
      { name: "byte", shape: [3], dtype: "float32", quantization: { dtype: "uint8", scale: 0.5, min: -1 } },
      { name: "short", shape: [1], dtype: "int32", quantization: { dtype: "uint16", scale: 2, min: 3 } },
    ];
    const bytes = Buffer.concat([
      Buffer.from(Float32Array.of(1.5).buffer),
      Buffer.from(Int32Array.of(-7).buffer),
      Buffer.from(Uint16Array.of(0x3c00, 0xc000).buffer),
      Buffer.from([0, 1, 4]),
      Buffer.from(Uint16Array.of(500).buffer),
    ]);
    const { weights } = readGraph(graph(entries), bytes);
    const values = [...weights].map(([name, value]) => [name, value.type, [...floats(value)]]);
    expect(values).toEqual([
      ["plain", "float32", [1.5]],
      ["whole", "int32", [-7]],
      ["half", "float16", [1, -2]],
      ["byte", "float32", [-1, -0.5, 1]],
      ["short", "int32", [1003]],
    ]);
  });

  it("refuses weights that end too early or too late", () => {
    const one: Entry[] = [{ name: "kernel", shape: [2], dtype: "float32" }];
    expect(() => readGraph(graph(one), new Uint8Array(7))).toThrow(/end within kernel/);
    expect(() => readGraph(graph(one), new Uint8Array(9))).toThrow(/9 bytes long, the graph tells of 8/);
  });

  it("refuses a file that is no graph", () => {
    expect(() => readGraph('{"nodes": []}', new Uint8Array())).toThrow(/not a TFJS graph model/);
  });
});
