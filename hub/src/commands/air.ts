import { Trouble } from "@openkerb/contract";

type Part = { readonly help: string; run(args: readonly string[], signal: AbortSignal): Promise<void> };

/** What `openkerb air` can do; each answer is loaded only when it is asked for. */
const parts: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Part> }>> = {
  index: { summary: "air quality index by the law of the day", load: () => import("./air/index-command.ts") },
  nowcast: { summary: "NowCast of particles or ozone", load: () => import("./air/nowcast-command.ts") },
  colocate: {
    summary: "a sensor beside its reference: agreement and calibration",
    load: () => import("./air/colocate-command.ts"),
  },
  anomalies: {
    summary: "how unusual each value of a series is, as it comes",
    load: () => import("./air/anomalies-command.ts"),
  },
  forecast: { summary: "the next hours, beside their skill", load: () => import("./air/forecast-command.ts") },
  qc: { summary: "quality flags after QARTOD and our own tests", load: () => import("./air/qc-command.ts") },
};

export const summary = "indices, averages, quality control, calibration, warnings of air data";

export const help = `openkerb air <what> [options] < data.csv

${Object.entries(parts)
  .map(([name, part]) => `  ${name.padEnd(11)}${part.summary}`)
  .join("\n")}

openkerb air <what> --help tells the rest.`;

const partOf = (name: string | undefined) =>
  name !== undefined && Object.hasOwn(parts, name) ? parts[name] : undefined;

/** All of `openkerb air <what> --help`, or of `openkerb air --help`. */
export async function helpOf(args: readonly string[]): Promise<string> {
  const part = partOf(args.find((arg) => !arg.startsWith("-")));
  return part ? (await part.load()).help : help;
}

export async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [name, ...rest] = args;
  if (name === "help") {
    console.log(await helpOf(rest));
    return;
  }
  const part = partOf(name);
  if (!part) throw new Trouble(name === undefined ? "air what?" : `air does not know "${name}".`, help);
  await (await part.load()).run(rest, signal);
}
