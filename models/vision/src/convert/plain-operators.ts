import type { TfNode } from "../tfjs/graph.ts";
import { integers } from "../tfjs/weights.ts";
import { besidePlanes, type Constant, plain, type Value } from "./emitter.ts";
import { constant, flowing, type Operator, picture } from "./picture-operators.ts";

/** The shape of an element-by-element result, by TensorFlow's (and NumPy's) broadcasting. */
function broadcast(node: TfNode, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const at = (shape: readonly number[], axis: number): number => shape[axis - (rank - shape.length)] ?? 1;
  return Array.from({ length: rank }, (_, axis) => {
    const [one, other] = [at(a, axis), at(b, axis)];
    if (one !== other && one !== 1 && other !== 1) throw new TypeError(`${node.name}: shapes ${a} and ${b}`);
    return Math.max(one, other);
  });
}

const shapeOf = (value: Value): readonly number[] => (value.kind === "constant" ? value.weights.shape : value.shape);
const fixed = (name: string, shape: readonly number[], values: readonly number[]): Constant => ({
  kind: "constant",
  name,
  weights: { shape, type: "int32", data: Int32Array.from(values) },
});

const combine =
  (type: string): Operator =>
  (node, inputs, to) => {
    const [a, b] = inputs as [Value, Value];
    const planes = inputs.some((value) => value.kind === "flowing" && value.planes);
    const read = (value: Value): string => {
      if (value.kind === "constant") return planes ? besidePlanes(to, value) : plain(to, value);
      if (planes && !value.planes) throw new TypeError(`${node.name}: a picture beside something else`);
      return value.name;
    };
    const shape = broadcast(node, shapeOf(a), shapeOf(b));
    return [{ kind: "flowing", name: to.node(type, node.name, [read(a), read(b)]), shape, planes }];
  };

const one =
  (type: string): Operator =>
  (node, inputs, to) => {
    const from = flowing(node, inputs[0]);
    return [{ ...from, name: to.node(type, node.name, [from.name]) }];
  };

const addBias: Operator = (node, inputs, to) => {
  const from = picture(node, inputs[0]);
  const bias = besidePlanes(to, constant(node, inputs[1]));
  return [{ ...from, name: to.node("Add", node.name, [from.name, bias]) }];
};

const identity: Operator = (_, inputs) => [inputs[0]!];

const concat: Operator = (node, inputs, to) => {
  const parts = inputs.slice(0, -1).map((value) => flowing(node, value));
  const planes = parts.every((part) => part.planes);
  const rank = parts[0]!.shape.length;
  const given = integers(constant(node, inputs.at(-1)).weights)[0]!;
  const axis = given < 0 ? given + rank : given;
  const shape = parts[0]!.shape.map((size, at) =>
    at === axis ? parts.reduce((sum, part) => sum + part.shape[at]!, 0) : size,
  );
  const names = parts.map((part) => (planes ? part.name : plain(to, part)));
  const name = to.node("Concat", node.name, names, { axis: planes ? [0, 2, 3, 1][axis]! : axis });
  return [{ kind: "flowing", name, shape, planes }];
};

/** Known when converting, because the input's size is: it becomes a constant, and what is computed from it too. */
const shape: Operator = (node, inputs) => [fixed(node.name, [shapeOf(inputs[0]!).length], shapeOf(inputs[0]!))];

const stridedSlice: Operator = (node, inputs) => {
  const [values, begin] = inputs.map((value) => integers(constant(node, value).weights)) as [number[], number[]];
  if (node.number("shrink_axis_mask") !== 1) throw new TypeError(`${node.name}: only single entries can be taken`);
  return [fixed(node.name, [], [values[begin[0]!]!])];
};

const pack: Operator = (node, inputs, to) => {
  if (inputs.every((value) => value.kind === "constant" && value.weights.type === "int32")) {
    const values = inputs.flatMap((value) => integers(constant(node, value).weights));
    return [fixed(node.name, [values.length], values)];
  }
  const axis = node.number("axis") ?? 0;
  const axes = to.integers(`axis/${axis}`, [axis]);
  const raised = inputs.map((value, i) => to.node("Unsqueeze", `${node.name}/${i}`, [plain(to, value), axes]));
  const grown = [...shapeOf(inputs[0]!)];
  grown.splice(axis, 0, inputs.length);
  return [{ kind: "flowing", name: to.node("Concat", node.name, raised, { axis }), shape: grown, planes: false }];
};

