import { readFile } from "node:fs/promises";
import { Trouble } from "@openkerb/contract";

/** The largest network file that is taken in, bytes. */
const largest = 1024 ** 3;

/** The bytes of a file on this machine or at an http(s) address. `onBytes` is told how many came and how many to come. */
export async function fetchFile(
  from: string,
  signal: AbortSignal,
  onBytes?: (read: number, of: number | undefined) => void,
): Promise<Uint8Array> {
  if (!/^https?:\/\//i.test(from)) {
    try {
      return await readFile(from);
    } catch (cause) {
      throw new Trouble(`${from} cannot be read: ${(cause as Error).message}`, "Give a file or an http(s) address.", {
        cause,
      });
    }
  }
  try {
    const response = await fetch(from, { signal });
    if (!response.ok || !response.body)
      throw new Error(`the server answered ${response.status} ${response.statusText}`);
    const total = Number(response.headers.get("content-length")) || undefined;
    const parts: Uint8Array[] = [];
    let read = 0;
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      parts.push(part);
      read += part.byteLength;
      if (read > largest) throw new Error(`it is larger than ${largest} bytes`);
      onBytes?.(read, total);
    }
    return Buffer.concat(parts);
  } catch (cause) {
    signal.throwIfAborted();
    const { message } = ((cause as Error).cause as Error | undefined) ?? (cause as Error);
    throw new Trouble(`${from} cannot be fetched: ${message}`, "Fetch it by hand and give the file instead.", {
      cause,
    });
  }
}
