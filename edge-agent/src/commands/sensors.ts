import { parseArgs } from "node:util";
import { Trouble } from "@openkerb/contract";
import { decode } from "../sensors/decode.ts";
import { found, namesIn, ours, profileOf } from "../sensors/profile-folder.ts";

export const summary = "sensor profiles, and what the bytes of a sensor mean";

export const help = `openkerb sensors list [--profiles <folder>]
openkerb sensors decode --profile <name> --hex 424d… [--json]
openkerb sensors decode --profile <name> --text '<line or report>' [--json]

Decodes what a sensor sent by its profile in firmware-config/devices. Bytes that are no measurement (wrong length, wrong
checksum, still warming up) are refused with the reason and exit code 1.`;

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
    for (const { name, value, unit, metric, outside } of decoded.values) {
      const kind = metric === undefined ? "" : `  (${metric})`;
      const bad = outside === undefined ? "" : `  beyond ${outside[0]} to ${outside[1]}: bad`;
      console.log(`${name.padEnd(18)}${String(value ?? "none").padStart(10)} ${unit}${kind}${bad}`);
    }
}
