import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Instant, instant, RoadClass, roadClasses, type Site, SiteCamera, Trouble } from "@openkerb/contract";
import { readAuthority } from "../authority.ts";
import { configVersion, parseSite } from "../site-file.ts";
import { readNumber } from "./options.ts";

/** What `openkerb analyse` was asked to do. */
export type Order = {
  readonly clip: string;
  readonly site: Site | undefined;
  readonly config: ReturnType<typeof configVersion>;
  readonly camera: SiteCamera;
  /** PEM: who must have signed an rtsps camera's certificate; whom this machine trusts when absent. */
  readonly authority: string | undefined;
  readonly model: string;
  readonly size: string | undefined;
  readonly threshold: number | undefined;
  readonly threads: number;
  readonly start: Instant;
  readonly out: string | undefined;
  readonly tracks: string | undefined;
  readonly classes: ReadonlySet<RoadClass>;
  readonly json: boolean;
};

/** Reads the command line and the site file. Throws Trouble. */
export async function readOrder(args: readonly string[]): Promise<Order> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: { type: "string" },
      site: { type: "string" },
      camera: { type: "string" },
      "camera-ca": { type: "string" },
      tracks: { type: "string" },
      classes: { type: "string", default: roadClasses.join(",") },
      model: { type: "string" },
      size: { type: "string" },
      threshold: { type: "string" },
      threads: { type: "string", default: "1" },
      start: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const [clip, ...more] = positionals;
  if (clip === undefined || more.length > 0)
    throw new Trouble("Which clip?", "openkerb analyse CLIP --out events.jsonl");
  if (values.out === undefined && values.tracks === undefined)
    throw new Trouble("Where should the result go?", "Name a file with --out, or with --tracks.");
  const site = values.site === undefined ? undefined : parseSite(await textOf(values.site), values.site);
  const camera = site ? chooseCamera(site, values.camera) : noCamera;
  return {
    authority: authorityOf(values["camera-ca"], values.site, camera),
    clip,
    site,
    config: site ? configVersion(site) : ("0".repeat(12) as Order["config"]),
    camera,
    model: values.model ?? camera.model,
    size: values.size,
    threshold: values.threshold === undefined ? undefined : readNumber("--threshold", values.threshold, 0, 1),
    threads: readNumber("--threads", values.threads, 1, 64),
    start: readStart(values.start),
    out: values.out,
    tracks: values.tracks,
    classes: new Set(values.classes.split(",").map(readClass)),
    json: values.json,
  };
}

/** Who must have signed an rtsps camera's certificate: said here, or in the site file. */
function authorityOf(said: string | undefined, site: string | undefined, camera: SiteCamera): string | undefined {
  if (said !== undefined) return readAuthority(said, process.cwd(), "the authority of --camera-ca");
  if (camera.authority === undefined || site === undefined) return undefined;
  return readAuthority(camera.authority, dirname(resolve(site)), `the authority of camera ${camera.id}`);
}

const noCamera: SiteCamera = SiteCamera.parse({ id: "camera-1", name: "No site", url: "rtsp://localhost/" });

function chooseCamera(site: Site, id: string | undefined): SiteCamera {
  const camera = id === undefined ? site.cameras[0] : site.cameras.find((c) => c.id === id);
  if (camera) return camera;
  const known = site.cameras.map((c) => c.id).join(", ");
  throw new Trouble(
    id === undefined ? `The site ${site.site} has no camera.` : `The site ${site.site} has no camera ${id}.`,
    known === "" ? "Its lines and zones belong to a camera." : `It has: ${known}`,
  );
}

function readClass(text: string): RoadClass {
  const parsed = RoadClass.safeParse(text.trim());
  if (parsed.success) return parsed.data;
  throw new Trouble(`--classes: there is no class “${text}”.`, `There are: ${roadClasses.join(", ")}`);
}

function readStart(text = "1970-01-01T00:00:00Z"): Instant {
  const at = Date.parse(text);
  if (at >= 0) return instant(at);
  throw new Trouble(`--start ${text} is no time since 1970.`, "Write it like 2026-05-04T07:30:00Z.");
}

const textOf = (file: string): Promise<string> =>
  readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new Trouble(`${file} cannot be read: ${cause.code ?? cause.message}`, undefined, { cause });
  });
