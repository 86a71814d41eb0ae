import { Trouble } from "@openkerb/contract";
import type { Size } from "../fit.ts";
import { toHalf } from "../half.ts";
import type { ModelInput } from "../manifest.ts";
import { type PictureInput, pictureInputOf, pictureTensor, sizeFeeds } from "../picture-input.ts";
import { InferenceSession, type Tensor } from "../runtime.ts";

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
    const picture = pictureInputOf(session) ?? refuse(session);
    const { layout, type, fixed } = picture;
    const tried = fixed ?? wanted ?? { width: 640, height: 640 };
    return { input: { layout, type }, fixed, tried, outputs: await answer(session, picture, tried) };
  } finally {
    await session.release();
  }
}

function refuse(session: InferenceSession): never {
  const found = session.inputMetadata.map((port) => (port.isTensor ? `${port.type} [${port.shape}]` : port.name));
  throw new Trouble(
    `The network takes no picture: its inputs are ${found.join(", ")}.`,
    "It needs one input of float32, float16 or uint8 with the shape [1, 3, height, width] or [1, height, width, 3].",
  );
}

const mid: Readonly<Record<ModelInput["type"], number>> = { float32: 0.5, float16: toHalf(0.5), uint8: 127 };

async function answer(session: InferenceSession, picture: PictureInput, tried: Size): Promise<Probe["outputs"]> {
  const { tensor, values } = pictureTensor(picture, tried);
  values.fill(mid[picture.type]);
  try {
    const results = await session.run({ ...sizeFeeds(session, picture, tried), [picture.name]: tensor });
    return session.outputNames.map((name) => ({ name, dims: (results[name] as Tensor).dims }));
  } catch (cause) {
    throw new Trouble(
      `The network does not run on a picture of ${tried.width}×${tried.height}: ${firstLine(cause)}`,
      "Name a size it was made for with --size WIDTHxHEIGHT.",
      { cause },
    );
  }
}

const firstLine = (err: unknown): string => (err as Error).message.split("\n")[0]!;
