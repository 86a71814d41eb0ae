/** Something that runs until it is told to stop, or fails. */
export type Task = (stop: AbortSignal) => Promise<void>;

/** True when `err` is only the echo of being told to stop. */
export const endedAsTold = (err: unknown, signal: AbortSignal): boolean =>
  signal.aborted && (err === signal.reason || (err instanceof Error && err.name === "AbortError"));

/** Runs tasks side by side. The first failure stops the others, and none outlives the call. */
export async function together(signal: AbortSignal, ...tasks: readonly Task[]): Promise<void> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  await Promise.all(
    tasks.map((task) =>
      task(stop).catch((err: unknown) => {
        if (!endedAsTold(err, stop)) failed.abort(err);
      }),
    ),
  );
  failed.signal.throwIfAborted();
}
