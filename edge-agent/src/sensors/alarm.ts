/** Wakes one who waits: when it is rung, when the time is over, or when the signal says stop. Whoever wakes looks why. */
export function alarm(): { ring(): void; within(milliseconds: number, signal: AbortSignal): Promise<void> } {
  let wake: () => void = () => undefined;
  return {
    ring: () => wake(),
    within: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const timer = setTimeout(() => wake(), milliseconds);
        wake = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        signal.addEventListener("abort", wake);
      }),
  };
}
