import { EventPage, Problem, SiteId } from "@openkerb/contract";
import { z } from "zod";
import { newestEvents } from "../newest-events.ts";
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
      if (after === undefined) return { events: await newestEvents(store, last, limit, site), next: last };
      const events = await store.eventsAfter(after, limit, site);
      return { events, next: events.length === limit ? (events.at(-1)?.id ?? after) : Math.max(after, last) };
    },
  );
}
