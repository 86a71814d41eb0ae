import {
  type Detection,
  decoders,
  detectionsIn,
  fromHalf,
  type Manifest,
  type Output,
  pixelWriter,
  type Size,
  type View,
} from "@openkerb/vision";
import { pictureInputOf, pictureTensor, sizeFeeds } from "@openkerb/vision/picture-input";
import { InferenceSession, type Tensor } from "@openkerb/vision/runtime";

/** A network loaded into this thread. Calls must not overlap: they share one set of buffers for each input size. */
export type Network = {
  run(frame: {
    readonly pixels: Uint8Array;
    readonly input: View;
    readonly picture: Size;
  }): Promise<{ detections: Detection[]; took: number }>;
  close(): Promise<void>;
};

/** The network's answers are not of the kind its manifest promises: another frame will not change that. */
export class NetworkMisfit extends Error {
  override name = "NetworkMisfit";
}

/** Everything that is made once for an input size and used for each of its frames. */
type Bench = {
  readonly write: (pixels: Uint8Array) => void;
  readonly feeds: Record<string, Tensor>;
  /** Filled after the first run: where the network puts its answers from then on. */
  fetches: Record<string, Tensor> | undefined;
  /** Output names in the order in which the decoder reads them. */
  order: readonly string[];
};

/** Cameras of one box have few sizes; more than this many sets of buffers are not kept. */
const mostBenches = 8;

export async function openNetwork(setup: {
  readonly path: string;
  readonly manifest: Manifest;
  readonly threshold: number;
  readonly threads: number;
}): Promise<Network> {
  const { manifest, threshold } = setup;
  const session = await InferenceSession.create(setup.path, {
    intraOpNumThreads: setup.threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    logSeverityLevel: 3,
  });
  const benches = new Map<string, Bench>();

  const benchFor = (input: Size): Bench => {
    const key = `${input.width}x${input.height}`;
    const known = benches.get(key);
    if (known) return known;
    if (benches.size >= mostBenches) benches.clear();
    const made = makeBench(session, manifest, input);
    benches.set(key, made);
    return made;
  };

  return {
    async run({ pixels, input, picture }) {
      const bench = benchFor(input);
      bench.write(pixels);
      const began = performance.now();
      const results = bench.fetches
        ? await session.run(bench.feeds, bench.fetches)
        : ((await session.run(bench.feeds)) as Record<string, Tensor>);
      const took = performance.now() - began;
      if (!bench.fetches) {
        bench.order = orderOf(results, session.outputNames, manifest, input);
        const writable = bench.order.every((name) => results[name]!.type === "float32");
        if (writable && isSteady(session, manifest))
          bench.fetches = Object.fromEntries(bench.order.map((name) => [name, results[name]!]));
      }
      const outputs = bench.order.map((name) => asOutput(results[name]!));
      return { detections: detectionsIn(outputs, manifest, { input, picture }, threshold), took };
    },
    close: () => session.release(),
  };
}

/**
 * Whether a network's answers always have the size of the first one, so that it can be given them to write into: those
 * that answer for every cell of a grid do, the others only when their file says so.
 */
const isSteady = ({ outputMetadata }: InferenceSession, { decoder }: Manifest): boolean =>
  decoders[decoder].suppress ||
  outputMetadata.every((port) => port.isTensor && port.shape.every((size) => typeof size === "number" && size > 0));

function makeBench(session: InferenceSession, manifest: Manifest, input: Size): Bench {
  const picture = pictureInputOf(session);
  if (!picture) throw new NetworkMisfit("the network takes no picture");
  const { tensor, values } = pictureTensor(manifest.input, input);
  const write = pixelWriter(manifest.input, input);
  return {
    write: (pixels) => write(pixels, values),
    feeds: { ...sizeFeeds(session, picture, input), [picture.name]: tensor },
    fetches: undefined,
    order: [],
  };
}

function orderOf(
  results: Readonly<Record<string, Tensor>>,
  names: readonly string[],
  manifest: Manifest,
  input: Size,
): string[] {
  const decoder = decoders[manifest.decoder];
  const shapes = names.map((name) => results[name]!.dims);
  const places = decoder.match(shapes, { input, classes: manifest.classes.length });
  if (!places)
    throw new NetworkMisfit(
      `the network answers ${shapes.map((dims) => `[${dims}]`).join(", ")}; ${manifest.decoder} needs ${decoder.expects}`,
    );
  return places.map((at) => names[at]!);
}

/** Numbers of whatever kind as floats; halves come as their bits where the runtime has no array for them. */
function asOutput({ dims, data, type }: Tensor): Output {
  if (data instanceof Float32Array) return { dims, data };
  if (type === "float16" && data instanceof Uint16Array) return { dims, data: Float32Array.from(data, fromHalf) };
  return { dims, data: Float32Array.from(data as ArrayLike<number | bigint>, Number) };
}
