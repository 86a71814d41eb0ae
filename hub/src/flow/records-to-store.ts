import { randomBytes } from "node:crypto";
import {
  type Ack,
  type CityId,
  type Command,
  type DeviceId,
  type DownStream,
  type Instant,
  minutes,
  type Resend,
  seconds,
} from "@openkerb/contract";
import { addressOf } from "../broker/address.ts";
import type { Broker } from "../broker/broker.ts";
import type { Journal } from "../journal.ts";
import { gapWatch } from "../store/gap-watch.ts";
import { type Committed, type HubRecord, type Store, StoreFailure, type StreamProgress } from "../store/store.ts";

export type RecordsToStoreParts = {
  readonly store: Store;
  readonly send: Broker["send"];
  readonly city: CityId;
  readonly journal: Journal;
  readonly now: () => Instant;
};

/** How often gaps, late acks and a failed store are looked at, milliseconds. */
const tick = 250;
/** Acks to one device are at least this far apart, milliseconds: the last one says everything. */
const ackPause = 10;
/** The longest pause between two looks whether a failed store is back, milliseconds. */
const probePause = 5000;
/** How long and how often a device without a birth is waited for before it is asked for one. */
const birthPause = seconds(1);

type Group = IteratorResult<readonly HubRecord[], unknown> | "tick";

/**
 * Commits each group in one transaction and only then acknowledges it. While the store cannot write, nothing is
 * acknowledged and nothing piles up: the boxes keep what they have and are asked for it when the store is back.
 */
export async function* recordsToStore(
  records: AsyncIterable<readonly HubRecord[]>,
  { store, send, city, journal, now }: RecordsToStoreParts,
): AsyncGenerator<Committed> {
  const watch = gapWatch();
  for (const progress of store.gaps()) watch.see(progress, now());
  const say = (device: DeviceId, stream: DownStream, message: Ack | Resend | Command): boolean =>
    send(addressOf(city, device), stream, JSON.stringify(message));
  const acks = ackQueue((progress) => {
    const { device, epoch, upTo } = progress;
    if (say(device, "ack", { v: 1, epoch, upTo })) journal.acked(1);
  });
  const births = birthQuestions((device) => {
    journal.birthAsked(device);
    const id = randomBytes(8).toString("hex");
    say(device, "command", { v: 1, id, expires: (now() + minutes(1)) as Instant, do: "send-birth" });
  });

  /** What devices said of themselves while the store was away: only the last of each is worth keeping. */
  let facts = new Map<string, HubRecord>();
  let failing = false;
  /** A nearly full disk takes a probe and fails at the next commit: the probes then become rarer. */
  let relapses = 0;
  let probeAfter = 0;

  const commit = (group: readonly HubRecord[]): Committed | undefined => {
    const all = facts.size === 0 ? group : [...facts.values(), ...group];
    const began = performance.now();
    try {
      const committed = store.commit(all);
      facts = new Map();
      if (failing) journal.storeRecovered();
      failing = false;
      const { stored, known } = committed;
      if (stored > 0) relapses = 0;
      journal.committed({ stored, known, seconds: (performance.now() - began) / 1000 });
      return committed;
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error;
      if (!failing) journal.storeFailed(error.code);
      failing = true;
      probeAfter = performance.now() + Math.min(probePause, tick * 2 ** relapses++);
      facts = lastFacts(all);
      journal.storeDropped(group.length);
      return undefined;
    }
  };

  const iterator = records[Symbol.asyncIterator]();
  using clock = ticker(tick);
  let looked = performance.now();
  let coming = iterator.next();
  try {
    for (;;) {
      const group: Group = await Promise.race([coming, clock.next()]);
      if (group !== "tick" && group.done === true) {
        acks.flush();
        return;
      }
      if (group !== "tick") coming = iterator.next();
      const at = now();
      let given: HubRecord[] = group === "tick" ? [] : [...group.value];
      for (const { device } of given) watch.hear(device);
      const look = performance.now() - looked >= tick * 0.9;
      if (look) looked = performance.now();
      if (failing) {
        facts = lastFacts([...facts.values(), ...given]);
        if (given.length > 0) journal.storeDropped(given.length);
        if (!look || performance.now() < probeAfter || !store.probe()) continue;
        given = [];
      }
      if (look) {
        const { ask, gone } = watch.due(at);
        for (const { device, epoch, from, to } of ask) {
          journal.resendAsked(device, epoch, from, to);
          say(device, "resend", { v: 1, epoch, from, to } as Resend);
        }
        births.look(at);
        for (const range of gone) given.push({ kind: "given-up", received: at, ...range });
      }
      if (given.length === 0 && !failing) continue;
      const committed = commit(given);
      if (committed === undefined) continue;
      for (const progress of committed.streams) {
        watch.see(progress, at);
        acks.add(progress);
      }
      for (const device of committed.doubled) journal.deviceDoubled(device);
      for (const device of committed.unborn) births.note(device, at);
      // A box says that it is online before it says who it is; often both come together.
      for (const record of given) if (record.kind === "birth") births.born(record.device);
      for (const { device, epoch, from, to, why } of committed.lost) journal.dataLost(device, epoch, from, to, why);
      yield committed;
    }
  } finally {
    acks.close();
    await iterator.return?.();
  }
}

