import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type CityId, Site, Trouble } from "@openkerb/contract";
import { type ConfigProblem, pathText } from "./config-problems.ts";
import { parseText } from "./parse-text.ts";

export type SiteFile = { readonly file: string; readonly site: Site };

/**
 * Reads site files for names and plans, from files and folders. What is wrong goes to `problems`, all of it.
 * The cameras' addresses and logins stand there too, but the hub never uses them.
 */
export async function readSites(
  paths: readonly string[],
  city: CityId,
  problems: ConfigProblem[],
): Promise<SiteFile[]> {
  const files = (await Promise.all(paths.map((path) => filesOf(path, problems)))).flat();
  const read = (await Promise.all(files.map((file) => readSite(file, problems)))).filter((s) => s !== undefined);
  for (const [i, { file, site }] of read.entries()) {
    if (site.city !== city) problems.push({ path: file, message: `city is ${site.city}, but this hub is of ${city}` });
    const same = read.slice(0, i).find((other) => other.site.site === site.site || other.site.device === site.device);
    if (same) problems.push({ path: file, message: `has the same site or device as ${same.file}` });
  }
  return read;
}

async function filesOf(path: string, problems: ConfigProblem[]): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path);
    return names
      .filter((name) => /\.(ya?ml|json)$/.test(name))
      .sort()
      .map((name) => join(path, name));
  } catch (err) {
    problems.push({ path: "sites", message: `${path} cannot be read (${(err as NodeJS.ErrnoException).code})` });
    return [];
  }
}

async function readSite(file: string, problems: ConfigProblem[]): Promise<SiteFile | undefined> {
  try {
    const parsed = Site.safeParse(parseText(await readFile(file, "utf8"), file));
    if (parsed.success) return { file, site: parsed.data };
    for (const issue of parsed.error.issues)
      problems.push({ path: `${file}: ${pathText(issue.path)}`, message: issue.message });
  } catch (err) {
    const message = err instanceof Trouble ? err.message : `cannot be read (${(err as NodeJS.ErrnoException).code})`;
    problems.push({ path: file, message });
  }
  return undefined;
}
