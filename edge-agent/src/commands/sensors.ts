import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DeviceProfile, Trouble } from "@openkerb/contract";
import { decode } from "../sensors/decode.ts";

export const summary = "sensor profiles, and what the bytes of a sensor mean";

export const help = `openkerb sensors list [--profiles <folder>]
openkerb sensors decode --profile <name> --hex 424d… [--json]
openkerb sensors decode --profile <name> --text '<line or report>' [--json]

Decodes what a sensor sent by its profile in firmware-config/devices. Bytes that are no measurement (wrong length, wrong
checksum, still warming up) are refused with the reason and exit code 1.`;

const ours = fileURLToPath(new URL("../../../firmware-config/devices/", import.meta.url));

const namesIn = async (folder: string): Promise<string[]> => {
  const files = await readdir(folder).catch((err: unknown) => {
    throw new Trouble(`The folder of profiles ${folder} cannot be read.`, "Name one with --profiles.", { cause: err });
  });
  return files
    .filter((f) => f.endsWith(".json"))
    .map((f) => f.slice(0, -".json".length))
    .sort();
};

/** Reads a profile; a mistake in it is named with its place. */
async function profileOf(folder: string, name: string): Promise<DeviceProfile> {
  const parsed = DeviceProfile.safeParse(JSON.parse(await readFile(`${folder}/${name}.json`, "utf8")));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
  throw new Trouble(`The profile ${name} is not sound:\n${wrong.join("\n")}`);
}

/** The profile of that name, or the one that names such a model; dashes and capitals do not matter. */
async function found(folder: string, asked: string): Promise<DeviceProfile> {
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

export async function run(args: readonly string[]): Promise<void> {
  const { values: options, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      profiles: { type: "string", default: ours },
      profile: { type: "string" },
      hex: { type: "string" },
      text: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const [what] = positionals;
  if (what === "list") {
    for (const name of await namesIn(options.profiles))
      console.log(`${name.padEnd(26)}${(await profileOf(options.profiles, name)).title}`);
    return;
  }
  if (what !== "decode")
    throw new Trouble(what === undefined ? "sensors what?" : `sensors does not know "${what}".`, help);
  if (options.profile === undefined)
    throw new Trouble("Which profile?", "Give --profile <name>; openkerb sensors list names them.");
  if ((options.hex === undefined) === (options.text === undefined))
    throw new Trouble("What did the sensor send?", "Give --hex or --text.");
  const profile = await found(options.profiles, options.profile);
  const decoded = decode(profile, { hex: options.hex, text: options.text });
  const label = `${profile.name}@${profile.version}`;
  if (decoded.kind === "refused") {
    process.exitCode = 1;
    if (options.json) console.log(JSON.stringify({ profile: label, refused: decoded.why }));
    else console.error(`refused: ${decoded.why}`);
    return;
  }
  if (options.json) {
    const values = Object.fromEntries(decoded.values.map(({ name, value }) => [name, value]));
    console.log(JSON.stringify({ profile: label, values, readings: decoded.values }, undefined, 2));
  } else
    for (const { name, value, unit, metric } of decoded.values)
      console.log(`${name.padEnd(18)}${String(value ?? "none").padStart(10)} ${unit}${metric ? `  (${metric})` : ""}`);
}
