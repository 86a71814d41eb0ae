import { readFileSync } from "node:fs";
import { Trouble } from "@openkerb/contract";

/** @throws Trouble that says which file of the broker cannot be read, and where it is named */
export function namedFile(what: string, file: string, setting: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new Trouble(`the broker's ${what} ${file} cannot be read (${code})`, `check ${setting} in the hub's file`, {
      cause: error,
    });
  }
}
