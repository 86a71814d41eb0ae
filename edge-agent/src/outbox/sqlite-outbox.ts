import { join } from "node:path";
import { type Epoch, Trouble } from "@openkerb/contract";
import { makeFolder } from "@openkerb/machine";
import { ballastIn } from "./ballast.ts";
import { entryQueue } from "./entry-queue.ts";
import { growth } from "./growth.ts";
import { type Identity, readIdentity, writeIdentity } from "./identity.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { type Fact, type Outbox, type OutboxOptions, silentOutboxJournal, systemClock } from "./outbox.ts";
import {
  isDamaged,
  isRefused,
  isSqlite,
  type OutboxFile,
  openOutboxFile,
  putAside,
  salvageFirst,
} from "./outbox-file.ts";
import { rhythm } from "./rhythm.ts";

const MiB = 1024 * 1024;
/** One commit takes so much at once; its pages must fit into the log that the ballast makes room for. */
const commitItems = 500;
/** Facts that wait in memory while the disk takes nothing, before the oldest of them are given up. */
const memoryItems = 20_000;
const ackRest = 100;
const retryAfter = 1000;
const housekeeping = 60_000;

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
  const ballast = ballastIn(folder, Math.min(MiB, Math.floor(quota / 8)));
  const queue = entryQueue(memoryItems);
  const grown = growth();
  const beats = rhythm(flush, () => {
    if (!failure && (refused || queue.length > 0)) scheduleWrite();
  });
  let file: OutboxFile;
  let ledger: Ledger;
  /** True while the disk takes nothing. */
  let refused = false;
  let closed = false;
  let failure: Error | undefined;

  openFolder(folder);
  open(readIdentity(identityPath));
  const chores = setInterval(() => {
    keepBallast();
    beats.within(0);
  }, housekeeping).unref();

  /** Opens the file; a damaged one is put aside, and what it held becomes a lost range of its epoch. */
  function open(known: Identity | undefined): void {
    let salvaged: number | undefined;
    try {
      file = openWithRoom();
    } catch (err) {
      if (!isDamaged(err)) throw unusable(err, folder);
      const found = salvageFirst(path);
      salvaged = found && found.epoch === known?.epoch ? found.first : undefined;
      const aside = putAside(path);
      file = openWithRoom();
      journal.outboxDamaged(aside, file.epoch);
    }
    ledger = openLedger({ file, known, salvaged, clock, age, tell, journal, note: noteIdentity });
    keepBallast();
  }

  /** What was found damaged while working is opened anew, which puts it aside. */
  function replace(): void {
    file.close();
    open(ledger.identity);
  }

  /** Does something; when that shows damage there is nothing here any more to do it with. */
  function unlessDamaged<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (err) {
      if (!isDamaged(err)) throw err;
      replace();
      beats.within(0);
      return undefined;
    }
  }

  function openWithRoom(): OutboxFile {
    try {
      return openOutboxFile(path, quota, ballast.size);
    } catch (err) {
      if (!isSqlite(err, "SQLITE_FULL", "SQLITE_IOERR") || !ballast.drop()) throw err;
      return openOutboxFile(path, quota, ballast.size);
    }
  }

  /** While this file cannot be written the numbers go on in memory; a restart starts above them, by the clock. */
  function noteIdentity(identity: Identity): void {
    try {
      writeIdentity(identityPath, identity);
    } catch (err) {
      journal.outboxCannotWrite(err);
    }
  }

  /** Without ballast the outbox must not grow: the last room would go to new items and none be left for forgetting. */
  function keepBallast(): void {
    ballast.keep();
    file.hold(!ballast.there);
  }

  function scheduleWrite(): void {
    if (refused) beats.within(retryAfter);
    else if (queue.length >= commitItems / 2) beats.within(0);
    else beats.afterRest();
  }

  function flush(): void {
    try {
      commit();
    } catch (err) {
      // Whoever appends hears of it; a timer has nobody to throw at.
      failure = err instanceof Error ? err : new Error(String(err));
      queue.refuse(failure);
    }
  }

  /** Writes what waits, making room when there is none. False when the disk takes nothing for now. */
  function commit(attempt = 0): boolean {
    const entries = queue.peek(commitItems);
    const skipped = queue.givenUp;
    try {
      for (let last = 0; ; ) {
        try {
          ledger.write(entries, skipped);
          queue.givenUp -= skipped;
          break;
        } catch (err) {
          if (!isSqlite(err, "SQLITE_FULL") || ledger.depth === 0) throw err;
          if (!file.atLimit() && ballast.drop()) {
            file.hold(true);
            file.settle();
          }
          // Twice as much each time, so that a crowd of large items finds room before long.
          last = Math.min(ledger.depth, Math.max(2 * last, entries.length, Math.ceil(ledger.depth / 8)));
          ledger.makeRoom(last);
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
    grown.tell();
    return true;
  }

  return {
    get epoch() {
      return ledger.epoch;
    },
    append: (facts: readonly Fact[]) => {
      if (closed || failure) return Promise.reject(failure ?? new Error("the outbox is closed"));
      const kept = queue.add(facts);
      if (facts.length > 0) scheduleWrite();
      return kept;
    },
    waiting: (after, portion) => unlessDamaged(() => ledger.waiting(after, portion)) ?? [],
    grown: (after, signal) => grown.until(() => ledger.hasAbove(after), signal),
    acked: (epoch: Epoch, upTo: number) => {
      if (epoch !== ledger.epoch) return "other-epoch";
      const outcome = unlessDamaged(() => ledger.acked(upTo)) ?? "other-epoch";
      if (outcome === "never-appended" || outcome === "other-epoch") return outcome;
      if (outcome === "moved") grown.tell();
      if (!beats.waiting) beats.within(ackRest);
      return "forgotten";
    },
    giveUp: (from, to) => {
      unlessDamaged(() => ledger.giveUp(from, to));
      beats.within(0);
    },
    beginSession: () => ledger.beginSession(),
    standing: () => {
      const { depth, lost, ...rest } = ledger.standing();
      return {
        ...rest,
        depth: depth + queue.length,
        lost: lost + queue.givenUp,
        full: ledger.full || refused,
      };
    },
    [Symbol.asyncDispose]: async () => {
      if (closed) return;
      closed = true;
      clearInterval(chores);
      beats.stop();
      while (!failure && commit() && queue.length > 0);
      queue.refuse(new Error("the outbox was closed while the disk was full"));
      ledger.close();
    },
  };
}

function openFolder(folder: string): void {
  try {
    makeFolder(folder);
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
