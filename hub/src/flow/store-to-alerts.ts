import type { DeviceId, Instant, Millis, StoredEvent } from "@openkerb/contract";
import type { Patience } from "../alert/presence.ts";
import { tellingKinds } from "../alert/raise.ts";
import type { Journal } from "../journal.ts";
import type { AlertDesk } from "../store/alert-desk.ts";
import type { Committed, Store } from "../store/store.ts";

export type StoreToAlertsParts = {
  readonly desk: AlertDesk;
  readonly store: Pick<Store, "eventsAfter" | "lastEvent" | "devices" | "refusals">;
  readonly journal: Journal;
  readonly now: () => Instant;
  readonly patience: Patience;
  /** How often presence, clocks and shelves are looked at. */
  readonly lookEvery: Millis;
};

/** Milliseconds. What tells something within this is heard together, so that a flood costs few transactions. */
const together = 50;
/** Telling events that may wait; beyond it they are read from the store again instead. */
const waitingLimit = 20_000;
/** The position is written after this many events that told nothing, so that a start has little to read. */
const idleStep = 20_000;
const page = 500;

/**
 * Hears every stored event exactly once, in the order of ids, and passes each commit on. The position is saved with
 * what came of it; a start begins by reading what was stored but not heard. Most events tell an operator nothing and
 * cost one look at their kind.
 */
export async function* storeToAlerts(
  commits: AsyncIterable<Committed>,
  parts: StoreToAlertsParts,
): AsyncGenerator<Committed> {
  const { desk, store, journal, now } = parts;
  await readUp(desk, store);

  const heard = new Map<DeviceId, Instant>();
  let waiting: StoredEvent[] = [];
  let upTo = desk.position;
  let behind = false;
  let timer: NodeJS.Timeout | undefined;
  let last = 0;
  let failing = false;

  const guarded = (work: () => void): void => {
    try {
      work();
      if (failing) journal.alertsRecovered();
      failing = false;
    } catch (err) {
      // The disk may be full. Nothing is lost: the position stays, and the next try hears the same again.
      if (!failing) journal.alertsFailed(err);
      failing = true;
    }
  };
  const hear = (): void => {
    clearTimeout(timer);
    timer = undefined;
    last = performance.now();
    if (behind) return;
    guarded(() => {
      desk.hear(waiting, upTo);
      waiting = [];
    });
  };
  let catching: Promise<void> | undefined;
  const catchUp = (): void => {
    catching ??= readUp(desk, store)
      .then(() => {
        behind = false;
        upTo = Math.max(upTo, desk.position);
      })
      .catch((err: unknown) => journal.alertsFailed(err))
      .finally(() => {
        catching = undefined;
      });
  };
  const look = (): void => {
    if (behind) catchUp();
    else if (waiting.length > 0) hear();
    guarded(() => {
      const future = new Map<DeviceId, Instant>();
      for (const { device, why, last } of store.refusals()) if (why === "future-time") future.set(device, last);
      desk.look({ now: now(), devices: store.devices(), heard, future, patience: parts.patience });
    });
  };
  const clock = setInterval(look, parts.lookEvery);

  try {
    for await (const committed of commits) {
      const at = now();
      for (const { device } of committed.streams) heard.set(device, at);
      const { events } = committed;
      for (const event of events) if (tellingKinds.has(event.event.kind)) waiting.push(event);
      upTo = events.at(-1)?.id ?? upTo;
      if (waiting.length > waitingLimit) {
        behind = true;
        waiting = [];
      }
      if (waiting.length > 0) {
        if (performance.now() - last >= together) hear();
        else timer ??= setTimeout(hear, together);
      } else if (upTo - desk.position >= idleStep) hear();
      yield committed;
    }
    await catching;
    hear();
  } finally {
    clearInterval(clock);
    clearTimeout(timer);
  }
}

/** Hears what was stored before and not heard yet. */
async function readUp(desk: AlertDesk, store: StoreToAlertsParts["store"]): Promise<void> {
  const end = store.lastEvent();
  for (let after = desk.position; after < end; ) {
    const events = await store.eventsAfter(after, page);
    after = events.length === page ? (events.at(-1)?.id ?? end) : end;
    const telling = events.filter((e) => tellingKinds.has(e.event.kind));
    // A page that tells nothing moves the position only now and then.
    if (telling.length > 0 || after - desk.position >= idleStep || after === end) desk.hear(telling, after);
  }
}
