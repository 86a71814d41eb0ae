import type { CityEvent } from "@openkerb/contract";
import type { Outbox } from "../outbox/outbox.ts";

/** So many events may be on their way to the disk before the stage waits for it. */
const mostUnderWay = 1000;

/**
 * Keeps every event. The street is not held up by the disk: events go into the outbox as they come, and only a disk
 * that falls far behind is waited for. Ends when the events end and all of them are kept; throws when one cannot be.
 */
export async function eventsToOutbox(events: AsyncIterable<CityEvent>, outbox: Pick<Outbox, "append">): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let failure: { readonly err: unknown } | undefined;
  try {
    for await (const event of events) {
      const kept = outbox.append([{ event }]).catch((err: unknown) => {
        failure ??= { err };
      });
      underWay.add(kept);
      kept.finally(() => underWay.delete(kept));
      if (underWay.size >= mostUnderWay) await Promise.race(underWay);
      if (failure) throw failure.err;
    }
  } finally {
    await Promise.all(underWay);
  }
  if (failure) throw failure.err;
}
