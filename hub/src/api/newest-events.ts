import type { SiteId, StoredEvent } from "@openkerb/contract";
import type { Store } from "../store/store.ts";

/**
 * The newest events up to `last`, oldest first. Those of one place may lie far back among those of others, so that
 * this looks in ever larger pieces from the end.
 */
export async function newestEvents(
  store: Pick<Store, "eventsAfter" | "firstEvent">,
  last: number,
  limit: number,
  site: SiteId | undefined,
): Promise<StoredEvent[]> {
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
