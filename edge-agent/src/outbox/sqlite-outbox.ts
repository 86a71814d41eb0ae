import { existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Epoch, type Sequence, Trouble } from "@openkerb/contract";
import { type Entry, entryQueue } from "./entry-queue.ts";
import { type Identity, readIdentity, writeIdentity } from "./identity.ts";
import { forgetTold, type LostRange, rememberLost, unaccounted } from "./lost-ranges.ts";
import {
  type AckOutcome,
  type Fact,
  type Item,
  type Lost,
  type Outbox,
  type OutboxOptions,
  silentOutboxJournal,
  systemClock,
} from "./outbox.ts";
import {
  isDamaged,
  isRefused,
  isSqlite,
  type OutboxFile,
  openOutboxFile,
  putAside,
  salvageFirst,
} from "./outbox-file.ts";

const MiB = 1024 * 1024;
/** One commit takes so much at once; its pages must fit into the log that the ballast makes room for. */
const commitItems = 500;
/** Facts that wait in memory while the disk takes nothing, before the oldest of them are given up. */
const memoryItems = 20_000;
/** Never sooner after a commit than this many times its duration: a slow card takes a tenth of the thread, not all. */
const restPerCommit = 9;
const shortestRest = 4;
const longestRest = 500;
const ackRest = 100;
const retryAfter = 1000;
const housekeeping = 60_000;
/** An outbox can be set back by what a box appends in months; a hub that is further ahead is not to be believed. */
const furthestBack = 100_000_000;

/**
 * An outbox in a folder, on SQLite with FULL synchronisation. Facts that come close together share one commit: the
 * first after a rest is written at once, a crowd at its size, the others after a few milliseconds.
 *
 * It runs in the agent's own thread: a commit costs 0.3 ms on a disk and the rest between commits bounds what a slow
 * card can take, while another thread would double every copy and put a queue between an event and its disk.
 */