/** Births, states and health, the last of each device, in the order they came; items are the devices' to keep. */
function lastFacts(records: readonly HubRecord[]): Map<string, HubRecord> {
  const last = new Map<string, HubRecord>();
  for (const record of records) {
    if (record.kind !== "birth" && record.kind !== "state" && record.kind !== "health") continue;
    const key = `${record.device} ${record.kind}`;
    // A map keeps the place of the first; a state must not slip before the birth that it follows.
    last.delete(key);
    last.set(key, record);
  }
  return last;
}

/** Sends the newest ack of every stream: at once when there was none lately, else after a short pause. */
function ackQueue(send: (progress: StreamProgress) => void) {
  const waiting = new Map<string, StreamProgress>();
  const resting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    resting.clear();
    for (const [key, progress] of waiting) {
      send(progress);
      resting.add(key);
    }
    waiting.clear();
    if (resting.size > 0) timer = setTimeout(flush, ackPause);
  };
  return {
    add(progress: StreamProgress): void {
      const key = `${progress.device} ${progress.epoch}`;
      if (resting.has(key)) {
        waiting.set(key, progress);
        return;
      }
      send(progress);
      resting.add(key);
      timer ??= setTimeout(flush, ackPause);
    },
    flush,
    close: () => clearTimeout(timer),
  };
}

/** Who spoke of an outbox before any birth of it. Births follow soon after a connect, so nobody is asked at once. */
function birthQuestions(ask: (device: DeviceId) => void) {
  const waiting = new Map<DeviceId, Instant>();
  return {
    note(device: DeviceId, now: Instant): void {
      if (waiting.size < 10_000 && !waiting.has(device)) waiting.set(device, (now + birthPause) as Instant);
    },
    /** It told of itself; should it speak of another outbox still, it is noted again. */
    born: (device: DeviceId): void => void waiting.delete(device),
    look(now: Instant): void {
      for (const [device, due] of waiting) {
        // Further away than any pause: the hub's clock was set back meanwhile.
        if (now < due && due <= now + birthPause) continue;
        waiting.delete(device);
        ask(device);
      }
    },
  };
}

/** Wakes the loop now and then; what is due is decided by the clock, so a beat nobody heard is no loss. */
function ticker(every: number): Disposable & { next(): Promise<"tick"> } {
  let beat = (_: "tick"): void => {};
  const fresh = (): Promise<"tick"> =>
    new Promise((resolve) => {
      beat = resolve;
    });
  let next = fresh();
  const timer = setInterval(() => {
    beat("tick");
    next = fresh();
  }, every);
  return { next: () => next, [Symbol.dispose]: () => clearInterval(timer) };
}
