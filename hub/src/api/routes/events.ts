import { EventPage, Problem, SiteId, type StoredEvent } from "@openkerb/contract";
import { z } from "zod";
import type { Store } from "../../store/store.ts";
import type { Api, ApiParts } from "../parts.ts";

const Query = z.strictObject({
  site: SiteId.optional(),
  after: z.coerce
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe("`next` of an earlier answer; without it, the newest"),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** What happened, event by event, newest last. */
export function eventsRoute(app: Api, { store }: ApiParts): void {
  app.get(
    "/events",
    {
      config: { access: "anyone" },
      schema: {
        tags: ["events"],
        summary: "Events, newest last",
        querystring: Query,
        response: { 200: EventPage, 400: Problem },
      },
    },
    async ({ query: { site, after, limit } }) => {
      // Asked before reading: what is stored meanwhile comes with the next page.
      const last = store.lastEvent();
      if (after === undefined) return { events: await newest(store, last, limit, site), next: last };
      const events = await store.eventsAfter(after, limit, site);
      return { events, next: events.length === limit ? (events.at(-1)?.id ?? after) : Math.max(after, last) };
    },
  );
}

/** The newest of a place may lie far back among those of others: look in ever larger pieces from the end. */
async function newest(store: Store, last: number, limit: number, site: SiteId | undefined): Promise<StoredEvent[]> {
  const first = store.firstEvent();
  let found: StoredEvent[] = [];
  let end = last;
  for (let size = limit; end >= first && end > 0 && found.length < limit; size *= 4) {
    const start = Math.max(0, end - size);
    const piece: StoredEvent[] = [];
    for (let after = start; after < end; ) {
      const page = (await store.eventsAfter(after, 500, site)).filter((e) => e.id <= end);
      piece.push(...page);
      if (page.length < 500) break;
      after = page.at(-1)?.id ?? end;
    }
    found = [...piece, ...found];
    end = start;
  }
  return found.slice(-limit);
}
