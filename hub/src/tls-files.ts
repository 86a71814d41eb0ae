import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { ConfigProblem } from "./config-problems.ts";

/** PEM texts, proven to belong together. */
export type TlsFiles = { readonly key: string; readonly certificate: string; readonly clientAuthority?: string };

type Named = { key: string; certificate: string; clientAuthority?: string | undefined };

/** Reads key and certificate and tries them; what is wrong goes to `problems`. */
export async function readTls(named: Named, path: string, problems: ConfigProblem[]): Promise<TlsFiles | undefined> {
  const before = problems.length;
  const read = async (name: keyof Named): Promise<string> => {
    const file = named[name] ?? "";
    return readFile(file, "utf8").catch((err: NodeJS.ErrnoException) => {
      problems.push({ path: `${path}.${name}`, message: `${file} cannot be read (${err.code})` });
      return "";
    });
  };
  const key = await read("key");
  const certificate = await read("certificate");
  const clientAuthority = named.clientAuthority === undefined ? undefined : await read("clientAuthority");
  if (problems.length > before) return undefined;
  try {
    createSecureContext({ key, cert: certificate, ...(clientAuthority !== undefined && { ca: clientAuthority }) });
  } catch (err) {
    const why = err instanceof Error ? err.message : String(err);
    problems.push({ path, message: `key and certificate cannot be used together (${why})` });
    return undefined;
  }
  return { key, certificate, ...(clientAuthority !== undefined && { clientAuthority }) };
}
