import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type HubConfig, hours, type Instant, type Millis, minutes } from "@openkerb/contract";
import type { Journal } from "../journal.ts";
import { type ClockSight, leapOf, retentionClock } from "./retention-clock.ts";
import type { SqliteStore } from "./sqlite-store.ts";
import { daySpan } from "./store.ts";

export type Broom = AsyncDisposable & {
  /** Why nothing is deleted, and what to do, in words; undefined while all is well. */
  readonly trouble: () => string | undefined;
};

type BroomParts = {
  readonly store: SqliteStore;
  readonly folder: string;
  readonly keep: HubConfig["keep"];
  readonly now: () => Instant;
  /** A clock that nobody can set, milliseconds. */
  readonly steady?: () => number;
  readonly every?: Millis;
  readonly journal: Pick<Journal, "clockAhead" | "clockPlausible" | "sweepFailed">;
};

/** A person's word that the clock is right counts for the time it was given at, not for whatever comes later. */
const wordHolds = hours(1);
const wordFile = (folder: string): string => join(folder, "clock-confirmed");

/** `openkerb hub trust-clock`: tells the hub of this folder, running or not, that the clock of this machine is right. */
export const confirmClock = (folder: string, now: Instant): void =>
  writeFileSync(wordFile(folder), `${now}\n`, { mode: 0o600 });

/** Deletes what is older than it may be kept, a little at a time, and nothing by a clock that leapt ahead. */
export function openBroom(parts: BroomParts): Broom {
  const { store, folder, keep, now, steady = () => performance.now(), every = minutes(1), journal } = parts;
  const kept = Math.min(keep.eventDays, keep.minuteDays) * daySpan;
  const clock = retentionClock(store.database, { now, steady, leap: leapOf(kept as Millis) });
  let ahead: Extract<ClockSight, { kind: "ahead" }> | undefined;
  let soon: NodeJS.Immediate | undefined;

  const look = (): ClockSight => {
    let sight = clock.look();
    if (sight.kind === "ahead" && isConfirmed(folder, sight.now)) {
      clock.confirm();
      rmSync(wordFile(folder), { force: true });
      sight = { kind: "plausible", now: sight.now };
    }
    if (sight.kind === "ahead") {
      if (!ahead) journal.clockAhead(sight.now, sight.expected);
      ahead = sight;
    } else {
      if (ahead) journal.clockPlausible();
      ahead = undefined;
    }
    return sight;
  };
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (err) {
      journal.sweepFailed(err);
    }
  };
  const sweep = (): void =>
    guarded(() => {
      soon = undefined;
      // Looked at before every step: a leap in the middle of a long sweep must not be the last word.
      const sight = look();
      if (sight.kind === "ahead") return;
      const before = (days: number): Instant => Math.max(0, sight.now - days * daySpan) as Instant;
      const more = store.prune({ events: before(keep.eventDays), minutes: before(keep.minuteDays) });
      if (more) soon = setImmediate(sweep);
    });

  guarded(look);
  const beat = setInterval(() => soon ?? sweep(), every);
  return {
    trouble: () => ahead && sentence(ahead),
    async [Symbol.asyncDispose]() {
      clearInterval(beat);
      clearImmediate(soon);
    },
  };
}

function isConfirmed(folder: string, now: Instant): boolean {
  try {
    return Math.abs(now - Number(readFileSync(wordFile(folder), "utf8"))) <= wordHolds;
  } catch {
    return false;
  }
}

function sentence({ now, expected }: { now: Instant; expected: Instant }): string {
  const days = Math.round((now - expected) / daySpan);
  const by = days > 1 ? `${days} days` : `${Math.round((now - expected) / hours(1))} hours`;
  return `The clock of this machine says ${dateOf(now)}, ${by} later than the hub expected. Nothing old is deleted until that is settled. Set the clock right; if it is right (the hub was off for long, or an older copy of its data was put back), run: openkerb hub trust-clock`;
}

const dateOf = (at: Instant): string => (at < 8.64e15 ? new Date(at).toISOString().slice(0, 10) : "an impossible date");
