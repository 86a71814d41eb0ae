import type { Duplex } from "node:stream";
import { bell } from "../bell.ts";
import { SensorError } from "./sensor-error.ts";

/** Reads what a line brings; other readers of the same line hear it too. */
export type ByteReader = Disposable & {
  /** The bytes that came, or nothing when none come within so many milliseconds. Throws SensorError when the line ended. */
  next(milliseconds: number, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Passes over what came before. */
  forget(): void;
};

/** No answer of any sensor is as long; what never ends is noise. */
const longest = 65_536;

export function byteReader(stream: Duplex): ByteReader {
  let kept: Uint8Array = new Uint8Array();
  let ended = stream.destroyed;
  const rung = bell();
  const end = (): void => {
    ended = true;
    rung.ring();
  };
  const hear = (piece: Uint8Array): void => {
    kept = Buffer.concat([kept, piece]).subarray(-longest);
    rung.ring();
  };
  const ends = ["end", "close", "error"] as const;
  stream.on("data", hear);
  for (const event of ends) stream.on(event, end);
  return {
    forget() {
      kept = new Uint8Array();
    },
    async next(milliseconds, signal) {
      const deadline = performance.now() + milliseconds;
      for (;;) {
        signal.throwIfAborted();
        const left = deadline - performance.now();
        // Noise that never pauses would win every race against a timer of no length.
        if (left <= 0) return undefined;
        if (kept.length > 0) {
          const bytes = kept;
          kept = new Uint8Array();
          return bytes;
        }
        if (ended) throw new SensorError("unplugged", "the line ended");
        await rung.heard(signal, left);
      }
    },
    [Symbol.dispose]() {
      stream.off("data", hear);
      for (const event of ends) stream.off(event, end);
    },
  };
}

/** Reads lines of text as they end; the eighth bit of a byte, which may be its parity, does not count. */
export type LineReader = {
  /** The next whole line, or nothing when none ends within so many milliseconds. Throws SensorError when the line ended. */
  next(milliseconds: number, signal: AbortSignal): Promise<string | undefined>;
  forget(): void;
};

export function lineReader(reader: ByteReader): LineReader {
  let text = "";
  return {
    forget() {
      reader.forget();
      text = "";
    },
    async next(milliseconds, signal) {
      const deadline = performance.now() + milliseconds;
      for (;;) {
        const end = text.indexOf("\n");
        if (end >= 0) {
          const line = text.slice(0, end).replace(/\r$/, "");
          text = text.slice(end + 1);
          return line;
        }
        const bytes = await reader.next(deadline - performance.now(), signal);
        if (bytes === undefined) return undefined;
        text = (text + String.fromCharCode(...bytes.map((byte) => byte & 0x7f))).slice(-longest);
      }
    },
  };
}