export async function openSqliteOutbox(folder: string, options: OutboxOptions): Promise<Outbox> {
  const {
    quota = 256 * MiB,
    age = 30 * 24 * 3_600_000,
    clock = systemClock,
    tell,
    journal = silentOutboxJournal,
  } = options;
  const path = join(folder, "outbox.sqlite");
  const identityPath = join(folder, "outbox.json");
  const ballastPath = join(folder, "outbox.ballast");
  const ballast = Math.min(MiB, Math.floor(quota / 8));

  const queue = entryQueue(memoryItems);
  const waiters = new Set<() => void>();
  let identity: Identity;
  let file: OutboxFile;
  let ranges: readonly LostRange[];
  let next: number;
  /** `next` when the file was opened: from here on this process appended. */
  let opened: number;
  /** The highest number that was given out to be sent. */
  let shown: number;
  let lost: number;
  let depth: number;
  let oldest: ReturnType<OutboxFile["oldest"]>;
  /** Acked by the hub; `forgotten` is how far the file has followed. */
  let ackedTo: number;
  let forgotten: number;
  /** Depth at the last time something was given up for want of room; 0 when that is over. */
  let fullAt = 0;
  let refused = false;
  let closed = false;
  let failure: Error | undefined;
  let timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  let due = Number.POSITIVE_INFINITY;
  let rested = 0;
  let cost = 0;

  makeFolder(folder);
  open();
  const chores = setInterval(() => {
    keepBallast();
    schedule(0);
  }, housekeeping).unref();

  /** Opens the file; a damaged one is put aside, and what it held becomes a lost range of its epoch. */
  function open(): void {
    const known = readIdentity(identityPath);
    let first: number | undefined;
    try {
      file = openWithRoom();
    } catch (err) {
      if (!isDamaged(err)) throw unusable(err, folder);
      const salvaged = salvageFirst(path);
      first = salvaged && salvaged.epoch === known?.epoch ? salvaged.first : undefined;
      const aside = putAside(path);
      file = openWithRoom();
      journal.outboxDamaged(aside, file.epoch);
    }
    ({ next, lost, ranges } = file);
    opened = next;
    shown = next - 1;
    depth = file.count();
    oldest = file.oldest();
    ackedTo = forgotten = (oldest?.sequence ?? next) - 1;
    const ended = (known?.ended ?? []).filter(({ epoch }) => epoch !== file.epoch);
    if (known && known.epoch !== file.epoch) {
      ended.push({ epoch: known.epoch, from: Math.max(known.acked + 1, first ?? 1) });
    }
    // Acked reports of the same epochs went from `ended` when they were acked, so what stands there is to be told.
    for (const { epoch, from } of ended) {
      if (!ranges.some((range) => range.epoch === epoch)) {
        ranges = rememberLost(ranges, { epoch, from, why: "damaged" });
      }
    }
    identity = { v: 1, epoch: file.epoch, acked: ackedTo, session: known?.session ?? 0, ended: ended.slice(-16) };
    noteIdentity();
    keepBallast();
  }

  /** What was found damaged while working is opened anew, which puts it aside. */
  function replace(): void {
    file.close();
    open();
  }

  /** Reads; when that shows damage there is nothing here to be read any more. */
  function reading<T>(look: () => readonly T[]): readonly T[] {
    try {
      return look();
    } catch (err) {
      if (!isDamaged(err)) throw err;
      replace();
      schedule(0);
      return [];
    }
  }

  function openWithRoom(): OutboxFile {
    try {
      return openOutboxFile(path, quota, ballast);
    } catch (err) {
      if (!isSqlite(err, "SQLITE_FULL", "SQLITE_IOERR") || !dropBallast()) throw err;
      return openOutboxFile(path, quota, ballast);
    }
  }

  /** While this file cannot be written the numbers go on in memory; a restart starts above them, by the clock. */
  function noteIdentity(): void {
    try {
      writeIdentity(identityPath, identity);
    } catch (err) {
      journal.outboxCannotWrite(err);
    }
  }

  /**
   * A file that only takes up room, given back to the disk when that is full: even forgetting needs room to be logged.
   * Without it the outbox must not grow, or the last room would go to new items and none be left for making more.
   */
  function keepBallast(): void {
    try {
      const disk = statfsSync(folder);
      if (!existsSync(ballastPath) && disk.bavail * disk.bsize > 2 * ballast) {
        writeFileSync(ballastPath, Buffer.alloc(ballast), { mode: 0o600, flush: true });
      }
    } catch {
      rmSync(ballastPath, { force: true });
    }
    file.hold(!existsSync(ballastPath));
  }

  function dropBallast(): boolean {
    if (!existsSync(ballastPath)) return false;
    rmSync(ballastPath, { force: true });
    return true;
  }

  function schedule(rest: number): void {
    const at = performance.now() + rest;
    if (closed || (timer !== undefined && due <= at)) return;
    unschedule();
    due = at;
    timer = rest < 1 ? setImmediate(flush) : setTimeout(flush, rest);
  }

  function unschedule(): void {
    clearTimeout(timer as NodeJS.Timeout);
    clearImmediate(timer as NodeJS.Immediate);
    timer = undefined;
    due = Number.POSITIVE_INFINITY;
  }

  function scheduleWrite(): void {
    const rest = Math.min(longestRest, Math.max(shortestRest, restPerCommit * cost));
    const crowd = queue.length >= commitItems / 2;
    schedule(refused ? retryAfter : crowd ? 0 : rest - (performance.now() - rested));
  }

  function flush(): void {
    unschedule();
    const start = performance.now();
    try {
      const wrote = commit();
      rested = performance.now();
      cost = rested - start;
      if (!wrote || queue.length > 0) scheduleWrite();
    } catch (err) {
      // Whoever appends hears of it; a timer has nobody to throw at.
      failure = err instanceof Error ? err : new Error(String(err));
      queue.refuse(failure);
    }
  }

  /** Writes what waits, making room when there is none. False when the disk takes nothing for now. */
  function commit(attempt = 0): boolean {
    const entries = queue.peek(commitItems);
    try {
      for (let last = 0; ; ) {
        try {
          write(entries);
          break;
        } catch (err) {
          if (!isSqlite(err, "SQLITE_FULL") || depth === 0) throw err;
          if (!file.atLimit() && dropBallast()) {
            file.hold(true);
            file.settle();
          }
          // Twice as much each time, so that a crowd of large items finds room before long.
          last = Math.min(depth, Math.max(2 * last, entries.length, Math.ceil(depth / 8)));
          makeRoom(last);
        }
      }
    } catch (err) {
      if (isDamaged(err) && attempt < 2) {
        replace();
        return commit(attempt + 1);
      }
      if (!isRefused(err)) throw err;
      if (!refused) journal.outboxCannotWrite(err);
      refused = true;
      return false;
    }
    if (refused) journal.outboxWritesAgain();
    refused = false;
    queue.done(entries.length);
    for (const wake of waiters) wake();
    return true;
  }

  function write(entries: readonly Entry[]): void {
    const at = clock.now();
    let number = next;
    let count = lost;
    let story = ranges;
    let forget = ackedTo;
    const loseTo = (to: number, from: number, why: Lost["why"]): void => {
      story = rememberLost(story, { epoch: file.epoch, from, to, why });
      count += to - from + 1;
    };
    const skipped = queue.givenUp;
    if (skipped > 0) {
      loseTo(number + skipped - 1, number, "disk-full");
      number += skipped;
    }
    const aged = clock.trusted() ? file.lastBefore(at - age) : undefined;
    if (aged !== undefined && aged > forget) {
      loseTo(aged, Math.max(oldest?.sequence ?? 1, forget + 1), "age");
      forget = aged;
    }
    const items: Item[] = [];
    story = story.map((range) => {
      if (range.told !== undefined) return range;
      const { told: _, ...untold } = range;
      items.push({ sequence: number as Sequence, kept: at, kind: "event", body: JSON.stringify(tell(untold, at)) });
      return { ...range, told: number++ };
    });
    for (const { kind, body } of entries) items.push({ sequence: number++ as Sequence, kept: at, kind, body });
    const changed = story.length !== ranges.length || story.some((range, i) => range !== ranges[i]);
    if (items.length === 0 && !changed && forget === forgotten && number === next) return;
    const gone = file.write({ forget, items, ranges: changed ? story : ranges, next: number, lost: count });
    if (aged !== undefined && count - lost > skipped) journal.outboxGaveUp(count - lost - skipped, "age");
    if (skipped > 0) journal.outboxGaveUp(skipped, "disk-full");
    queue.givenUp -= skipped;
    if (changed) ranges = story;
    next = number;
    lost = count;
    forgotten = ackedTo = Math.max(ackedTo, forget);
    depth += items.length - gone;
    oldest = gone > 0 || !oldest ? file.oldest() : oldest;
    if (depth < fullAt * 0.75) fullAt = 0;
  }

  /** Gives up the oldest `count` items, remembering which. What is acked goes first and may be enough. */
  function makeRoom(count: number): void {
    if (ackedTo > forgotten) {
      depth -= file.write({ forget: ackedTo, ranges, next, lost });
      forgotten = ackedTo;
      oldest = file.oldest();
      return;
    }
    const first = oldest?.sequence;
    const to = file.numberOf(count);
    if (first === undefined || to === undefined) return;
    const story = rememberLost(ranges, { epoch: file.epoch, from: first, to, why: "disk-full" });
    const gone = file.write({ forget: to, ranges: story, next, lost: lost + count });
    journal.outboxGaveUp(gone, "disk-full");
    fullAt = depth;
    depth -= gone;
    lost += gone;
    ranges = story;
    forgotten = ackedTo = to;
    oldest = file.oldest();
  }

  /**
   * The hub has numbers of this epoch that nobody has sent: the file is older than it should be. It would take what
   * was appended since for what it knows, so that gets new numbers; what was here before, the hub has.
   */
  function goBeyond(upTo: number): boolean {
    if (file.fresh || upTo - next > furthestBack) return false;
    const by = upTo + 1 - opened;
    const story = ranges.map((range): LostRange => {
      const { told, ...untold } = range;
      const kept = told !== undefined && told < opened ? range : untold;
      if (range.epoch !== file.epoch || range.from < opened || range.to === undefined) return kept;
      return { ...kept, from: range.from + by, to: range.to + by };
    });
    try {
      journal.outboxSetBack(file.renumber(opened, by, story, next + by));
    } catch (err) {
      // Asked again with the next ack.
      if (isRefused(err)) return false;
      throw err;
    }
    next += by;
    opened += by;
    shown = upTo;
    ranges = story;
    oldest = file.oldest();
    for (const wake of waiters) wake();
    return true;
  }

  function acked(epoch: Epoch, upTo: number): AckOutcome {
    if (epoch !== file.epoch) return "other-epoch";
    if (upTo > shown && !goBeyond(upTo) && upTo >= next) return "never-appended";
    if (upTo <= ackedTo) return "forgotten";
    ackedTo = upTo;
    const untold = forgetTold(ranges, upTo);
    if (untold.length < ranges.length) ranges = untold;
    const ended = identity.ended.filter((old) => ranges.some((range) => range.epoch === old.epoch));
    if (ended.length < identity.ended.length) {
      identity = { ...identity, ended, acked: ackedTo };
      noteIdentity();
    }
    if (timer === undefined) schedule(ackRest);
    return "forgotten";
  }

  return {
    get epoch() {
      return file.epoch;
    },
    append: (facts: readonly Fact[]) => {
      if (closed || failure) return Promise.reject(failure ?? new Error("the outbox is closed"));
      const kept = queue.add(facts);
      if (facts.length > 0) scheduleWrite();
      return kept;
    },
    waiting: (after, portion) => {
      const items = reading(() => file.read(Math.max(after, ackedTo), portion));
      shown = Math.max(shown, items.at(-1)?.sequence ?? 0);
      return items;
    },
    grown: (after, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const look = (): void => {
          if (depth === 0 || next - 1 <= Math.max(after, ackedTo)) return;
          end();
          resolve();
        };
        const stop = (): void => {
          end();
          reject(signal.reason);
        };
        const end = (): void => {
          waiters.delete(look);
          signal.removeEventListener("abort", stop);
        };
        waiters.add(look);
        signal.addEventListener("abort", stop);
        look();
      }),
    acked,
    giveUp: (from, to) => {
      const last = Math.min(to, next - 1);
      const { epoch } = file;
      const kept = reading(() => file.numbers(from, last));
      if (file.epoch !== epoch) return;
      const own = ranges.filter((range) => range.epoch === file.epoch);
      for (const [first, end] of unaccounted(from, last, kept, own)) {
        ranges = rememberLost(ranges, { epoch: file.epoch, from: first, to: end, why: "age" });
      }
      schedule(0);
    },
    beginSession: () => {
      // The clock as a floor: a box that replaces a dead one must not begin below it.
      const session = Math.max(identity.session + 1, Math.floor(Date.now() / 1000));
      identity = { ...identity, session, acked: ackedTo };
      noteIdentity();
      return session;
    },
    standing: () => ({
      // What is acked goes from the disk a moment later.
      depth: Math.max(0, depth - (ackedTo - forgotten)) + queue.length,
      ...(oldest && depth > 0 ? { oldest: oldest.kept } : {}),
      next: next as Sequence,
      acked: ackedTo,
      lost: lost + queue.givenUp,
      full: fullAt > 0 || refused,
      damaged: ranges.some(({ why }) => why === "damaged"),
    }),
    [Symbol.asyncDispose]: async () => {
      if (closed) return;
      closed = true;
      clearInterval(chores);
      unschedule();
      while (!failure && commit() && queue.length > 0);
      queue.refuse(new Error("the outbox was closed while the disk was full"));
      identity = { ...identity, acked: ackedTo };
      noteIdentity();
      file.close();
    },
  };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (err) {
    throw unusable(err, folder);
  }
}

function unusable(err: unknown, folder: string): unknown {
  if (err instanceof Trouble || !(err instanceof Error)) return err;
  return new Trouble(`the data folder ${folder} cannot be used: ${err.message}`, "choose another with --data", {
    cause: err,
  });
}