const unpack: Operator = (node, inputs, to) => {
  const from = shapeOf(inputs[0]!);
  const axis = node.number("axis") ?? 0;
  const parts = to.split("Split", `${node.name}/parts`, from[axis]!, [plain(to, inputs[0]!)], { axis });
  const axes = to.integers(`axis/${axis}`, [axis]);
  const rest = from.filter((_, at) => at !== axis);
  return parts.map((part, i) => {
    const name = to.node("Squeeze", i === 0 ? node.name : `${node.name}:${i}`, [part, axes]);
    return { kind: "flowing", name, shape: rest, planes: false };
  });
};

const reshape: Operator = (node, inputs, to) => {
  const from = shapeOf(inputs[0]!);
  const wanted = integers(constant(node, inputs[1]).weights);
  const known = wanted.reduce((product, size) => (size < 0 ? product : product * size), 1);
  const all = from.reduce((a, b) => a * b, 1);
  const sizes = wanted.map((size) => (size < 0 ? all / known : size));
  const name = to.node("Reshape", node.name, [plain(to, inputs[0]!), to.integers(`${node.name}/shape`, sizes)]);
  return [{ kind: "flowing", name, shape: sizes, planes: false }];
};

const squeeze: Operator = (node, inputs, to) => {
  const from = shapeOf(inputs[0]!);
  const axes = node.numbers("squeeze_dims");
  const name = to.node("Squeeze", node.name, [plain(to, inputs[0]!), to.integers(`${node.name}/axes`, axes)]);
  return [{ kind: "flowing", name, shape: from.filter((_, axis) => !axes.includes(axis)), planes: false }];
};

const expand: Operator = (node, inputs, to) => {
  const from = [...shapeOf(inputs[0]!)];
  const axis = integers(constant(node, inputs[1]).weights)[0]!;
  const name = to.node("Unsqueeze", node.name, [plain(to, inputs[0]!), to.integers(`axis/${axis}`, [axis])]);
  from.splice(axis, 0, 1);
  return [{ kind: "flowing", name, shape: from, planes: false }];
};

const turn: Operator = (node, inputs, to) => {
  const perm = integers(constant(node, inputs[1]).weights);
  const name = to.node("Transpose", node.name, [plain(to, inputs[0]!)], { perm });
  return [{ kind: "flowing", name, shape: perm.map((axis) => shapeOf(inputs[0]!)[axis]!), planes: false }];
};

const tile: Operator = (node, inputs) => {
  const times = integers(constant(node, inputs[1]).weights);
  if (times.some((count) => count !== 1)) throw new TypeError(`${node.name}: only a batch of one can be converted`);
  return [inputs[0]!];
};

const slice: Operator = (node, inputs, to) => {
  const from = shapeOf(inputs[0]!);
  const begin = integers(constant(node, inputs[1]).weights);
  const size = integers(constant(node, inputs[2]).weights).map((n, axis) => (n < 0 ? from[axis]! - begin[axis]! : n));
  const end = begin.map((at, axis) => at + size[axis]!);
  const at = (name: string, values: readonly number[]): string => to.integers(`${node.name}/${name}`, values);
  const axes = at("axes", [...begin.keys()]);
  const name = to.node("Slice", node.name, [plain(to, inputs[0]!), at("starts", begin), at("ends", end), axes]);
  return [{ kind: "flowing", name, shape: size, planes: false }];
};

/** Operations that do not care whether they work on a picture, and those on anything but pictures. */
export const plainOperators: Readonly<Record<string, Operator>> = {
  Add: combine("Add"),
  AddV2: combine("Add"),
  // Of two, as graphs that were optimised hold it.
  AddN: combine("Add"),
  Sub: combine("Sub"),
  Mul: combine("Mul"),
  BiasAdd: addBias,
  Relu: one("Relu"),
  Sigmoid: one("Sigmoid"),
  Exp: one("Exp"),
  Identity: identity,
  ConcatV2: concat,
  Shape: shape,
  StridedSlice: stridedSlice,
  Pack: pack,
  Unpack: unpack,
  Reshape: reshape,
  Squeeze: squeeze,
  ExpandDims: expand,
  Transpose: turn,
  Tile: tile,
  Slice: slice,
};
