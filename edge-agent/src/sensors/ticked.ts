import { floorTo, type Instant, minutes } from "@openkerb/contract";
import type { Tick } from "../flow/sensors-to-readings.ts";

const minute = minutes(1);
/** So long after a minute of the clock nothing of it is on its way any more, milliseconds. */
const grace = 200;

/** The items, and between them a tick when a minute of the clock ends, so that what was begun is told in silence too. */
export async function* ticked<T>(items: AsyncIterable<T>, now: () => Instant): AsyncGenerator<T | Tick, void> {
  const source = items[Symbol.asyncIterator]();
  let settled: (() => IteratorResult<T>) | undefined;
  let wake: () => void = () => undefined;
  const pull = (): void => {
    settled = undefined;
    source.next().then(
      (result) => {
        settled = () => result;
        wake();
      },
      (cause: unknown) => {
        settled = () => {
          throw cause;
        };
        wake();
      },
    );
  };
  try {
    pull();
    for (;;) {
      if (settled === undefined) {
        const left = floorTo(now(), minute) + minute + grace - now();
        const timer = setTimeout(() => wake(), left);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        clearTimeout(timer);
      }
      const result = settled?.();
      if (result === undefined) {
        yield { at: now() };
        continue;
      }
      if (result.done) return;
      yield result.value;
      pull();
    }
  } finally {
    // A source that is still waiting ends by its own signal.
    if (settled !== undefined) await source.return?.();
  }
}
