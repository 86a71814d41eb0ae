import { join } from "node:path";
import { Trouble } from "@openkerb/contract";
import { decoders } from "../decode/decoders.ts";
import { type DecoderFamily, decoderFamilies } from "../decoder-family.ts";
import type { Fit, Size } from "../fit.ts";
import { classLists, roadClassOf } from "../labels.ts";
import { Manifest, type ModelInput } from "../manifest.ts";
import { sources } from "../sources/sources.ts";
import { usualInput } from "../usual-input.ts";
import { manifestText } from "./build-models.ts";
import { modelsFolder, sha256, writeWhole } from "./files.ts";
import { installedModels } from "./open-model.ts";
import { type Probe, probeNetwork } from "./probe-network.ts";

export type AddOptions = {
  readonly name: string;
  readonly network: Uint8Array;
  /** What the person who adds it says the file's hash is. */
  readonly sha256: string;
  readonly decoder: DecoderFamily;
  readonly source: string;
  readonly licence: string;
  /** Found out from the outputs when absent: COCO's 80, 90 or 91 classes or the six road classes. */
  readonly classes?: readonly string[] | undefined;
  readonly channels?: ModelInput["channels"] | undefined;
  /** How a picture is fitted into the input; the family's usual way when absent. */
  readonly fit?: Fit | undefined;
  /** (p - mean) * factor for pixel values p of 0 to 255, red first; the family's usual one when absent. */
  readonly range?: Pick<ModelInput, "mean" | "factor"> | undefined;
  readonly size?: Size | undefined;
  readonly threshold?: number | undefined;
  readonly folder?: string | undefined;
};

const same = (value: number): [number, number, number] => [value, value, value];

/** Takes a network file in: checks its hash, opens it, sees that its answers fit the decoder, writes it down. */
export async function addModel(options: AddOptions): Promise<Manifest> {
  const { name, network, folder = modelsFolder() } = options;
  const found = sha256(network);
  if (found !== options.sha256.toLowerCase())
    throw new Trouble(
      `The file has another SHA-256 than you gave: ${found}, not ${options.sha256}.`,
      "It may be cut off or another version. Get it again from a place you trust and compare.",
    );
  await refuseTaken(name, found, folder);

  const probe = await probeNetwork(network, options.size);
  const classes = options.classes ?? guessClasses(options.decoder, probe);
  checkFit(options.decoder, probe, classes);
  if (!classes.some(roadClassOf))
    throw new Trouble(
      "None of the network's classes is a road user.",
      "Name its classes in order with --classes; at least one of person, bicycle, car, motorcycle, bus, truck.",
    );

  const family = usualInput[options.decoder];
  const channels = options.channels ?? family.channels;
  const inOrder = ([r, g, b]: readonly [number, number, number]): ModelInput["mean"] =>
    channels === "rgb" ? [r, g, b] : [b, g, r];
  const { mean, factor } = options.range ?? family;
  const manifest = Manifest.parse({
    version: 1,
    name,
    sha256: found,
    source: options.source,
    licence: options.licence,
    decoder: options.decoder,
    classes,
    input: {
      ...probe.input,
      channels,
      mean: probe.input.type === "uint8" ? same(0) : inOrder(mean),
      factor: probe.input.type === "uint8" ? same(1) : inOrder(factor),
      size: probe.fixed ?? options.size ?? { step: 32 },
      fit: options.fit ?? family.fit,
    },
    threshold: options.threshold ?? 0.35,
    overlap: 0.6,
  });
  await writeWhole(join(folder, `${name}.onnx`), network);
  await writeWhole(join(folder, `${name}.json`), manifestText(manifest));
  return manifest;
}

async function refuseTaken(name: string, hash: string, folder: string): Promise<void> {
  if (sources.some((source) => source.name === name))
    throw new Trouble(`${name} is the name of a model that is built here.`, "Choose another one with --name.");
  const there = (await installedModels(folder)).manifests.find((manifest) => manifest.name === name);
  if (there && there.sha256 !== hash)
    throw new Trouble(`There is already another model called ${name}.`, "Choose another name with --name.");
}

const shapesOf = (probe: Probe): (readonly number[])[] => probe.outputs.map((output) => output.dims);
const fitsFamily = (family: DecoderFamily, probe: Probe, classes: number): boolean =>
  decoders[family].match(shapesOf(probe), { input: probe.tried, classes }) !== undefined;

function guessClasses(family: DecoderFamily, probe: Probe): readonly string[] {
  // Most specific first; families whose outputs do not show the number of classes get COCO's 80, or its own numbers
  // from 0 where the outputs come from TensorFlow.
  const order = family === "ssd-nms" ? ["coco91"] : ["coco80", "coco91", "coco90", "road"];
  const fitting = order.find((list) => fitsFamily(family, probe, classLists[list]!.length));
  return classLists[fitting ?? "coco80"]!;
}

function checkFit(family: DecoderFamily, probe: Probe, classes: readonly string[]): void {
  if (fitsFamily(family, probe, classes.length)) return;
  const found = probe.outputs.map(({ name, dims }) => `${name} [${dims.join(", ")}]`).join(", ");
  const counts = [classes.length, ...Object.values(classLists).map((list) => list.length)];
  const others = decoderFamilies.filter((other) => counts.some((count) => fitsFamily(other, probe, count)));
  throw new Trouble(
    `The network's answers do not fit the decoder ${family} with ${classes.length} classes. ` +
      `At ${probe.tried.width}×${probe.tried.height} it answers ${found}; ${family} needs ${decoders[family].expects}.`,
    others.length > 0
      ? `They look like ${others.join(" or ")}: name that with --decoder, and the classes with --classes if they are not COCO's.`
      : "Name its classes with --classes and the size it was made for with --size; other layouts cannot be read.",
  );
}
