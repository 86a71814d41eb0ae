import type { Attribute, Initialiser, OnnxNode } from "../onnx/model.ts";
import { floats, integers, transpose, type Weights } from "../tfjs/weights.ts";

/**
 * A value on its way through the converter. `shape` is TensorFlow's, at the reference input size. A value with `planes`
 * is a picture that TensorFlow keeps as [n, height, width, channels] and the ONNX graph as [n, channels, height, width].
 */
export type Flowing = {
  readonly kind: "flowing";
  readonly name: string;
  readonly shape: readonly number[];
  readonly planes: boolean;
};
export type Constant = { readonly kind: "constant"; readonly name: string; readonly weights: Weights };
export type Value = Flowing | Constant;

/** From TensorFlow's dimension order of a picture to ONNX's, and back. */
const toPlanes = [0, 3, 1, 2] as const;
const fromPlanes = [0, 2, 3, 1] as const;

/** Collects the nodes and initialisers of an ONNX graph while the converter walks. */
export type Emitter = {
  readonly nodes: OnnxNode[];
  readonly initialisers: Initialiser[];
  /** Adds a node with one output and gives the output's name back. */
  node(type: string, name: string, inputs: readonly string[], attributes?: Record<string, Attribute>): string;
  /** Adds a node with several outputs, called `name`, `name:1`, … */
  split(
    type: string,
    name: string,
    count: number,
    inputs: readonly string[],
    more: Record<string, Attribute>,
  ): string[];
  /** Adds a constant and gives the name under which nodes read it: always as float32 or int64. */
  constant(name: string, weights: Weights): string;
  integers(name: string, values: readonly number[]): string;
  float(name: string, value: number): string;
};

export function emitter(): Emitter {
  const nodes: OnnxNode[] = [];
  const initialisers: Initialiser[] = [];
  const known = new Map<string, string>();

  const once = (key: string, make: () => string): string => {
    const name = known.get(key) ?? make();
    known.set(key, name);
    return name;
  };
  const node: Emitter["node"] = (type, name, inputs, attributes = {}) => {
    nodes.push({ type, inputs, outputs: [name], attributes });
    return name;
  };
  const whole = (name: string, shape: readonly number[], values: readonly number[]): string =>
    once(`${name}|${shape}|${values}`, () => {
      const own = initialisers.some((one) => one.name === name) ? `${name}|${values}` : name;
      initialisers.push({ name: own, shape, type: "int64", data: BigInt64Array.from(values, BigInt) });
      return own;
    });

  const scalar = (name: string, value: number): string =>
    once(name, () => {
      initialisers.push({ name, shape: [], type: "float32", data: Float32Array.of(value) });
      return name;
    });

  return {
    nodes,
    initialisers,
    node,
    split(type, name, count, inputs, attributes) {
      const outputs = Array.from({ length: count }, (_, i) => (i === 0 ? name : `${name}:${i}`));
      nodes.push({ type, inputs, outputs, attributes });
      return outputs;
    },
    constant(name, weights) {
      const { shape } = weights;
      if (weights.type === "int32") return whole(name, shape, integers(weights));
      return once(`${name}|${shape}`, () => {
        const scaled = weights.factor === undefined ? name : `${name}/whole`;
        if (weights.type === "float16" && weights.data.length > 1) {
          // Halves keep the file half as large; the runtime folds cast and factor away when it loads the file.
          initialisers.push({ name: `${name}/half`, shape, type: "float16", data: weights.data });
          node("Cast", scaled, [`${name}/half`], { to: 1 });
        } else initialisers.push({ name: scaled, shape, type: "float32", data: floats(weights) });
        if (weights.factor === undefined) return name;
        return node("Mul", name, [scaled, scalar(`factor/${weights.factor}`, weights.factor)]);
      });
    },
    integers: (name, values) => whole(name, [values.length], values),
    float: scalar,
  };
}

/** The name under which a value can be read in TensorFlow's own dimension order. */
export function plain(to: Emitter, value: Value): string {
  if (value.kind === "constant") return to.constant(value.name, value.weights);
  return value.planes ? to.node("Transpose", `${value.name}/nhwc`, [value.name], { perm: fromPlanes }) : value.name;
}

/** The name under which a constant can be combined, element by element, with a picture in planes. */
export function besidePlanes(to: Emitter, { name, weights }: Constant): string {
  switch (weights.shape.length) {
    case 0:
      return to.constant(name, weights);
    case 1:
      return to.constant(name, { ...weights, shape: [1, weights.shape[0]!, 1, 1] });
    case 4:
      return to.constant(name, transpose(weights, toPlanes));
    default:
      throw new TypeError(`${name}: a constant of shape ${weights.shape} beside a picture`);
  }
}
