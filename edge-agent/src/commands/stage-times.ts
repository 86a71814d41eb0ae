/** Milliseconds that each stage of the flow was at work. */
export type StageTimes = { frames: number; detector: number; tracks: number; events: number };

const now = (): number => performance.now();

/** Counts the time somebody waits for `source`, what stands behind it included. */
export async function* waitedFor<T>(
  source: AsyncIterable<T>,
  add: (milliseconds: number) => void,
): AsyncGenerator<T, void, undefined> {
  let begun = now();
  for await (const item of source) {
    add(now() - begun);
    yield item;
    begun = now();
  }
  add(now() - begun);
}

/** Counts the time in which at least one call is under way: calls that overlap count once. */
export function busy<A extends readonly unknown[], R>(
  work: (...args: A) => Promise<R>,
  add: (milliseconds: number) => void,
): (...args: A) => Promise<R> {
  let underWay = 0;
  let begun = 0;
  return async (...args) => {
    if (underWay++ === 0) begun = now();
    try {
      return await work(...args);
    } finally {
      if (--underWay === 0) add(now() - begun);
    }
  };
}
