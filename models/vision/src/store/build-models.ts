import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Trouble } from "@openkerb/contract";
import { Manifest } from "../manifest.ts";
import { checkHash, type Source } from "../sources/source.ts";
import { sources } from "../sources/sources.ts";
import { modelsFolder, sha256, writeWhole } from "./files.ts";

export type BuildStep = {
  readonly name: string;
  readonly step: "checking" | "building" | "ready";
  /** Place of this model among those asked for, from 1. */
  readonly index: number;
  readonly of: number;
};

export type BuildOptions = {
  readonly folder?: string;
  /** Which ones; when absent, those whose weights come with `npm ci`. */
  readonly names?: readonly string[];
  readonly onProgress?: (step: BuildStep) => void;
};

/** Builds what is missing or damaged; what is there and whole is only hashed. Throws Trouble when it cannot. */
export async function buildModels({ folder = modelsFolder(), names, onProgress }: BuildOptions = {}): Promise<void> {
  const wanted = names ? names.map(sourceCalled) : sources.filter((source) => source.shipped);
  for (const [at, source] of wanted.entries()) {
    const tell = (step: BuildStep["step"]): void =>
      onProgress?.({ name: source.name, step, index: at + 1, of: wanted.length });
    tell("checking");
    if (!(await isReady(source, folder))) {
      tell("building");
      await build(source, folder);
    }
    tell("ready");
  }
}

function sourceCalled(name: string): Source {
  const found = sources.find((source) => source.name === name);
  if (found) return found;
  const known = sources.map((source) => source.name).join(" and ");
  throw new Trouble(`No model called ${name} can be built.`, `Known are ${known}; others are added with models add.`);
}

async function isReady({ name, manifest }: Source, folder: string): Promise<boolean> {
  try {
    const [network, beside] = await Promise.all([
      readFile(join(folder, `${name}.onnx`)),
      readFile(join(folder, `${name}.json`), "utf8"),
    ]);
    return sha256(network) === manifest.sha256 && beside === manifestText(manifest);
  } catch {
    // Whatever keeps it from being read: writing it anew mends that, or says why it cannot be mended.
    return false;
  }
}

async function build(source: Source, folder: string): Promise<void> {
  const { name, manifest } = source;
  const network = await source.build();
  checkHash(`${name}.onnx as built here`, network, manifest.sha256, "The converter was changed: look at its tests.");
  await writeWhole(join(folder, `${name}.onnx`), network);
  await writeWhole(join(folder, `${name}.json`), manifestText(manifest));
}

/** A manifest as it stands in its file. */
export const manifestText = (manifest: Manifest): string => `${JSON.stringify(Manifest.parse(manifest), null, 2)}\n`;
