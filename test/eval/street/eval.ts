import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { counting } from "./counting-figures.ts";
import { type Figure, isMet, table } from "./figure.ts";
import { pipelineSpeed, wholePipeline } from "./pipeline-figures.ts";
import { noShared, sharedData } from "./sequence.ts";
import { onMadeStreets, onPublicDetections } from "./tracker-figures.ts";
import { trackerSpeed } from "./tracker-speed.ts";

type Part = (data: string, scratch: string) => Figure[] | Promise<Figure[]>;

/** What is measured, and whether development data is needed for it. */
const parts: Readonly<Record<string, { readonly shared: boolean; readonly measure: Part }>> = {
  tracker: { shared: true, measure: onPublicDetections },
  streets: { shared: false, measure: onMadeStreets },
  counting: { shared: false, measure: counting },
  "tracker-speed": { shared: false, measure: trackerSpeed },
  pipeline: { shared: true, measure: wholePipeline },
  speed: { shared: true, measure: pipelineSpeed },
};

// Measures how well the street is seen and prints it beside the goals: node --import tsx test/eval/street/eval.ts
// [--only tracker,counting]. The exit code is 1 when a goal is missed.
const { values } = parseArgs({ options: { only: { type: "string", default: Object.keys(parts).join(",") } } });
const wanted = values.only.split(",");
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0)
  throw new Error(`There is no part ${unknown.join(", ")}; there are: ${Object.keys(parts).join(", ")}`);

const data = sharedData();
if (data === undefined) console.log(noShared);
const scratch = await mkdtemp(join(tmpdir(), "openkerb-eval-"));
const figures: Figure[] = [];
try {
  for (const name of wanted) {
    const { shared, measure } = parts[name]!;
    if (shared && data === undefined) continue;
    console.error(`measuring: ${name}`);
    figures.push(...(await measure(data ?? "", scratch)));
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
console.log(table(figures));
if (!figures.every(isMet)) process.exitCode = 1;
