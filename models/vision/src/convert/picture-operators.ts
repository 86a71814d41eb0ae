import type { TfNode } from "../tfjs/graph.ts";
import { integers, transpose } from "../tfjs/weights.ts";
import type { Constant, Emitter, Flowing, Value } from "./emitter.ts";
import { hardSigmoid } from "./hard-swish.ts";

/** Writes one TensorFlow operation as ONNX. Gives one value for each output. */
export type Operator = (node: TfNode, inputs: readonly Value[], to: Emitter) => readonly Value[];

export function flowing(node: TfNode, value: Value | undefined): Flowing {
  if (value?.kind !== "flowing") throw new TypeError(`${node.name} (${node.op}): expected a value that flows`);
  return value;
}

export function constant(node: TfNode, value: Value | undefined): Constant {
  if (value?.kind !== "constant") throw new TypeError(`${node.name} (${node.op}): expected a constant`);
  return value;
}

export function picture(node: TfNode, value: Value | undefined): Flowing {
  const found = flowing(node, value);
  if (!found.planes) throw new TypeError(`${node.name} (${node.op}): expected a picture`);
  return found;
}

const clip = (to: Emitter, name: string, of: string): string =>
  to.node("Clip", name, [of, to.float("zero", 0), to.float("six", 6)]);

const activations: Readonly<Record<string, (to: Emitter, name: string, of: string) => string>> = {
  Relu: (to, name, of) => to.node("Relu", name, [of]),
  Relu6: clip,
};

/** What SAME adds around a picture: TensorFlow puts the odd pixel at the end, below and to the right. */
function samePadding(size: number, kernel: number, stride: number): [before: number, after: number] {
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** Conv2D and its kin: optional bias and activation fused behind it. */
const convolution =
  (depthwise: boolean): Operator =>
  (node, inputs, to) => {
    const from = picture(node, inputs[0]);
    const kernel = constant(node, inputs[1]);
    const [high, wide, deep, many] = kernel.weights.shape as [number, number, number, number];
    const [, down = 1, across = 1] = node.numbers("strides");
    const same = node.text("padding") === "SAME";
    if (!same && node.text("padding") !== "VALID") throw new TypeError(`${node.name}: unknown padding`);
    if (node.numbers("dilations").some((one) => one !== 1)) throw new TypeError(`${node.name}: dilated`);
    const [, height, width] = from.shape as [number, number, number, number];
    const [top, bottom] = same ? samePadding(height, high, down) : [0, 0];
    const [left, right] = same ? samePadding(width, wide, across) : [0, 0];

    // TensorFlow keeps [height, width, in, out]; ONNX wants [out, in, height, width], and for a depthwise convolution
    // [in * multiplier, 1, height, width] in as many groups as there are channels.
    const turned = transpose(kernel.weights, depthwise ? [2, 3, 0, 1] : [3, 2, 0, 1]);
    const weights = depthwise ? { ...turned, shape: [deep * many, 1, high, wide] } : turned;
    const [bias, ...acts] = node.texts("fused_ops");
    if (bias !== undefined && bias !== "BiasAdd") throw new TypeError(`${node.name}: cannot fuse ${bias}`);
    const reads = [from.name, to.constant(kernel.name, weights)];
    if (bias) {
      const added = constant(node, inputs[2]);
      reads.push(to.constant(added.name, added.weights));
    }
    const raw = acts.length > 0 ? `${node.name}/linear` : node.name;
    let name = to.node("Conv", raw, reads, {
      dilations: [1, 1],
      group: depthwise ? deep : 1,
      kernel_shape: [high, wide],
      pads: [top, left, bottom, right],
      strides: [down, across],
    });
    for (const act of acts) {
      const activate = activations[act];
      if (!activate) throw new TypeError(`${node.name}: cannot fuse ${act}`);
      name = activate(to, node.name, name);
    }
    const shape = [
      1,
      Math.floor((height + top + bottom - high) / down) + 1,
      Math.floor((width + left + right - wide) / across) + 1,
      depthwise ? deep * many : many,
    ];
    return [{ kind: "flowing", name, shape, planes: true }];
  };

const batchNorm: Operator = (node, inputs, to) => {
  const from = picture(node, inputs[0]);
  const [scale, offset, mean, variance] = inputs.slice(1).map((value) => {
    const { name, weights } = constant(node, value);
    return to.constant(name, weights);
  }) as [string, string, string, string];
  const epsilon = node.float("epsilon") ?? 1e-4;
  const reads = [from.name, scale, offset, mean, variance];
  return [{ ...from, name: to.node("BatchNormalization", node.name, reads, { epsilon: { float: epsilon } }) }];
};

const mean: Operator = (node, inputs, to) => {
  const from = picture(node, inputs[0]);
  const axes = integers(constant(node, inputs[1]).weights);
  if (axes.join() !== "1,2" || !node.flag("keep_dims")) throw new TypeError(`${node.name}: mean over ${axes}`);
  const name = to.node("GlobalAveragePool", node.name, [from.name]);
  return [{ ...from, name, shape: [from.shape[0]!, 1, 1, from.shape[3]!] }];
};

const resize: Operator = (node, inputs, to) => {
  const from = picture(node, inputs[0]);
  if (node.flag("align_corners")) throw new TypeError(`${node.name}: aligned corners`);
  const [height, width] = integers(constant(node, inputs[1]).weights) as [number, number];
  // As a factor, not as a size, so that the graph holds for pictures of other sizes than the one it was made for.
  const scales = to.constant(`${node.name}/scales`, {
    shape: [4],
    type: "float32",
    data: Float32Array.of(1, 1, height / from.shape[1]!, width / from.shape[2]!),
  });
  const name = to.node("Resize", node.name, [from.name, "", scales], {
    coordinate_transformation_mode: node.flag("half_pixel_centers") ? "half_pixel" : "asymmetric",
    mode: "linear",
  });
  return [{ ...from, name, shape: [1, height, width, from.shape[3]!] }];
};

const clipped: Operator = (node, inputs, to) => {
  const from = flowing(node, inputs[0]);
  return [{ ...from, name: clip(to, node.name, from.name) }];
};

const hardSigmoidOf: Operator = (node, inputs, to) => {
  const from = flowing(node, inputs[0]);
  const slope = { alpha: { float: 1 / 6 }, beta: { float: 0.5 } };
  return [{ ...from, name: to.node("HardSigmoid", node.name, [from.name], slope) }];
};

/** Operations on pictures. */
export const pictureOperators: Readonly<Record<string, Operator>> = {
  _FusedConv2D: convolution(false),
  Conv2D: convolution(false),
  FusedDepthwiseConv2dNative: convolution(true),
  DepthwiseConv2dNative: convolution(true),
  FusedBatchNorm: batchNorm,
  Mean: mean,
  ResizeBilinear: resize,
  Relu6: clipped,
  [hardSigmoid]: hardSigmoidOf,
};
