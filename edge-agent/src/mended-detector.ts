import { setTimeout as wait } from "node:timers/promises";
import { type Millis, minutes } from "@openkerb/contract";
import type { Detector } from "./detector/detector.ts";
import { DetectorError } from "./detector/detector-error.ts";
import { jitter } from "./jitter.ts";

export type Mending = {
  readonly signal: AbortSignal;
  /** Told of each failure and of how long the wait for the next try will be. */
  readonly onFailed: (err: DetectorError, pause: Millis) => void;
  /** Told when a frame was looked at again after a failure. */
  readonly onMended: () => void;
  /** How long to wait after so many failures in a row, from 1. */
  readonly pause?: (failures: number) => Millis;
};

const usualPause = (failures: number): Millis => jitter(failures, Math.random(), { most: minutes(1) });

/**
 * A detector that is opened anew when it fails. While that takes, every call fails at once with a DetectorError: the
 * street goes on, and a frame nobody looked at is better said than waited for. Throws what the first opening throws.
 */
export async function mendedDetector(
  open: () => Promise<Detector>,
  { signal, onFailed, onMended, pause = usualPause }: Mending,
): Promise<Detector> {
  let current: Detector | undefined = await open();
  const { model } = current;
  let failures = 0;
  let mending: Promise<void> = Promise.resolve();
  const closed = new AbortController();
  const stop = AbortSignal.any([signal, closed.signal]);

  async function mend(broken: Detector, err: DetectorError): Promise<void> {
    let cause = err;
    await broken[Symbol.asyncDispose]();
    while (!stop.aborted) {
      const span = pause(++failures);
      onFailed(cause, span);
      try {
        await wait(span, undefined, { signal: stop });
        const opened = await open();
        if (stop.aborted) await opened[Symbol.asyncDispose]();
        else current = opened;
        return;
      } catch (again) {
        if (stop.aborted) return;
        if (!(again instanceof DetectorError)) throw again;
        cause = again;
      }
    }
  }

  return {
    model,
    detect: async (frame) => {
      const used = current;
      if (!used) {
        // A fault of the program while mending is passed to whoever asks next.
        await Promise.race([mending, undefined]);
        throw new DetectorError("lost", `the detector ${model.name} is being started again`);
      }
      try {
        const found = await used.detect(frame);
        if (failures > 0 && used === current) {
          failures = 0;
          onMended();
        }
        return found;
      } catch (err) {
        if (err instanceof DetectorError && used === current && !stop.aborted) {
          current = undefined;
          mending = mend(used, err);
          mending.catch(() => undefined);
        }
        throw err;
      }
    },
    [Symbol.asyncDispose]: async () => {
      closed.abort();
      await mending;
      await current?.[Symbol.asyncDispose]();
    },
  };
}
