import { readFile } from "node:fs/promises";
import { Trouble } from "@openkerb/contract";

/** The largest network file that is taken in, bytes. */
const largest = 1024 ** 3;

/** A server that sends nothing for so long, in milliseconds, is not waited for. */
const patience = 30_000;

/** The bytes of a file on this machine or at an http(s) address. `onBytes` is told how many came and how many to come. */
export async function fetchFile(
  from: string,
  signal: AbortSignal,
  onBytes?: (read: number, of: number | undefined) => void,
  silence = patience,
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
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(new Error(`the server sent nothing for ${silence / 1000} s`)), silence);
  try {
    const response = await fetch(from, { signal: AbortSignal.any([signal, silent.signal]) });
    if (!response.ok || !response.body)
      throw new Error(`the server answered ${response.status} ${response.statusText}`);
    const total = Number(response.headers.get("content-length")) || undefined;
    const parts: Uint8Array[] = [];
    let read = 0;
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      timer.refresh();
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
  } finally {
    clearTimeout(timer);
  }
}
