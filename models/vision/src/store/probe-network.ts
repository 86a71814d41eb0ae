import { Trouble } from "@openkerb/contract";
import type { Size } from "../letterbox.ts";
import type { ModelInput } from "../manifest.ts";
import { InferenceSession, Tensor } from "../runtime.ts";

/** What a network file says and does: what it wants to see, and what it answers to a grey picture of that size. */
export type Probe = {
  readonly input: Pick<ModelInput, "layout" | "type">;
  /** Absent when the file leaves it open. */
  readonly fixed: Size | undefined;
  readonly tried: Size;
  readonly outputs: readonly { readonly name: string; readonly dims: readonly number[] }[];
};

/** Opens a network and runs it once. Throws Trouble when the file is no network or wants no picture. */
export async function probeNetwork(network: Uint8Array | string, wanted?: Size): Promise<Probe> {
  let session: InferenceSession;
  try {
    const options = { intraOpNumThreads: 1, logSeverityLevel: 4 } as const;
    session = await (typeof network === "string"
      ? InferenceSession.create(network, options)
      : InferenceSession.create(network, options));
  } catch (cause) {
    throw new Trouble(
      `The file is not a network that can be run: ${firstLine(cause)}`,
      "It may be cut off or of another format than ONNX. Get it again, or export it as ONNX.",
      { cause },
    );
  }
  try {
    const { input, fixed, name } = pictureInput(session);
    const tried = fixed ?? wanted ?? { width: 640, height: 640 };
    const outputs = await answer(session, name, input, tried);
    return { input, fixed, tried, outputs };
  } finally {
    await session.release();
  }
}

function pictureInput(session: InferenceSession): { name: string; input: Probe["input"]; fixed: Size | undefined } {
  for (const port of session.inputMetadata) {
    if (!port.isTensor || port.shape.length !== 4) continue;
    if (port.type !== "float32" && port.type !== "uint8") continue;
    const layout = port.shape[1] === 3 ? "nchw" : port.shape[3] === 3 ? "nhwc" : undefined;
    if (!layout) continue;
    const [height, width] = layout === "nchw" ? port.shape.slice(2) : port.shape.slice(1, 3);
    const fixed = typeof height === "number" && typeof width === "number" ? { width, height } : undefined;
    return { name: port.name, input: { layout, type: port.type }, fixed };
  }
  const found = session.inputMetadata.map((port) => (port.isTensor ? `${port.type} [${port.shape}]` : port.name));
  throw new Trouble(
    `The network takes no picture: its inputs are ${found.join(", ")}.`,
    "It needs one input of float32 or uint8 with the shape [1, 3, height, width] or [1, height, width, 3].",
  );
}

async function answer(
  session: InferenceSession,
  picture: string,
  { layout, type }: Probe["input"],
  { width, height }: Size,
): Promise<Probe["outputs"]> {
  const grey = type === "float32" ? new Float32Array(width * height * 3) : new Uint8Array(width * height * 3);
  const feeds: Record<string, Tensor> = {
    [picture]: new Tensor(type, grey.fill(type === "uint8" ? 127 : 0.5), pictureDims(layout, { width, height })),
  };
  for (const port of session.inputMetadata)
    if (port.name !== picture)
      feeds[port.name] = new Tensor("int64", BigInt64Array.of(BigInt(width), BigInt(height)), [1, 2]);
  try {
    const results = await session.run(feeds);
    return session.outputNames.map((name) => ({ name, dims: (results[name] as Tensor).dims }));
  } catch (cause) {
    throw new Trouble(
      `The network does not run on a picture of ${width}×${height}: ${firstLine(cause)}`,
      "Name a size it was made for with --size WIDTHxHEIGHT.",
      { cause },
    );
  }
}

/** The dimensions of an input that holds one picture. */
const pictureDims = (layout: ModelInput["layout"], { width, height }: Size): readonly number[] =>
  layout === "nchw" ? [1, 3, height, width] : [1, height, width, 3];

const firstLine = (err: unknown): string => (err as Error).message.split("\n")[0]!;
