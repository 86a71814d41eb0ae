import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { SiteId } from "@openkerb/contract";
import type { FastifyReply } from "fastify";
import { hour } from "../../air/timestamp.ts";
import { knownSite } from "../known-site.ts";
import type { ApiParts } from "../parts.ts";
import type { Asked, LawQuestion } from "./law-answers.ts";

type Answer = { readonly id: number } & (
  | { readonly body: Uint8Array }
  | { readonly failure: { readonly name: string; readonly message: string } }
);

/** Works out what laws say on a thread of its own: a year of six pollutants takes a second, and nobody else waits for it. */
export type LawThread = AsyncDisposable & {
  /** Sends the answer for a place. @throws Refusal 404 when the place is not known */
  answer<Q extends LawQuestion>(
    reply: FastifyReply,
    parts: Pick<ApiParts, "settings" | "store" | "now">,
    question: Q,
    asked: Asked<Q> & { readonly site: SiteId },
  ): Promise<never>;
};

/** The thread starts with the first question. A thread that died is replaced by the next question. */
export function openLawThread(folder: string): LawThread {
  let worker: Worker | undefined;
  let next = 0;
  const waiting = new Map<number, { resolve: (body: Uint8Array) => void; reject: (error: Error) => void }>();

  const failAll = (error: Error): void => {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const start = (): Worker => {
    const fresh = new Worker(new URL("./law-worker.mjs", import.meta.url), { workerData: { folder } });
    fresh.unref();
    fresh.on("message", (answer: Answer) => {
      const asker = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (waiting.size === 0) fresh.unref();
      if ("body" in answer) asker?.resolve(answer.body);
      else asker?.reject(Object.assign(new Error(answer.failure.message), { name: answer.failure.name }));
    });
    fresh.on("error", failAll);
    fresh.on("exit", () => {
      if (worker === fresh) failAll(new Error("the thread that works out the laws ended"));
    });
    return fresh;
  };

  return {
    async answer(reply, { settings, store, now }, question, asked) {
      knownSite(asked.site, { settings, store }, await store.channels());
      const setting = { air: settings.config.air, until: Math.floor(now() / hour) * hour };
      worker ??= start();
      const id = ++next;
      const body = await new Promise<Uint8Array>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker?.ref();
        worker?.postMessage({ id, question, asked, setting });
      });
      // Bytes go out as they are; the shape was held where they were made.
      void reply.type("application/json; charset=utf-8");
      return Buffer.from(body) as never;
    },
    async [Symbol.asyncDispose]() {
      const old = worker;
      failAll(new Error("the hub is closing"));
      if (!old) return;
      // Held again, or the process might end while the thread is still closing its database.
      old.ref();
      const ended = once(old, "exit");
      old.postMessage("end");
      await ended;
    },
  };
}
