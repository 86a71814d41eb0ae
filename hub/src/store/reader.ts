import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Queries } from "./queries.ts";

type Answer = { readonly id: number } & (
  | { readonly value: unknown }
  | { readonly failure: { readonly name: string; readonly message: string } }
);

/** Answers long questions on a thread of its own, so that a chart of a year never holds up the flow. */
export type Reader = AsyncDisposable & {
  ask<Q extends keyof Queries>(question: Q, ...args: Parameters<Queries[Q]>): Promise<ReturnType<Queries[Q]>>;
};

/** The thread starts with the first question. A thread that died is replaced by the next question. */
export function openReader(folder: string): Reader {
  let worker: Worker | undefined;
  let closed = false;
  let next = 0;
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();

  const failAll = (error: Error): void => {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const start = (): Worker => {
    const fresh = new Worker(new URL("./reader-worker.mjs", import.meta.url), { workerData: { folder } });
    fresh.unref();
    fresh.on("message", (answer: Answer) => {
      const asker = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (waiting.size === 0) fresh.unref();
      if ("value" in answer) asker?.resolve(answer.value as never);
      else asker?.reject(Object.assign(new Error(answer.failure.message), { name: answer.failure.name }));
    });
    fresh.on("error", failAll);
    fresh.on("exit", () => {
      if (worker === fresh) failAll(new Error("the thread that reads the store ended"));
    });
    return fresh;
  };

  return {
    ask(question, ...args) {
      if (closed) return Promise.reject(new Error("the store is closed"));
      worker ??= start();
      const id = ++next;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker?.ref();
        worker?.postMessage({ id, question, args });
      });
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      const old = worker;
      failAll(new Error("the store is closed"));
      if (!old) return;
      // Held again, or the process might end while the thread is still closing its database.
      old.ref();
      const ended = once(old, "exit");
      old.postMessage("end");
      await ended;
    },
  };
}
