/** Something happened that may be worth another look. Rings that nobody heard yet are heard at once, together. */
export type Bell = { readonly ring: () => void; readonly heard: (signal: AbortSignal) => Promise<void> };

export function bell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    heard: (signal) =>
      new Promise((resolve, reject) => {
        const end = (): void => {
          wake = undefined;
          signal.removeEventListener("abort", stop);
        };
        const stop = (): void => {
          end();
          reject(signal.reason);
        };
        const hear = (): void => {
          end();
          rung = false;
          resolve();
        };
        if (signal.aborted) return reject(signal.reason);
        if (rung) return hear();
        wake = hear;
        signal.addEventListener("abort", stop);
      }),
  };
}
