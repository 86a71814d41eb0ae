import { setTimeout as wait } from "node:timers/promises";
import { type Millis, millis, minutes, seconds } from "@openkerb/contract";
import { jitter } from "../jitter.ts";
import { CameraError } from "./camera-error.ts";

/** How long to wait before the next try. `attempt` counts failures in a row from 1; `random` is 0 to 1. */
export type Pause = (attempt: number, error: CameraError, random: number) => Millis;

/**
 * A camera that failed is tried again soon. A refused login is tried every five to ten minutes: often enough to notice
 * the repair, too seldom to lock the account.
 */
export const fullJitter: Pause = (attempt, error, random) =>
  error.trouble !== "login-refused" ? jitter(attempt, random) : millis(minutes(5) * (1 + random));

export type AgainOptions<E extends Error = CameraError> = {
  readonly signal: AbortSignal;
  readonly pause?: (attempt: number, error: E, random: number) => Millis;
  readonly random?: () => number;
  /** A run that gave things for so long counts as healthy: the next failure is a first one. */
  readonly stable?: Millis;
  readonly now?: () => number;
  /** Told of every failure and how long the wait will be. */
  readonly onFailed?: (error: E, attempt: number, pause: Millis) => void;
};

/**
 * The only retry: opens the source anew whenever it fails with CameraError or ends. Everything else is a fault of the
 * program and passes through. Ends by throwing the signal's reason.
 */
export async function* again<T>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  options: AgainOptions,
): AsyncGenerator<T, never> {
  return yield* againAfter(CameraError, () => new CameraError("unreachable", "the stream ended"), open, {
    pause: fullJitter,
    ...options,
  });
}

/** The same for any source that fails with a class of its own; `ended` says what an end without failure counts as. */
export async function* againAfter<T, E extends Error>(
  kind: abstract new (...args: never[]) => E,
  ended: () => E,
  open: (signal: AbortSignal) => AsyncIterable<T>,
  options: AgainOptions<E> & { readonly pause: (attempt: number, error: E, random: number) => Millis },
): AsyncGenerator<T, never> {
  const { signal, pause, random = Math.random, stable = seconds(30), now = () => performance.now() } = options;
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    let first: number | undefined;
    let error: E;
    try {
      for await (const item of open(signal)) {
        first ??= now();
        yield item;
      }
      error = ended();
    } catch (err) {
      signal.throwIfAborted();
      if (!(err instanceof kind)) throw err;
      error = err;
    }
    signal.throwIfAborted();
    if (first !== undefined && now() - first >= stable) attempt = 1;
    const span = pause(attempt, error, random());
    options.onFailed?.(error, attempt, span);
    await wait(span, undefined, { signal }).catch((err: unknown) => {
      signal.throwIfAborted();
      throw err;
    });
  }
}
