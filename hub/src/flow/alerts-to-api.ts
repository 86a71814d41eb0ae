import type { DeviceId, DeviceView, Instant, StreamMessage } from "@openkerb/contract";
import { type Cursor, cursorId, readCursor } from "../api/cursor.ts";
import type { AlertAtLine, AlertTable } from "../store/alert-table.ts";
import type { Committed, Store } from "../store/store.ts";

/** Live updates for screens: server-sent events as text, ready to be written. */
export type Feed = {
  /** Alerts have changed. */
  alertsChanged(): void;
  /**
   * Everything after the id, then whatever happens; without an id, from now on. Taken at the reader's pace: a slow one
   * is caught up from the database and holds nothing here.
   */
  from(id: string | undefined, signal: AbortSignal): AsyncIterable<string>;
};

export type FeedParts = {
  readonly store: Pick<Store, "eventsAfter" | "lastEvent" | "firstEvent" | "devices" | "device">;
  readonly alerts: Pick<AlertTable, "changedAfter" | "lastLine">;
  readonly alertMessage: (alert: AlertAtLine["alert"]) => StreamMessage;
  /** Which database the ids belong to. */
  readonly hub: string;
  readonly now: () => Instant;
};

type Entry = { readonly message: StreamMessage; readonly cursor: Cursor; text?: string };
type Reader = { queue: Entry[]; wake: () => void; overrun: boolean };

/** Entries that may wait for one reader before it is caught up from the database instead. */
const queueLimit = 2000;
const pageSize = 500;
/** Who is further behind than this loads anew: that is quicker than hearing it all. */
const furthest = 50_000;
/** A device's change may reach us this much later than the hub time written on it, milliseconds. */
const lateness = 10_000;

/** Passes every commit on to those who look, and gives the feed they look at. */
export function openFeed({
  store,
  alerts,
  alertMessage,
  hub,
  now,
}: FeedParts): Feed & { committed(c: Committed): void } {
  const readers = new Set<Reader>();
  let line = alerts.lastLine();
  let event = store.lastEvent();
  let moment: Instant = now();
  const here = (): Cursor => ({ event, line, moment });

  const give = (message: StreamMessage): void => {
    const entry: Entry = { message, cursor: here() };
    for (const reader of readers) {
      if (reader.queue.length >= queueLimit) {
        reader.overrun = true;
        reader.queue = [];
      }
      if (!reader.overrun) reader.queue.push(entry);
      reader.wake();
    }
  };
  const textOf = (entry: Entry): string => {
    entry.text ??= frame(entry.message, cursorId(hub, entry.cursor));
    return entry.text;
  };

  /**
   * What the database knows after a cursor, in pages, up to the moment of the first call. The reader's queue gathers
   * what happens from that same moment on, so that nothing is missing between the two and nothing is in both.
   */
  async function* catchUp(from: Cursor, signal: AbortSignal): AsyncGenerator<string, Cursor> {
    const target = here();
    let at = from;
    while (at.event < target.event && !signal.aborted) {
      const page = await store.eventsAfter(at.event, pageSize);
      const wanted = page.filter((e) => e.id <= target.event);
      if (wanted.length === 0) break;
      yield wanted
        .map((stored) => {
          at = { ...at, event: stored.id };
          return frame({ type: "event", stored }, cursorId(hub, at));
        })
        .join("");
    }
    at = { ...at, event: target.event };
    for (;;) {
      const page = alerts.changedAfter(at.line, pageSize).filter((a) => a.line <= target.line);
      if (page.length === 0) break;
      const texts = page.map(({ line, alert }) => {
        at = { ...at, line };
        return frame(alertMessage(alert), cursorId(hub, at));
      });
      yield texts.join("");
    }
    at = { ...at, line: target.line };
    const devices = store.devices().filter((d) => Math.max(d.since, d.heard ?? 0) > from.moment - lateness);
    const texts = devices.map((device) => frame({ type: "device", device }, cursorId(hub, at)));
    at = target;
    // The last id stands for all of it, also when there was nothing to say.
    yield `${texts.join("")}id: ${cursorId(hub, at)}\n\n`;
    return at;
  }

  async function* from(id: string | undefined, signal: AbortSignal): AsyncGenerator<string> {
    let wake = (): void => {};
    const reader: Reader = { queue: [], wake: () => wake(), overrun: true };
    const end = (): void => wake();
    signal.addEventListener("abort", end);
    readers.add(reader);
    try {
      let at = id === undefined ? here() : readCursor(id, hub);
      if (at && !reaches(at)) at = undefined;
      if (!at) {
        at = here();
        yield frame({ type: "reset" }, cursorId(hub, at));
      }
      while (!signal.aborted) {
        if (reader.overrun) {
          reader.overrun = false;
          if (event - at.event > furthest) {
            at = here();
            reader.queue = [];
            yield frame({ type: "reset" }, cursorId(hub, at));
          }
          at = yield* catchUp(at, signal);
        }
        if (reader.queue.length === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
            if (signal.aborted || reader.queue.length > 0 || reader.overrun) resolve();
          });
          continue;
        }
        const entries = reader.queue;
        reader.queue = [];
        at = entries.at(-1)?.cursor ?? at;
        yield entries.map(textOf).join("");
      }
    } finally {
      readers.delete(reader);
      signal.removeEventListener("abort", end);
    }
  }

  /** Whether everything after the cursor is still there, and not more than anybody wants to hear. */
  const reaches = (at: Cursor): boolean => {
    if (at.event > event || at.line > alerts.lastLine() || event - at.event > furthest) return false;
    const oldest = store.firstEvent();
    return oldest === 0 ? at.event === event : at.event >= oldest - 1;
  };

  return {
    from,
    committed({ events, devices }) {
      moment = Math.max(moment, now()) as Instant;
      if (readers.size === 0) {
        event = events.at(-1)?.id ?? event;
        return;
      }
      for (const stored of events) {
        event = stored.id;
        give({ type: "event", stored });
      }
      for (const device of views(devices, store)) give({ type: "device", device });
    },
    alertsChanged() {
      if (readers.size === 0) {
        line = alerts.lastLine();
        return;
      }
      for (;;) {
        const page = alerts.changedAfter(line, pageSize);
        for (const changed of page) {
          line = changed.line;
          give(alertMessage(changed.alert));
        }
        if (page.length < pageSize) return;
      }
    },
  };
}

/** The last stage: what was stored and what came of it goes to the screens. Ends with the commits. */
export async function alertsToApi(
  commits: AsyncIterable<Committed>,
  feed: { committed(c: Committed): void },
): Promise<void> {
  for await (const committed of commits) feed.committed(committed);
}

const views = (ids: readonly DeviceId[], store: FeedParts["store"]): DeviceView[] =>
  ids.map((id) => store.device(id)).filter((d) => d !== undefined);

const frame = (message: StreamMessage, id: string): string =>
  `event: ${message.type}\nid: ${id}\ndata: ${JSON.stringify(message)}\n\n`;
