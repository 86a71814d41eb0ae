import { type Calibrated, calibrate } from "./calibration.ts";
import { listenUntil } from "./listen-until.ts";
import type { Microphone, SoundInput } from "./microphone.ts";

export type ToneOptions = {
  /** Of the calibrator, dB and Hz. */
  readonly level: number;
  readonly hertz: number;
  /** Seconds of sound after which nobody waits any longer. */
  readonly most: number;
  readonly signal: AbortSignal;
  /** Told once a second why what is heard is not the tone. */
  readonly onWaiting: (why: string) => void;
  readonly input?: SoundInput | undefined;
};

/** The tone has to stand so long, seconds. */
const span = 5;

/**
 * Listens to a microphone until the tone of a field calibrator has stood for five seconds, and gives the sensitivity it
 * shows. Refused with the last reason when it does not come. Throws Trouble when the microphone cannot be heard. Keeps
 * five seconds of sound in memory and overwrites them.
 */
export async function waitForTone(microphone: Microphone, options: ToneOptions): Promise<Calibrated> {
  const { level, hertz, most, signal, onWaiting, input } = options;
  const { rate } = microphone;
  const kept = new Float64Array(span * rate);
  let [heard, due] = [0, span * rate];
  const enough = new AbortController();
  let result: Calibrated = { kind: "refused", why: "nothing was heard" };
  const take = (block: Float64Array): void => {
    if (enough.signal.aborted) return;
    kept.copyWithin(0, block.length);
    kept.set(block, kept.length - block.length);
    block.fill(0);
    heard += block.length;
    if (heard < due) return;
    due += rate;
    result = calibrate(kept, rate, level, hertz);
    if (result.kind === "calibrated" || heard >= most * rate) enough.abort();
    else onWaiting(result.why);
  };
  try {
    await listenUntil(enough.signal, microphone, take, { signal, input });
  } finally {
    kept.fill(0);
  }
  return result;
}
