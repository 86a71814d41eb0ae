import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DeviceProfile, Trouble } from "@openkerb/contract";

/** The profiles that come with the house. */
export const ours = fileURLToPath(new URL("../../../firmware-config/devices/", import.meta.url));

/** The names of the profiles in a folder. */
export const namesIn = async (folder: string): Promise<string[]> => {
  const files = await readdir(folder).catch((err: unknown) => {
    throw new Trouble(`The folder of profiles ${folder} cannot be read.`, "Name one with --profiles.", { cause: err });
  });
  return files
    .filter((f) => f.endsWith(".json"))
    .map((f) => f.slice(0, -".json".length))
    .sort();
};

/** Reads a profile; a mistake in it is named with its place. */
export async function profileOf(folder: string, name: string): Promise<DeviceProfile> {
  const parsed = DeviceProfile.safeParse(jsonOf(await readFile(join(folder, `${name}.json`), "utf8"), name));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
  throw new Trouble(`The profile ${name} is not sound:\n${wrong.join("\n")}`);
}

function jsonOf(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Trouble(`The profile ${name} is no JSON: ${(cause as Error).message}`, undefined, { cause });
  }
}

/** The profile of that name, or the one that names such a model; dashes and capitals do not matter. */
export async function found(folder: string, asked: string): Promise<DeviceProfile> {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const names = await namesIn(folder);
  const direct = names.find((name) => plain(name) === plain(asked));
  if (direct !== undefined) return profileOf(folder, direct);
  for (const name of names) {
    const profile = await profileOf(folder, name);
    if (profile.models.some((model) => plain(model) === plain(asked))) return profile;
  }
  throw new Trouble(`There is no profile "${asked}".`, `There are ${names.join(", ")}.`);
}
