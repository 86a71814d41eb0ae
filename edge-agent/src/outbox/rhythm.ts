/** Never sooner after a commit than this many times its duration: a slow card takes a tenth of the thread, not all. */
const restPerCommit = 9;
const shortestRest = 4;
const longestRest = 500;

/** When the next commit is due. Only the earliest wish counts; a commit fulfils all of them. */
export type Rhythm = {
  readonly waiting: boolean;
  /** A commit in so many milliseconds, or sooner if one is due sooner. */
  within(rest: number): void;
  /** A commit as soon as the disk has rested from the last one. */
  afterRest(): void;
  /** No more: what is wished for later is not heard. */
  stop(): void;
};

/** `work` does a commit; `after` says what is wished for then, when it is known how long the commit took. */
export function rhythm(work: () => void, after: () => void): Rhythm {
  let timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  let due = Number.POSITIVE_INFINITY;
  let rested = 0;
  let cost = 0;
  let stopped = false;

  const cancel = (): void => {
    clearTimeout(timer as NodeJS.Timeout);
    clearImmediate(timer as NodeJS.Immediate);
    timer = undefined;
    due = Number.POSITIVE_INFINITY;
  };
  const beat = (): void => {
    cancel();
    const start = performance.now();
    work();
    rested = performance.now();
    cost = rested - start;
    after();
  };
  const within = (rest: number): void => {
    const at = performance.now() + rest;
    if (stopped || (timer !== undefined && due <= at)) return;
    cancel();
    due = at;
    timer = rest < 1 ? setImmediate(beat) : setTimeout(beat, rest);
  };
  return {
    get waiting() {
      return timer !== undefined;
    },
    within,
    afterRest: () => {
      const rest = Math.min(longestRest, Math.max(shortestRest, restPerCommit * cost));
      within(rest - (performance.now() - rested));
    },
    stop: () => {
      stopped = true;
      cancel();
    },
  };
}
