import { readFileSync, statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { type SecretSource, Trouble } from "@openkerb/contract";

/**
 * Reads a secret from where it is kept. Relative files count from `folder`. Throws Trouble when it is missing or when
 * everybody on this machine could read it too.
 */
export function readSecret(source: SecretSource, folder: string, what: string): string {
  if ("env" in source) {
    const secret = process.env[source.env];
    if (secret === undefined || secret === "") {
      throw new Trouble(`${what} should be in the environment variable ${source.env}, which is not set`);
    }
    return secret;
  }
  const path = isAbsolute(source.file) ? source.file : resolve(folder, source.file);
  let secret: string;
  try {
    if ((statSync(path).mode & 0o004) !== 0) {
      throw new Trouble(`${what} is in ${path}, which everybody on this machine can read`, `chmod 600 ${path}`);
    }
    // Editors end a file with a new line that is no part of the password.
    secret = readFileSync(path, "utf8").replace(/\r?\n$/, "");
  } catch (err) {
    if (err instanceof Trouble) throw err;
    const code = err instanceof Error && "code" in err ? ` (${String(err.code)})` : "";
    throw new Trouble(`${what} should be in ${path}, which cannot be read${code}`, undefined, { cause: err });
  }
  if (secret === "") throw new Trouble(`${what} should be in ${path}, which is empty`);
  return secret;
}
