import { readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { parseArgs } from "node:util";
import { Trouble } from "@openkerb/contract";
import { type Detection, mostDetections, openModel, type Size } from "@openkerb/vision";
import { DetectorError } from "../detector/detector-error.ts";
import { onnxDetector } from "../detector/onnx-detector.ts";
import { detectStill, lookShare, looksAt, openStill } from "../detector/still.ts";
import { readNumber, readSize } from "./options.ts";

export const summary = "what is on a picture, or on every picture of a folder";

export const help = `openkerb detect IMAGE|FOLDER … [options]
  Looks for people, bicycles, cars, motorcycles, buses and trucks. A picture is looked at in three sizes, each also
  mirrored, and the sightings are made one.
    --model NAME         centernet6 when absent; openkerb models list shows all
    --size WIDTHxHEIGHT  one look only, at this size: quicker, and as cameras are looked at
    --threshold T        leave out what scores lower, 0 to 1; the model's own when absent (openkerb models list). A
                         score is the network's own; of several looks, halfway between the best and the mean of all.
                         To measure average precision ask for a low one such as 0.01: what is left out cannot count.
                         At most ${mostDetections} things are named, best first
    --threads N          threads within the network; 1 when absent
    --json               one line of JSON for each picture:
                         {"image","width","height","detections":[{"label","score","box":[x,y,width,height]}]}
                         with boxes in pixels of the picture, turned as its EXIF says
  Reads JPEG, PNG, WebP, AVIF, GIF (its first picture) and TIFF, in grey, in 16 bits, in CMYK or with see-through parts,
  which count as black. A picture that cannot be read is named on standard error and the others go on; the exit code is
  1 then.`;

const kinds = new Set([".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".tif", ".tiff"]);

export async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      model: { type: "string", default: "centernet6" },
      size: { type: "string" },
      threshold: { type: "string" },
      threads: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
    },
  });
  if (positionals.length === 0) throw new Trouble("Which picture or folder?", "openkerb detect IMAGE|FOLDER");
  const images: string[] = [];
  for (const path of positionals)
    try {
      images.push(...(await imagesIn(path)));
    } catch (err) {
      // One wrong name among several does not cost the others; alone it is the whole answer.
      if (positionals.length === 1) throw err;
      tellTrouble(err);
    }
  const model = await openModel(values.model);
  const { manifest } = model;
  const size = values.size === undefined ? undefined : readSize(values.size, manifest);
  const threshold = readNumber("--threshold", values.threshold ?? String(manifest.threshold), 0, 1);
  const threads = readNumber("--threads", values.threads, 1, 64);
  if (!Number.isInteger(threads)) throw new Trouble(`--threads must be a whole number, not ${values.threads}.`);

  // One look is read at the threshold itself; of several, the weaker sightings raise or lower the fused score.
  const lowest = size ? threshold : threshold * lookShare;
  await using detector = await onnxDetector({ model, threshold: lowest, threads }).catch(tellMisfit);
  for (const image of images) {
    signal.throwIfAborted();
    try {
      const still = await openStill(image);
      const detections = await detectStill(still, looksAt(still, manifest, size), detector, threshold);
      const { width, height } = still;
      if (values.json) console.log(JSON.stringify({ image, width, height, detections: detections.map(rounded) }));
      else print(image, still, detections);
    } catch (err) {
      if (err instanceof DetectorError) tellMisfit(err);
      tellTrouble(err);
    }
  }
}

/** Names on standard error what could not be done; standard output is for results alone. */
function tellTrouble(err: unknown): void {
  if (!(err instanceof Trouble)) throw err;
  console.error(err.message);
  process.exitCode = 1;
}

/** A network that does not fit is for a person to mend; every other failure of it is a fault. */
function tellMisfit(err: unknown): never {
  if (!(err instanceof DetectorError) || err.trouble !== "model") throw err;
  throw new Trouble(err.message, "openkerb models check tells which models are whole.", { cause: err });
}

/** A file stands for itself, whatever its name; of a folder, the files that are called like pictures. */
async function imagesIn(path: string): Promise<string[]> {
  const found = await stat(path).catch(refuse(path));
  if (found.isFile()) return [path];
  // A pipe or a device would be waited for, perhaps for ever.
  if (!found.isDirectory()) throw new Trouble(`${path} is neither a file nor a folder.`, "Give a picture or a folder.");
  const entries = await readdir(path, { withFileTypes: true }).catch(refuse(path));
  const names = entries
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && kinds.has(extname(entry.name).toLowerCase()))
    .map((entry) => entry.name)
    .sort();
  if (names.length === 0) throw new Trouble(`There are no pictures in ${path}.`, `Looked for ${[...kinds].join(" ")}.`);
  return names.map((name) => join(path, name));
}

const refusals: Readonly<Record<string, string>> = {
  ENOENT: "there is nothing of that name",
  EACCES: "this user may not read it",
  ENOTDIR: "a part of the path is no folder",
};

const refuse =
  (path: string) =>
  (cause: NodeJS.ErrnoException): never => {
    const why = refusals[cause.code ?? ""] ?? cause.code ?? cause.message;
    throw new Trouble(`${path} cannot be read: ${why}.`, "Give a picture or a folder.", { cause });
  };

const rounded = ({ label, score, box }: Detection): object => ({
  label,
  score: Number(score.toFixed(4)),
  box: box.map((side) => Number(side.toFixed(2))),
});

function print(image: string, { width, height }: Size, detections: readonly Detection[]): void {
  console.log(`${image}  ${width}×${height}  ${detections.length === 0 ? "nothing found" : ""}`);
  if (detections.length > 0) console.log(`  ${"what".padEnd(12)}${"score".padStart(6)}      x      y  width height`);
  for (const { label, score, box } of detections) {
    const sides = box.map((side) => side.toFixed(0).padStart(6)).join(" ");
    console.log(`  ${label.padEnd(12)}${score.toFixed(2).padStart(6)} ${sides}`);
  }
}
