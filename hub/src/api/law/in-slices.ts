import { setImmediate } from "node:timers/promises";

/** So long may work go on before whoever waits at the same thread gets a turn, milliseconds. */
const turn = 5;

/** Works through a long calculation a little at a time, so that no other request waits for it. */
export async function inSlices<T>(work: Generator<void, T>): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - since < turn) continue;
    await setImmediate();
    since = performance.now();
  }
}
