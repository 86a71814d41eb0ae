import type { Size } from "./fit.ts";
import type { ModelInput } from "./manifest.ts";
import { type InferenceSession, Tensor } from "./runtime.ts";

/** The input of a network that holds the picture, as its file declares it. */
export type PictureInput = Pick<ModelInput, "layout" | "type"> & {
  readonly name: string;
  /** Absent when the file leaves it open. */
  readonly fixed: Size | undefined;
};

/** A picture as the network takes it, and where its values are written: float16 as its bits. */
export type PictureTensor = { readonly tensor: Tensor; readonly values: Float32Array | Uint16Array | Uint8Array };

const types = ["float32", "float16", "uint8"] as const;
const isKnown = (type: string): type is (typeof types)[number] => (types as readonly string[]).includes(type);

/** The picture's input: the first of four dimensions for one picture of three colours; nothing when there is none. */
export function pictureInputOf(session: InferenceSession): PictureInput | undefined {
  for (const port of session.inputMetadata) {
    if (!port.isTensor || port.shape.length !== 4 || !isKnown(port.type)) continue;
    // A batch of a fixed size other than one would need as many pictures at once.
    if (typeof port.shape[0] === "number" && port.shape[0] > 1) continue;
    const layout = port.shape[1] === 3 ? "nchw" : port.shape[3] === 3 ? "nhwc" : undefined;
    if (!layout) continue;
    const [height, width] = layout === "nchw" ? port.shape.slice(2) : port.shape.slice(1, 3);
    const known = typeof height === "number" && typeof width === "number" && height > 0 && width > 0;
    const fixed = known ? { width, height } : undefined;
    return { name: port.name, layout, type: port.type, fixed };
  }
  return undefined;
}

/** Room for one picture. */
export function pictureTensor({ layout, type }: Pick<ModelInput, "layout" | "type">, size: Size): PictureTensor {
  const { width, height } = size;
  const dims = layout === "nchw" ? [1, 3, height, width] : [1, height, width, 3];
  const count = width * height * 3;
  if (type === "uint8") {
    const values = new Uint8Array(count);
    return { tensor: new Tensor(type, values, dims), values };
  }
  if (type === "float32") {
    const values = new Float32Array(count);
    return { tensor: new Tensor(type, values, dims), values };
  }
  const values = new Uint16Array(count);
  return { tensor: new Tensor(type, values, dims), values };
}

/** What is fed beside the picture: RT-DETR's and D-FINE's own exports ask for a size, [1, 2] as width and height. */
export const sizeFeeds = (session: InferenceSession, picture: PictureInput, { width, height }: Size): Feeds =>
  Object.fromEntries(
    session.inputNames
      .filter((name) => name !== picture.name)
      .map((name) => [name, new Tensor("int64", BigInt64Array.of(BigInt(width), BigInt(height)), [1, 2])]),
  );

type Feeds = Record<string, Tensor>;
