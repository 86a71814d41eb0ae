import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Trouble } from "@openkerb/contract";

/**
 * Reads the certificates of an authority, PEM, one or several. Relative files count from `folder`. Throws Trouble when
 * the file cannot be read or holds anything but certificates.
 */
export function readAuthority(file: string, folder: string, what: string): string {
  const path = resolve(folder, file);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Trouble(`${what} should be in ${path}, which cannot be read (${code})`, undefined, { cause });
  }
  const blocks = text.match(/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?-----END [A-Z0-9 ]+-----/g) ?? [];
  const wrong = (why: string, cause?: unknown): Trouble =>
    new Trouble(`${what} should be in ${path}, which ${why}`, "it wants the authority's certificate as PEM", { cause });
  if (blocks.length === 0) throw wrong("holds no certificate in PEM");
  for (const block of blocks) {
    // A key does not belong on a box that only watches.
    if (block.includes("PRIVATE KEY")) throw wrong("holds a private key");
    try {
      new X509Certificate(block);
    } catch (cause) {
      throw wrong("holds a damaged certificate", cause);
    }
  }
  return text;
}
