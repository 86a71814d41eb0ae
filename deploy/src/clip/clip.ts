import { mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Trouble } from "@openkerb/contract";
import { sha256Of } from "./sha256.ts";
import { fromAddress, fromDebian, type Source } from "./sources.ts";

export { demoStream } from "./stream.ts";

/** The recording that the demo shows: PETS 2009 S2.L1, as OpenCV has shipped it for years. */
export const demoClip = {
  name: "vtest.avi",
  sha256: "45cddc9490be69345cbdab64ca583be65987e864ca408038e648db99e10516cf",
} as const;

const address = "https://raw.githubusercontent.com/opencv/opencv/4.6.0/samples/data/vtest.avi";
const debianPackage = { name: "opencv-doc", file: `usr/share/doc/opencv-doc/examples/data/${demoClip.name}` };

export type FindOptions = {
  readonly cacheFolder: string;
  readonly signal: AbortSignal;
  /** Told what is being done, a sentence at a time. */
  readonly onProgress?: (text: string) => void;
  readonly environment?: NodeJS.ProcessEnv;
  readonly sources?: readonly Source[];
  readonly sha256?: string;
};

/**
 * The path of a street recording: OPENKERB_CLIP if set, else the one in the cache, else fetched into the cache, from
 * Debian's package or else from the net. Nothing is kept whose SHA-256 is not the expected one.
 * Throws Trouble naming every way when there is none.
 */
export async function findClip(options: FindOptions): Promise<string> {
  const { cacheFolder, signal, onProgress = () => undefined, environment = process.env } = options;
  const { sha256 = demoClip.sha256, sources = [fromDebian(debianPackage), fromAddress(address)] } = options;
  const own = environment.OPENKERB_CLIP;
  if (own) return ownClip(own);
  const kept = join(cacheFolder, "clip", demoClip.name);
  if ((await sha256Of(kept)) === sha256) return kept;
  await mkdir(dirname(kept), { recursive: true });
  // Beside its final place, so that the last step is a rename and a broken download is never found there.
  const folder = await mkdtemp(join(dirname(kept), "fetching-"));
  const failures: string[] = [];
  try {
    for (const source of sources) {
      onProgress(`fetching the demo street from ${source.name}`);
      try {
        const file = await source.fetch(folder, signal, onProgress);
        const found = await sha256Of(file);
        if (found !== sha256) throw new Error(`it is another file (SHA-256 ${found?.slice(0, 8)}…)`);
        await rename(file, kept);
        return kept;
      } catch (err) {
        signal.throwIfAborted();
        failures.push(`${source.name}: ${err instanceof Error ? err.message : String(err)}`);
        onProgress(`${source.name} did not give it`);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  throw new Trouble(
    `no street recording was found for the demo.\n${failures.map((f) => `  - ${f}`).join("\n")}`,
    [
      "Any one of these three helps:",
      "  1. set OPENKERB_CLIP to a video file of your own, e.g. OPENKERB_CLIP=~/street.mp4 npm start",
      `  2. let apt-get reach a Debian mirror (try: apt-get download ${debianPackage.name})`,
      `  3. connect to the internet, or put ${address.split("/").at(-1)} at ${kept} by hand (from ${address})`,
    ].join("\n"),
  );
}

async function ownClip(path: string): Promise<string> {
  const full = resolve(path);
  const found = await stat(full).catch(() => undefined);
  if (!found?.isFile())
    throw new Trouble(
      `OPENKERB_CLIP says ${path}, which is not a file`,
      "Give the path of a video file, or unset OPENKERB_CLIP to use the demo street.",
    );
  return full;
}
