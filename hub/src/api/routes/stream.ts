import { once } from "node:events";
import { say } from "@openkerb/contract";
import { z } from "zod";
import type { Door } from "../door.ts";
import type { Api, ApiParts } from "../parts.ts";
import { Refusal } from "../problem.ts";

/** Milliseconds. A line without meaning, so that both ends notice a connection that is dead. */
const beat = 15_000;
/** Bytes that may wait for a reader; beyond it nothing more is written until they are gone. */
const waitingLimit = 512 * 1024;
/** A reader that takes nothing for so long is let go; it comes again with its last id and misses nothing. */
const slowest = 20_000;
const mostReaders = 200;

/** Live updates as server-sent events. The id of each is where to go on after a break, even of the hub itself. */
export function streamRoute(app: Api, { feed, journal, signal }: ApiParts, door: Door): void {
  let readers = 0;
  app.get(
    "/stream",
    {
      config: { access: "anyone" },
      schema: {
        tags: ["live"],
        summary: "Live updates (text/event-stream)",
        description:
          "Events named event, alert, device and reset; data is a StreamMessage. Without Last-Event-ID it begins now; with it, it goes on exactly there.",
        headers: z.looseObject({ "last-event-id": z.string().max(100).optional() }),
      },
    },
    async (request, reply) => {
      if (readers >= mostReaders) throw new Refusal(503, "too-many", say("refusal.many-screens"));
      const { person, session } = request.visitor;
      const after = request.headers["last-event-id"];
      reply.hijack();
      const out = reply.raw;
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) out.setHeader(name, value);
      out.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" });
      const gone = new AbortController();
      const stop = AbortSignal.any([gone.signal, signal]);
      out.on("close", () => gone.abort());
      out.on("error", () => gone.abort());
      readers++;
      journal.readers(readers);
      // A session that ends in the meantime ends its stream as well.
      const heart = setInterval(() => {
        if (door.visitorOf(door.local ? undefined : session).person !== person) gone.abort();
        else if (out.writableLength < waitingLimit) out.write(": beat\n\n");
      }, beat);
      try {
        out.write("retry: 1500\n\n");
        for await (const text of feed.from(after === "" ? undefined : after, stop)) {
          if (out.write(text) || out.writableLength < waitingLimit) continue;
          const patience = AbortSignal.any([stop, AbortSignal.timeout(slowest)]);
          await once(out, "drain", { signal: patience }).catch(() => {
            if (!stop.aborted) journal.readerDropped();
            gone.abort();
            out.destroy();
          });
        }
      } catch (err) {
        if (!stop.aborted) journal.requestFailed("GET", "/stream", err);
      } finally {
        clearInterval(heart);
        readers--;
        journal.readers(readers);
        out.end();
      }
    },
  );
}
