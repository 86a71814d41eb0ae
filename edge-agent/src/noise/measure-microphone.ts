import { Trouble } from "@openkerb/contract";
import { listenUntil } from "./listen-until.ts";
import { type Levels, meter } from "./meter.ts";
import type { Microphone, SoundInput } from "./microphone.ts";

export type MeasureOptions = {
  /** Pa at full scale. */
  readonly fullScale: number;
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly input?: SoundInput | undefined;
};

/** A sound card's first second holds the thump of switching on. */
const settling = 1;

/**
 * The levels of so many seconds of a microphone as a whole, without the levels of single seconds, in which speech has a
 * rhythm. Throws Trouble when the microphone cannot be heard.
 */
export async function measureMicrophone(
  microphone: Microphone,
  { fullScale, seconds, signal, input }: MeasureOptions,
): Promise<Omit<Levels, "LAeq1s">> {
  const { rate } = microphone;
  const of = meter(rate);
  const enough = new AbortController();
  let left = (settling + seconds) * rate;
  const take = (block: Float64Array): void => {
    if (left > 0 && left <= seconds * rate) {
      for (let i = 0; i < block.length; i++) block[i] = block[i]! * fullScale;
      of.add(block);
    }
    block.fill(0);
    left -= block.length;
    if (left <= 0) enough.abort();
  };
  try {
    await listenUntil(enough.signal, microphone, take, { signal, input });
  } finally {
    of.forget();
  }
  const levels = of.levels();
  if (!levels) throw new Trouble("Nothing was heard.");
  const { LAeq1s: _, ...whole } = levels;
  return whole;
}
