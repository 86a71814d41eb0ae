import { Trouble } from "@openkerb/contract";
import { SensorError } from "../sensors/sensor-error.ts";
import { type ListenOptions, listen, type Microphone } from "./microphone.ts";

/**
 * Listens to a microphone until there is enough. Throws Trouble when it cannot be heard, and the signal's reason when told
 * to stop before.
 */
export async function listenUntil(
  enough: AbortSignal,
  microphone: Microphone,
  take: (block: Float64Array) => void,
  { signal, input }: ListenOptions,
): Promise<void> {
  try {
    for await (const _ of listen(microphone, take, { signal: AbortSignal.any([signal, enough]), input }));
  } catch (err) {
    signal.throwIfAborted();
    if (err instanceof SensorError) throw new Trouble(err.message, undefined, { cause: err });
    if (!enough.aborted) throw err;
  }
}
