import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Trouble } from "@openkerb/contract";
import { z } from "zod";
import { Manifest, ModelName } from "../manifest.ts";
import { sources } from "../sources/sources.ts";
import { modelsFolder, sha256 } from "./files.ts";

/** A network that is ready to run: its manifest, and the path of a file that has the manifest's hash. */
export type OpenModel = { readonly manifest: Manifest; readonly path: string };

/** Finds a model by name and checks its file. Throws Trouble that says what to do when it is missing or damaged. */
export async function openModel(name: string, folder = modelsFolder()): Promise<OpenModel> {
  const parsed = ModelName.safeParse(name);
  if (!parsed.success) throw new Trouble(`“${name}” is no name of a model.`, "openkerb models list shows the names.");
  const buildable = sources.some((source) => source.name === name);
  const mend = buildable
    ? `Run openkerb models build ${name}.`
    : "openkerb models list shows what there is; openkerb models add brings your own.";
  const manifest = await readManifest(join(folder, `${name}.json`), `There is no model ${name} in ${folder}.`, mend);
  const path = join(folder, `${name}.onnx`);
  const network = await readOr(path, `The file of model ${name} is missing: ${path}`, mend);
  const found = sha256(network);
  if (found !== manifest.sha256)
    throw new Trouble(
      `The file of model ${name} is damaged: its SHA-256 is ${found}, its manifest says ${manifest.sha256}.`,
      buildable ? mend : "Add it again with openkerb models add.",
    );
  return { manifest, path };
}

/** What the folder holds: the models whose manifest can be read, and the troubles of the others. */
export type Installed = { readonly manifests: readonly Manifest[]; readonly troubles: readonly Trouble[] };

/** Reads every manifest of the folder, in order of name. A folder that does not exist holds none. */
export async function installedModels(folder = modelsFolder()): Promise<Installed> {
  const files = await readdir(folder).catch((err: NodeJS.ErrnoException) => {
    if (err.code === "ENOENT" || err.code === "ENOTDIR") return [];
    throw new Trouble(`${folder} cannot be read: ${err.message}`, "OPENKERB_HOME names the folder that is used.", {
      cause: err,
    });
  });
  const manifests: Manifest[] = [];
  const troubles: Trouble[] = [];
  for (const file of files.filter((name) => name.endsWith(".json")).sort())
    try {
      manifests.push(await readManifest(join(folder, file), `${file} is gone.`));
    } catch (err) {
      if (!(err instanceof Trouble)) throw err;
      troubles.push(err);
    }
  return { manifests, troubles };
}

async function readManifest(path: string, missing: string, mend?: string): Promise<Manifest> {
  const text = Buffer.from(await readOr(path, missing, mend)).toString();
  try {
    return Manifest.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new Trouble(`The manifest ${path} cannot be read: ${why}`, mend ?? "Delete it and add the model again.");
  }
}

async function readOr(path: string, missing: string, mend: string | undefined): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const absent = code === "ENOENT" || code === "ENOTDIR";
    throw new Trouble(absent ? missing : `${path} cannot be read: ${message}`, mend, { cause });
  }
}
