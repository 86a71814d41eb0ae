import { once } from "node:events";
import { parentPort, Worker } from "node:worker_threads";

type Answer = { readonly id: number } & (
  | { readonly value: unknown }
  | { readonly failure: { readonly name: string; readonly message: string } }
);
type Message = "end" | { readonly id: number; readonly question: unknown };

/** A thread of its own for long questions, so that nobody else waits for them. */
export type AskedThread = AsyncDisposable & {
  /** @throws what the thread threw, with its name and message; Error when the thread ended or is closed */
  ask(question: unknown): Promise<unknown>;
};

type Setting = {
  /** A bootstrap that brings its own TypeScript loader and ends in `answerAskers`. */
  readonly script: URL;
  readonly workerData: unknown;
  /** What askers hear when the thread fell over, and when it was closed. */
  readonly words: { readonly ended: string; readonly closed: string };
};

/** The thread starts with the first question. A thread that died is replaced by the next question. */
export function openAskedThread({ script, workerData, words }: Setting): AskedThread {
  let worker: Worker | undefined;
  let closed = false;
  let next = 0;
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();

  const failAll = (error: Error): void => {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const start = (): Worker => {
    const fresh = new Worker(script, { workerData });
    fresh.unref();
    fresh.on("message", (answer: Answer) => {
      const asker = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (waiting.size === 0) fresh.unref();
      if ("value" in answer) asker?.resolve(answer.value);
      else asker?.reject(Object.assign(new Error(answer.failure.message), { name: answer.failure.name }));
    });
    fresh.on("error", failAll);
    fresh.on("exit", () => {
      if (worker === fresh) failAll(new Error(words.ended));
    });
    return fresh;
  };

  return {
    ask(question) {
      if (closed) return Promise.reject(new Error(words.closed));
      worker ??= start();
      const id = ++next;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker?.ref();
        worker?.postMessage({ id, question } satisfies Message);
      });
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      const old = worker;
      failAll(new Error(words.closed));
      if (!old) return;
      // Held again, or the process might end while the thread is still closing its database.
      old.ref();
      const ended = once(old, "exit");
      old.postMessage("end" satisfies Message);
      await ended;
    },
  };
}

/** The thread's own side: answers each question with what `answer` gives, and calls `end` before it goes. */
export function answerAskers(answer: (question: never) => unknown, end: () => void): void {
  const tell = (said: Answer, moved: ArrayBuffer[] = []): void => parentPort?.postMessage(said, moved);
  parentPort?.on("message", async (message: Message) => {
    if (message === "end") {
      end();
      parentPort?.close();
      return;
    }
    const { id, question } = message;
    try {
      const value = await answer(question as never);
      tell({ id, value }, value instanceof Uint8Array ? [value.buffer as ArrayBuffer] : []);
    } catch (error) {
      const { name, message: text } = error instanceof Error ? error : new Error(String(error));
      tell({ id, failure: { name, message: text } });
    }
  });
}
