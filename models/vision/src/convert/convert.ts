import { Trouble } from "@openkerb/contract";
import { encodeModel, type Port } from "../onnx/model.ts";
import type { TfGraph } from "../tfjs/graph.ts";
import { emitter, type Value } from "./emitter.ts";
import { pictureOperators } from "./picture-operators.ts";
import { plainOperators } from "./plain-operators.ts";

const operators = { ...plainOperators, ...pictureOperators };

export type Plan = {
  /** Name of the graph in the file. */
  readonly name: string;
  /** The value to enter at: everything before it is left out. TensorFlow's shape of it at the reference size. */
  readonly enter: { readonly node: string; readonly shape: readonly [1, number, number, 3] };
  /** The values to leave with, and what they are called from then on. */
  readonly leave: Readonly<Record<string, string>>;
  /** What the ports are declared as; named dimensions are free. Input first. */
  readonly ports: { readonly input: Port; readonly outputs: readonly Port[] };
};

/**
 * Writes a TFJS graph as the bytes of an ONNX file with pictures in planes (NCHW). Shapes are worked out at the
 * reference size; the result holds for other sizes as long as no operation of the graph asks for a shape.
 */
export function convert(graph: TfGraph, plan: Plan): Uint8Array {
  const to = emitter();
  const values = new Map<string, readonly Value[]>([
    [plan.enter.node, [{ kind: "flowing", name: plan.ports.input.name, shape: plan.enter.shape, planes: true }]],
  ]);

  const reach = (reference: string): Value => {
    const [name = "", output = "0"] = reference.split(":");
    const known = values.get(name) ?? make(name);
    values.set(name, known);
    const value = known[Number(output)];
    if (!value) throw new Trouble(`The graph has no value ${reference}.`);
    return value;
  };

  const make = (name: string): readonly Value[] => {
    const weights = graph.weights.get(name);
    if (weights) return [{ kind: "constant", name, weights }];
    const node = graph.nodes.get(name);
    if (!node) throw new Trouble(`The graph has no node ${name}.`);
    const operator = operators[node.op];
    if (!operator) throw new Trouble(`The converter does not know the operation ${node.op} (${name}).`);
    return operator(node, node.inputs.map(reach), to);
  };

  for (const [from, name] of Object.entries(plan.leave)) {
    const value = reach(from);
    if (value.kind === "constant") throw new Trouble(`${from} does not depend on the picture.`);
    to.node("Identity", name, [value.name]);
  }
  return encodeModel({
    name: plan.name,
    nodes: to.nodes,
    initialisers: to.initialisers,
    inputs: [plan.ports.input],
    outputs: plan.ports.outputs,
  });
}
