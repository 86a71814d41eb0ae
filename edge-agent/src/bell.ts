/** Wakes one who waits; whoever wakes looks why. Rings that nobody heard yet are heard at once, together. */
export type Bell = {
  readonly ring: () => void;
  /** Settles when it rings, when so many milliseconds are over, or when the signal says stop. Never rejects. */
  readonly heard: (signal?: AbortSignal, atMost?: number) => Promise<void>;
};

export function bell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    heard: (signal, atMost) =>
      new Promise((resolve) => {
        const hear = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", hear);
          [wake, rung] = [undefined, false];
          resolve();
        };
        const timer = atMost === undefined ? undefined : setTimeout(hear, atMost);
        if (rung || signal?.aborted) return hear();
        wake = hear;
        signal?.addEventListener("abort", hear);
      }),
  };
}
