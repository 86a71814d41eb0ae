import type { Duplex } from "node:stream";
import { alarm } from "./alarm.ts";
import { SensorError } from "./sensor-error.ts";

/** Reads lines of text as they end; the eighth bit of a byte, which may be its parity, does not count. */
export type LineReader = {
  /** The next whole line, or nothing when none ends within so many milliseconds. Throws SensorError when the line broke. */
  next(milliseconds: number, signal: AbortSignal): Promise<string | undefined>;
  /** Passes over what came before. */
  forget(): void;
};

/** No line of any sensor is longer; what never ends is noise. */
const longest = 4096;

export function lineReader(stream: Duplex): LineReader {
  let text = "";
  let broken: SensorError | undefined;
  const rung = alarm();
  const broke = (): void => {
    broken ??= new SensorError("unplugged", "the line ended");
    rung.ring();
  };
  stream.on("data", (piece: Uint8Array) => {
    text = (text + String.fromCharCode(...piece.map((byte) => byte & 0x7f))).slice(-longest);
    rung.ring();
  });
  stream.once("end", broke).once("close", broke).once("error", broke);
  return {
    forget() {
      text = "";
    },
    async next(milliseconds, signal) {
      const deadline = performance.now() + milliseconds;
      for (;;) {
        signal.throwIfAborted();
        const end = text.indexOf("\n");
        if (end >= 0) {
          const line = text.slice(0, end).replace(/\r$/, "");
          text = text.slice(end + 1);
          return line;
        }
        if (broken) throw broken;
        const left = deadline - performance.now();
        if (left <= 0) return undefined;
        await rung.within(left, signal);
      }
    },
  };
}
