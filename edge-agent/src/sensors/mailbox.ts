import { bell } from "../bell.ts";
import { SensorError } from "./sensor-error.ts";

/** What others bring, for one who fetches it. */
export type Mailbox<T> = {
  /** False when too much lies there already: whoever floods it loses the rest. */
  put(item: T): boolean;
  /** Whoever waits is told that nothing will come any more. */
  close(why: SensorError): void;
  /** The oldest item; throws SensorError after `patience` milliseconds without one, or the signal's reason. */
  take(patience: number, signal: AbortSignal): Promise<T>;
};

const most = 100;

export function mailbox<T>(): Mailbox<T> {
  const items: T[] = [];
  let closed: SensorError | undefined;
  const rung = bell();
  return {
    put(item) {
      if (items.length >= most || closed) return false;
      items.push(item);
      rung.ring();
      return true;
    },
    close(why) {
      closed ??= why;
      rung.ring();
    },
    async take(patience, signal) {
      const deadline = performance.now() + patience;
      for (;;) {
        signal.throwIfAborted();
        const item = items.shift();
        if (item !== undefined) return item;
        if (closed) throw closed;
        const left = deadline - performance.now();
        if (left <= 0) throw new SensorError("silent", "it has sent nothing");
        await rung.heard(signal, left);
      }
    },
  };
}
