/** A constant of a TFJS graph, in TensorFlow's order. Halves stay halves: 16 bits each in a Uint16Array. */
export type Weights = {
  readonly shape: readonly number[];
  /** What the numbers are still to be multiplied by, when that is not 1. */
  readonly factor?: number;
} & (
  | { readonly type: "float32"; readonly data: Float32Array }
  | { readonly type: "float16"; readonly data: Uint16Array }
  | { readonly type: "int32"; readonly data: Int32Array }
);

/** The value of an IEEE 754 half given as its 16 bits. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The numbers of a constant as plain floats, without its factor. */
export function floats(weights: Weights): Float32Array {
  switch (weights.type) {
    case "float32":
      return weights.data;
    case "float16":
      return Float32Array.from(weights.data, fromHalf);
    case "int32":
      return Float32Array.from(weights.data);
    default:
      return weights satisfies never;
  }
}

/** The numbers of an integer constant, such as axes and shapes. */
export function integers(weights: Weights): number[] {
  if (weights.type !== "int32") throw new TypeError(`expected whole numbers, found ${weights.type}`);
  return [...weights.data];
}

/** Reorders dimensions: dimension `i` of the result is dimension `order[i]` of the source. */
export function transpose(weights: Weights, order: readonly number[]): Weights {
  const shape = order.map((axis) => weights.shape[axis]!);
  const strides = weights.shape.map((_, axis) => weights.shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const steps = order.map((axis) => strides[axis]!);
  const result = weights.data.slice();
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = weights.data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= steps[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return { ...weights, shape, data: result } as Weights;
}

/** Keeps only the given entries of the last dimension, e.g. output channels of a convolution in TensorFlow's order. */
export function keepLast(weights: Weights, keep: readonly number[]): Weights {
  const width = weights.shape.at(-1)!;
  const rows = weights.data.length / width;
  const result = weights.data.slice(0, rows * keep.length);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < keep.length; k++) result[row * keep.length + k] = weights.data[row * width + keep[k]!]!;
  return { ...weights, shape: [...weights.shape.slice(0, -1), keep.length], data: result } as Weights;
}
