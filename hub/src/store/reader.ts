import { openAskedThread } from "../asked-thread.ts";
import type { Queries } from "./queries.ts";

/** Answers long questions on a thread of its own, so that a chart of a year never holds up the flow. */
export type Reader = AsyncDisposable & {
  ask<Q extends keyof Queries>(question: Q, ...args: Parameters<Queries[Q]>): Promise<ReturnType<Queries[Q]>>;
};
export type Question = { readonly name: keyof Queries; readonly args: readonly unknown[] };

export function openReader(folder: string): Reader {
  const thread = openAskedThread({
    script: new URL("./reader-worker.mjs", import.meta.url),
    workerData: { folder },
    words: { ended: "the thread that reads the store ended", closed: "the store is closed" },
  });
  return {
    ask: (name, ...args) => thread.ask({ name, args } satisfies Question) as Promise<never>,
    [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
  };
}
