import { type FileHandle, open } from "node:fs/promises";
import { Trouble } from "@openkerb/contract";

export type Lines = AsyncDisposable & { readonly write: (lines: readonly string[]) => Promise<void> };

/** A file that is written line by line, `held` characters at a time. Throws Trouble when it cannot be written. */
export async function openLines(path: string, held = 0): Promise<Lines> {
  const file: FileHandle = await open(path, "w").catch((cause: NodeJS.ErrnoException) => {
    throw new Trouble(`${path} cannot be written: ${cause.code ?? cause.message}`, undefined, { cause });
  });
  let waiting = "";
  const flush = async (): Promise<void> => {
    const text = waiting;
    waiting = "";
    await file.appendFile(text);
  };
  return {
    async write(lines) {
      for (const line of lines) waiting += `${line}\n`;
      if (waiting.length > held) await flush();
    },
    async [Symbol.asyncDispose]() {
      await flush();
      await file.close();
    },
  };
}
