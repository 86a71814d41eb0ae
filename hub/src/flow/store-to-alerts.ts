import { type DeviceId, type Instant, type Millis, type StoredEvent, seconds } from "@openkerb/contract";
import type { Patience } from "../alert/presence.ts";
import { tellingKinds } from "../alert/raise.ts";
import type { Journal } from "../journal.ts";
import type { AlertDesk } from "../store/alert-desk.ts";
import type { Committed, MissingRange, Store } from "../store/store.ts";

export type StoreToAlertsParts = {
  readonly desk: AlertDesk;
  readonly store: Pick<Store, "eventsAfter" | "lastEvent" | "devices" | "refusals" | "missing">;
  readonly journal: Journal;
  readonly now: () => Instant;
  readonly patience: Patience;
  /** How often presence, clocks and shelves are looked at. */
  readonly lookEvery: Millis;
  /** A clock nobody can set, milliseconds; what the wall clock gains on it was a jump, not a time of silence. */
  readonly steady?: () => number;
};

/** A wall clock that gains more than this between two looks was set. */
const jump = seconds(5);

/** Milliseconds. What tells something within this is heard together, so that a flood costs few transactions. */
const together = 50;
/** Telling events that may wait; beyond it they are read from the store again instead. */
const waitingLimit = 20_000;
/** The position is written after this many events that told nothing, so that a start has little to read. */
const idleStep = 20_000;
const page = 2000;

/**
 * Hears every stored event exactly once, in the order of ids, and passes each commit on. The position is saved with
 * what came of it; a start begins by reading what was stored but not heard. Most events tell an operator nothing and
 * cost one look at their kind.
 */
export async function* storeToAlerts(
  commits: AsyncIterable<Committed>,
  parts: StoreToAlertsParts,
): AsyncGenerator<Committed> {
  const { desk, store, journal, now, steady = () => performance.now() } = parts;
  const heard = new Map<DeviceId, Instant>();
  const doubled = new Map<DeviceId, Instant>();
  let waiting: StoredEvent[] = [];
  let lost: MissingRange[] = (await store.missing()).filter((r) => isOurFinding(r) && r.noted > desk.noted);
  let upTo = desk.position;
  // What was stored before this start is read first; commits go on meanwhile.
  let behind = true;
  let catching: Promise<void> | undefined;
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
    if (behind || catching) return;
    guarded(() => {
      desk.hear(waiting, upTo);
      waiting = [];
      if (lost.length > 0) desk.hearLost(lost);
      lost = [];
    });
  };
  const catchUp = (): void => {
    if (catching) return;
    behind = false;
    catching = readUp(desk, store)
      .catch((err: unknown) => {
        behind = true;
        if (!failing) journal.alertsFailed(err);
        failing = true;
      })
      .finally(() => {
        catching = undefined;
        upTo = Math.max(upTo, desk.position);
        if (waiting.length + lost.length > 0) hear();
      });
  };
  let seen = { wall: now(), steady: steady() };
  /** The hub's clock was set: every box gets its patience anew, or all of them would be offline at once. */
  const heedJump = (): void => {
    const here = { wall: now(), steady: steady() };
    if (Math.abs(here.wall - seen.wall - (here.steady - seen.steady)) > jump)
      for (const { device } of store.devices()) heard.set(device, here.wall);
    seen = here;
  };
  const look = (): void => {
    heedJump();
    if (behind) catchUp();
    else if (waiting.length + lost.length > 0) hear();
    guarded(() => {
      const future = new Map<DeviceId, Instant>();
      for (const { device, why, last } of store.refusals()) if (why === "future-time") future.set(device, last);
      desk.look({ now: now(), devices: store.devices(), heard, future, doubled, patience: parts.patience });
    });
  };
  const clock = setInterval(look, parts.lookEvery);
  catchUp();

  try {
    for await (const committed of commits) {
      const at = now();
      for (const { device } of committed.streams) heard.set(device, at);
      for (const device of committed.doubled) doubled.set(device, at);
      const { events } = committed;
      for (const event of events) if (tellingKinds.has(event.event.kind)) waiting.push(event);
      lost.push(...committed.lost.filter(isOurFinding));
      upTo = events.at(-1)?.id ?? upTo;
      if (waiting.length > waitingLimit) {
        behind = true;
        waiting = [];
        catchUp();
      }
      if (waiting.length + lost.length > 0) {
        if (performance.now() - last >= together) hear();
        else timer ??= setTimeout(hear, together);
      } else if (upTo - desk.position >= idleStep) hear();
      yield committed;
    }
    await catching;
    if (behind) catchUp();
    await catching;
    hear();
  } finally {
    clearInterval(clock);
    clearTimeout(timer);
  }
}

/** What boxes lost they tell themselves, as events; this is what only the hub can know. */
const isOurFinding = ({ why }: MissingRange): boolean => why === "not-held";

/** Hears what was stored before and not heard yet. */
async function readUp(desk: AlertDesk, store: StoreToAlertsParts["store"]): Promise<void> {
  const end = store.lastEvent();
  let telling: StoredEvent[] = [];
  for (let after = desk.position; after < end; ) {
    const events = await store.eventsAfter(after, page);
    after = events.length === page ? (events.at(-1)?.id ?? end) : end;
    telling.push(...events.filter((e) => tellingKinds.has(e.event.kind)));
    // Heard in large pieces, so that an old flood is as few changes as a new one.
    if (telling.length < page * 5 && after - desk.position < idleStep && after < end) continue;
    desk.hear(telling, after);
    telling = [];
  }
}
