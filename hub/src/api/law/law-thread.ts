import type { SiteId } from "@openkerb/contract";
import type { FastifyReply } from "fastify";
import { hour } from "../../air/timestamp.ts";
import { openAskedThread } from "../../asked-thread.ts";
import { knownSite } from "../known-site.ts";
import type { ApiParts } from "../parts.ts";
import type { Asked, LawQuestion } from "./law-answers.ts";
import type { Setting } from "./law-store.ts";

/** Works out what laws say on a thread of its own: a year of six pollutants takes a second, and nobody else waits for it. */
export type LawThread = AsyncDisposable & {
  /** Sends the answer for a place. @throws Refusal 404 when the place is not known */
  answer<Q extends LawQuestion>(
    reply: FastifyReply,
    parts: Pick<ApiParts, "settings" | "store" | "now">,
    name: Q,
    asked: Asked<Q> & { readonly site: SiteId },
  ): Promise<never>;
};
export type Question = { readonly name: LawQuestion; readonly asked: unknown; readonly setting: Setting };

export function openLawThread(folder: string): LawThread {
  const thread = openAskedThread({
    script: new URL("./law-worker.mjs", import.meta.url),
    workerData: { folder },
    words: { ended: "the thread that works out the laws ended", closed: "the hub is closing" },
  });
  return {
    async answer(reply, { settings, store, now }, name, asked) {
      knownSite(asked.site, { settings, store }, await store.channels());
      const setting = { air: settings.config.air, until: Math.floor(now() / hour) * hour };
      const body = await thread.ask({ name, asked, setting } satisfies Question);
      // Bytes go out as they are; the shape was held where they were made.
      void reply.type("application/json; charset=utf-8");
      return Buffer.from(body as Uint8Array) as never;
    },
    [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
  };
}
