import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, resolve } from "node:path";
import { HubConfig, Trouble } from "@openkerb/contract";
import { z } from "zod";
import { type ConfigProblem, exposureProblems, pathText, toldProblems } from "./config-problems.ts";
import { parseText } from "./parse-text.ts";
import { settingProblems } from "./quality/own-settings.ts";
import { readSites, type SiteFile } from "./site-files.ts";
import { readTls, type TlsFiles } from "./tls-files.ts";

/** A checked config, its paths made absolute, with what the page needs of the files it names. */
export type HubSettings = {
  readonly config: HubConfig;
  readonly sites: readonly SiteFile[];
  readonly pageTls: TlsFiles | undefined;
};

/**
 * Reads, parses and checks the hub's file and everything it names.
 * @throws Trouble with every problem and its path
 */
export async function readHubConfig(file: string): Promise<HubSettings> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new Trouble(`the config ${file} cannot be read (${cause.code})`, "check the name and its rights", { cause });
  });
  return checkHubConfig(parseText(text, file), dirname(resolve(file)), file);
}

/** The same for a config made in code. Relative paths in it start from `folder`; `name` stands in messages. */
export async function checkHubConfig(value: unknown, folder: string, name = "the config"): Promise<HubSettings> {
  const parsed = HubConfig.safeParse(value);
  if (!parsed.success)
    throw toldProblems(
      name,
      parsed.error.issues.map((i) => ({ path: pathText(i.path), message: i.message })),
    );
  const from = (path: string): string => (isAbsolute(path) ? path : resolve(folder, path));
  const config = withFolder(parsed.data, from);
  const problems: ConfigProblem[] = [...exposureProblems(config), ...settingProblems(config.air.quality)];
  const { broker, page } = config;
  const sites = await readSites(config.sites, config.city, problems);
  const pageTls = page.tls && (await readTls(page.tls, "page.tls", problems));
  if (broker.kind === "embedded" && broker.tls) await readTls(broker.tls, "broker.tls", problems);
  if (broker.kind === "external") {
    await mustBeReadable(broker.passwordFile, "broker.passwordFile", problems);
    await mustBeReadable(broker.authority, "broker.authority", problems);
  }
  if (problems.length > 0) throw toldProblems(name, problems);
  return { config, sites, pageTls };
}

/** The same config with every path made absolute, so that it means the same wherever the hub runs. */
function withFolder(config: HubConfig, from: (path: string) => string): HubConfig {
  const { page, broker } = config;
  const tls = <T extends { tls?: HubConfig["page"]["tls"] }>(door: T): T =>
    door.tls ? { ...door, tls: mapped(door.tls, from) } : door;
  return {
    ...config,
    data: from(config.data),
    sites: config.sites.map(from),
    page: tls(page),
    broker:
      broker.kind === "embedded"
        ? tls(broker)
        : {
            ...broker,
            ...(broker.passwordFile !== undefined && { passwordFile: from(broker.passwordFile) }),
            ...(broker.authority !== undefined && { authority: from(broker.authority) }),
          },
  };
}

const mapped = <T extends Record<string, string | undefined>>(files: T, from: (path: string) => string): T =>
  Object.fromEntries(Object.entries(files).map(([name, path]) => [name, path === undefined ? path : from(path)])) as T;

async function mustBeReadable(file: string | undefined, path: string, problems: ConfigProblem[]): Promise<void> {
  if (file === undefined) return;
  const text = await readFile(file, "utf8").catch((err: NodeJS.ErrnoException) => {
    problems.push({ path, message: `${file} cannot be read (${err.code})` });
    return undefined;
  });
  if (text?.trim() === "") problems.push({ path, message: `${file} is empty` });
}

/** The JSON Schema of the hub's file, for editors. */
export const hubSchema = (): object =>
  z.toJSONSchema(HubConfig, { io: "input", target: "draft-2020-12", unrepresentable: "any" });
