import { addBytes, addFloat, addInt, bytesOf, type Message, message } from "./protobuf.ts";

/** A constant of the network. Halves are given as the 16 bits they are. */
export type Initialiser = { readonly name: string; readonly shape: readonly number[] } & (
  | { readonly type: "float32"; readonly data: Float32Array }
  | { readonly type: "float16"; readonly data: Uint16Array }
  | { readonly type: "int64"; readonly data: BigInt64Array }
);

/** `{ float }` keeps a whole number a float; bare numbers are integers. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

export type OnnxNode = {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
};

/** An input or output of the network: a named dimension may differ from call to call. */
export type Port = {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  /** float32 when absent. */
  readonly type?: "float32" | "float16" | "int64";
};

export type OnnxGraph = {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initialisers: readonly Initialiser[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
};

// Numbers below are field numbers and enum values of onnx.proto3; IR version 8 with opset 17 is ONNX 1.12.
const irVersion = 8;
const opset = 17;
const elementTypes = { float32: 1, int64: 7, float16: 10 } as const;

/** The bytes of an .onnx file. The same graph gives the same bytes, so that a hash can be pinned. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  const operators = message();
  addBytes(operators, 1, "");
  addInt(operators, 2, opset);
  const model = message();
  addInt(model, 1, irVersion);
  addBytes(model, 2, "openkerb");
  addBytes(model, 7, encodeGraph(graph));
  addBytes(model, 8, operators);
  return bytesOf(model);
}

function encodeGraph(graph: OnnxGraph): Message {
  const to = message();
  for (const node of graph.nodes) addBytes(to, 1, encodeNode(node));
  addBytes(to, 2, graph.name);
  for (const initialiser of graph.initialisers) addBytes(to, 5, encodeInitialiser(initialiser));
  for (const port of graph.inputs) addBytes(to, 11, encodePort(port));
  for (const port of graph.outputs) addBytes(to, 12, encodePort(port));
  return to;
}

function encodeNode(node: OnnxNode): Message {
  const to = message();
  for (const input of node.inputs) addBytes(to, 1, input);
  for (const output of node.outputs) addBytes(to, 2, output);
  addBytes(to, 3, node.outputs[0] ?? "");
  addBytes(to, 4, node.type);
  for (const [name, value] of Object.entries(node.attributes ?? {})) addBytes(to, 5, encodeAttribute(name, value));
  return to;
}

function encodeAttribute(name: string, value: Attribute): Message {
  const to = message();
  addBytes(to, 1, name);
  if (typeof value === "number") {
    addInt(to, 3, value);
    addInt(to, 20, 2);
  } else if (typeof value === "string") {
    addBytes(to, 4, value);
    addInt(to, 20, 3);
  } else if ("float" in value) {
    addFloat(to, 2, value.float);
    addInt(to, 20, 1);
  } else {
    for (const one of value) addInt(to, 8, one);
    addInt(to, 20, 7);
  }
  return to;
}

function encodeInitialiser({ name, shape, type, data }: Initialiser): Message {
  const to = message();
  for (const size of shape) addInt(to, 1, size);
  addInt(to, 2, elementTypes[type]);
  addBytes(to, 8, name);
  addBytes(to, 9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return to;
}

function encodePort({ name, shape, type: element = "float32" }: Port): Message {
  const dimensions = message();
  for (const size of shape) {
    const dimension = message();
    if (typeof size === "number") addInt(dimension, 1, size);
    else addBytes(dimension, 2, size);
    addBytes(dimensions, 1, dimension);
  }
  const tensor = message();
  addInt(tensor, 1, elementTypes[element]);
  addBytes(tensor, 2, dimensions);
  const type = message();
  addBytes(type, 1, tensor);
  const to = message();
  addBytes(to, 1, name);
  addBytes(to, 2, type);
  return to;
}
