import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A certificate for localhost, one that signed nothing, and what mosquitto has to be told to use them with a password. */
export async function certificates(
  folder: string,
  user: string,
  password: string,
): Promise<{ authority: string; other: string; lines: readonly string[] }> {
  const at = (name: string): string => join(folder, name);
  const make = async (name: string): Promise<string> => {
    await run("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
      ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
      ...["-keyout", at(`${name}.key`), "-out", at(`${name}.pem`)],
    ]);
    return readFile(at(`${name}.pem`), "utf8");
  };
  const [authority, other] = [await make("right"), await make("other")];
  await run("mosquitto_passwd", ["-c", "-b", at("passwords"), user, password]);
  // mosquitto gives up root before it reads these.
  await run("chmod", ["-R", "a+rX", folder]);
  return {
    authority,
    other,
    lines: [`certfile ${at("right.pem")}`, `keyfile ${at("right.key")}`, `password_file ${at("passwords")}`],
  };
}
