/** Those who wait for an outbox to have more. */
export type Growth = {
  /** Something was added: everybody looks whether it is what they wait for. */
  readonly tell: () => void;
  /** Resolves as soon as `there` says yes, at once if it does already; rejects with the signal's reason. */
  readonly until: (there: () => boolean, signal: AbortSignal) => Promise<void>;
};

export function growth(): Growth {
  const waiters = new Set<() => void>();
  return {
    tell: () => {
      for (const wake of waiters) wake();
    },
    until: (there, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const look = (): void => {
          if (!there()) return;
          end();
          resolve();
        };
        const stop = (): void => {
          end();
          reject(signal.reason);
        };
        const end = (): void => {
          waiters.delete(look);
          signal.removeEventListener("abort", stop);
        };
        waiters.add(look);
        signal.addEventListener("abort", stop);
        look();
      }),
  };
}
