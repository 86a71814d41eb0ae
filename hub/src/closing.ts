/** Things to close in the reverse order of their opening. Node 20 lacks AsyncDisposableStack. */
export type Closing = AsyncDisposable & {
  use<T extends AsyncDisposable>(thing: T): T;
  defer(close: () => unknown): void;
};

/** Everything is closed even if something fails to; the first failure is thrown at the end. */
export function openClosing(): Closing {
  const closes: (() => unknown)[] = [];
  return {
    use(thing) {
      closes.push(() => thing[Symbol.asyncDispose]());
      return thing;
    },
    defer: (close) => void closes.push(close),
    async [Symbol.asyncDispose]() {
      const failures: unknown[] = [];
      for (let close = closes.pop(); close; close = closes.pop())
        try {
          await close();
        } catch (err) {
          failures.push(err);
        }
      if (failures.length > 0) throw failures[0];
    },
  };
}
