import { type HubConfig, Trouble } from "@openkerb/contract";
import { isLoopback } from "./broker/broker.ts";

/** What is wrong in a config and where. */
export type ConfigProblem = { readonly path: string; readonly message: string };

export const pathText = (path: readonly PropertyKey[]): string =>
  path.map((p, i) => (typeof p === "number" ? `[${p}]` : `${i > 0 ? "." : ""}${String(p)}`)).join("");

/** All of them at once, so that nobody mends one, starts, and meets the next. */
export function toldProblems(name: string, problems: readonly ConfigProblem[]): Trouble {
  const lines = problems.map(({ path, message }) => `  ${path === "" ? "(all of it)" : path}: ${message}`);
  const many = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return new Trouble(`${name} has ${many}:\n${lines.join("\n")}`, "nothing was started; mend this and start again");
}

/**
 * What a door beyond this machine still lacks: the page needs TLS and people who log in, the broker TLS and a
 * credential per box. On the machine itself nothing is needed.
 */
export function exposureProblems({ page, broker, devices, people }: HubConfig): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (!isLoopback(page.host)) {
    const open = `the page would be reachable from other machines (page.host is ${page.host})`;
    if (!page.tls) problems.push({ path: "page.tls", message: `${open}: set key and certificate, both PEM files` });
    if (people.length === 0)
      problems.push({
        path: "people",
        message: `${open}: name who may log in; "openkerb hub credential" makes the hash`,
      });
  }
  if (broker.kind === "embedded" && !isLoopback(broker.host)) {
    const open = `boxes on other machines could connect (broker.host is ${broker.host})`;
    if (!broker.tls) problems.push({ path: "broker.tls", message: `${open}: set key and certificate, both PEM files` });
    if (devices.length === 0)
      problems.push({
        path: "devices",
        message: `${open}: give each box a password; "openkerb hub credential" makes the hash`,
      });
  }
  if (broker.kind === "external") problems.push(...externalProblems(broker));
  const hashes = [
    ...people.map((p, i) => [`people[${i}]`, p.password] as const),
    ...devices.map((d, i) => [`devices[${i}]`, d.password] as const),
  ];
  for (const [path, hash] of hashes)
    if (!/^scrypt(\$\d{1,2}){3}\$[\w-]{16,}\$[\w-]{43}$/.test(hash))
      problems.push({ path: `${path}.password`, message: 'is not a hash as "openkerb hub credential" prints it' });
  for (const { what, path, at } of [
    ...twice(
      people.map((p) => p.name),
      "people",
    ),
    ...twice(
      devices.map((d) => d.device),
      "devices",
    ),
  ])
    problems.push({ path: `${path}[${at}]`, message: `${what} is there twice` });
  return problems;
}

function externalProblems(broker: Extract<HubConfig["broker"], { kind: "external" }>): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const url = URL.canParse(broker.url) ? new URL(broker.url) : undefined;
  if (!url?.hostname) return [{ path: "broker.url", message: "is not an address like mqtts://broker.example:8883" }];
  if (url.username !== "" || url.password !== "")
    problems.push({ path: "broker.url", message: "holds a login; put it under user and passwordFile" });
  if (!isLoopback(url.hostname.replace(/^\[|\]$/g, ""))) {
    if (url.protocol !== "mqtts:")
      problems.push({ path: "broker.url", message: `${url.hostname} is another machine: use mqtts://` });
    if (broker.user === undefined || broker.passwordFile === undefined)
      problems.push({ path: "broker.user", message: `${url.hostname} is another machine: set user and passwordFile` });
  }
  return problems;
}

const twice = (names: readonly string[], path: string): { what: string; path: string; at: number }[] =>
  names.flatMap((what, at) => (names.indexOf(what) < at ? [{ what, path, at }] : []));
