import type { CityEvent, Instant, Sequence } from "@openkerb/contract";
import type { Entry } from "./entry-queue.ts";
import type { Identity } from "./identity.ts";
import { itemAge } from "./item-age.ts";
import { forgetTold, type LostRange, rememberLost, unaccounted } from "./lost-ranges.ts";
import type { AckOutcome, Item, Lost, OutboxJournal, OutboxOptions, Portion } from "./outbox.ts";
import { isRefused, type OutboxFile } from "./outbox-file.ts";

/** An outbox can be set back by what a box appends in months; a hub that is further ahead is not to be believed. */
const furthestBack = 100_000_000;

type LedgerParts = {
  readonly file: OutboxFile;
  /** What the identity file said, of this epoch or of an earlier one. */
  readonly known: Identity | undefined;
  /** The first number that was still found in a damaged file of the known epoch. */
  readonly salvaged: number | undefined;
  readonly clock: NonNullable<OutboxOptions["clock"]>;
  readonly age: number;
  readonly tell: (lost: Lost, at: Instant) => CityEvent;
  readonly journal: OutboxJournal;
  /** Writes down who this outbox is; must not throw. */
  readonly note: (identity: Identity) => void;
};

/** What is in an outbox file, by numbers: which were given out, acked, lost, and which come next. */
export type Ledger = ReturnType<typeof openLedger>;

/** Synchronous; throws SqliteError and then has changed nothing. */
export function openLedger({ file, known, salvaged, clock, age, tell, journal, note }: LedgerParts) {
  const { epoch } = file;
  const own = known?.epoch === epoch ? known : undefined;
  const ages = itemAge(age, () => clock.now(), clock.steady ?? (() => performance.now()));
  let { next, lost, ranges } = file;
  let depth = file.count();
  let oldest = file.oldest();
  /** Acked by the hub; `forgotten` is how far the file has followed. */
  let ackedTo = (oldest?.sequence ?? next) - 1;
  let forgotten = ackedTo;
  /** Depth at the last time something was given up for want of room; 0 when that is over. */
  let fullAt = 0;
  /** From here on nothing was given out, in this process or, as long as the hub was not heard, in those before it. */
  let unsent = Math.min(own?.unsent ?? next, next);
  let identity: Identity = {
    v: 1,
    epoch,
    acked: ackedTo,
    session: known?.session ?? 0,
    unsent,
    ended: endedBefore().slice(-16),
  };
  note(identity);

  /** Acked reports of the same epochs went from `ended` when they were acked, so what stands there is to be told. */
  function endedBefore(): Identity["ended"] {
    const ended = (known?.ended ?? []).filter((old) => old.epoch !== epoch);
    if (known && known.epoch !== epoch)
      ended.push({ epoch: known.epoch, from: Math.max(known.acked + 1, salvaged ?? 1) });
    for (const old of ended) {
      if (!ranges.some((range) => range.epoch === old.epoch)) ranges = rememberLost(ranges, { ...old, why: "damaged" });
    }
    return ended;
  }

  /** What is known of the numbers no longer depends on nothing having been given out. */
  function met(): void {
    if (identity.unsent === undefined) return;
    const { unsent: _, ...rest } = identity;
    identity = rest;
    note(identity);
  }

  /** Writes these entries and what else is to be said; `skipped` numbers before them were given up in memory. */
  function write(entries: readonly Entry[], skipped: number): void {
    const at = clock.now();
    let number = next;
    let count = lost;
    let story = ranges;
    let forget = ackedTo;
    const loseTo = (to: number, from: number, why: Lost["why"]): void => {
      story = rememberLost(story, { epoch, from, to, why });
      count += to - from + 1;
    };
    if (skipped > 0) {
      loseTo(number + skipped - 1, number, "disk-full");
      number += skipped;
    }
    // Looked at in any case: a leap while the clock was not trusted is a leap, too.
    const old = ages.tooOld(at, { first: oldest?.sequence, next }, (since) => file.lastBefore(since));
    const aged = clock.trusted() ? old : undefined;
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
    const story = rememberLost(ranges, { epoch, from: first, to, why: "disk-full" });
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
   * The hub has numbers of this epoch that were never given out: the file is older than it should be. The hub would
   * take what was appended since for what it knows, so that gets new numbers; what was here before, the hub has.
   */
  function goBeyond(upTo: number): "moved" | "not-set-back" | "not-now" {
    if (file.fresh || upTo - next > furthestBack) return "not-set-back";
    const first = file.read(unsent - 1, { items: 1, bytes: 0 })[0]?.sequence ?? next;
    if (first > upTo) return "not-set-back";
    const by = upTo + 1 - unsent;
    const story = ranges.map((range): LostRange => {
      const { told, ...untold } = range;
      const kept = told !== undefined && told < unsent ? range : untold;
      if (range.epoch !== epoch || range.from < unsent || range.to === undefined) return kept;
      return { ...kept, from: range.from + by, to: range.to + by };
    });
    try {
      const moved = file.renumber(unsent, by, story, next + by);
      journal.outboxSetBack(moved);
      // What stays is what the hub has; so far away from `upTo` that the depth comes out right.
      forgotten = upTo - (depth - moved);
    } catch (err) {
      if (isRefused(err)) return "not-now";
      throw err;
    }
    next += by;
    unsent += by;
    ranges = story;
    oldest = file.oldest();
    return "moved";
  }

  return {
    epoch,
    write,
    makeRoom,
    get depth() {
      return depth;
    },
    get full() {
      return fullAt > 0;
    },
    get identity(): Identity {
      return { ...identity, acked: ackedTo };
    },
    /** `moved` when items have other numbers now, else as the outbox says it. */
    acked(upTo: number): AckOutcome | "moved" {
      const went = upTo >= unsent ? goBeyond(upTo) : "not-set-back";
      // Believed now, it would take away what the hub has never seen; the next ack asks again.
      if (went === "not-now" || (went === "not-set-back" && upTo >= next)) return "never-appended";
      met();
      unsent = Math.max(unsent, upTo + 1);
      if (upTo > ackedTo) {
        ackedTo = upTo;
        const untold = forgetTold(ranges, upTo);
        if (untold.length < ranges.length) ranges = untold;
        const ended = identity.ended.filter((old) => ranges.some((range) => range.epoch === old.epoch));
        if (ended.length < identity.ended.length) {
          identity = { ...identity, ended, acked: ackedTo };
          note(identity);
        }
      }
      return went === "moved" ? "moved" : "forgotten";
    },
    waiting(after: number, portion: Portion): readonly Item[] {
      const items = file.read(Math.max(after, ackedTo), portion);
      const last = items.at(-1)?.sequence ?? 0;
      if (last >= unsent) {
        unsent = last + 1;
        met();
      }
      return items;
    },
    hasAbove: (after: number): boolean => depth > 0 && next - 1 > Math.max(after, ackedTo),
    giveUp(from: number, to: number): void {
      const last = Math.min(to, next - 1);
      const kept = file.numbers(from, last);
      const ofEpoch = ranges.filter((range) => range.epoch === epoch);
      for (const [first, end] of unaccounted(from, last, kept, ofEpoch)) {
        ranges = rememberLost(ranges, { epoch, from: first, to: end, why: "age" });
      }
    },
    beginSession(): number {
      // The clock as a floor: a box that replaces a dead one must not begin below it.
      const session = Math.max(identity.session + 1, Math.floor(Date.now() / 1000));
      identity = { ...identity, session, acked: ackedTo };
      note(identity);
      return session;
    },
    standing: () => ({
      // What is acked goes from the disk a moment later.
      depth: Math.max(0, depth - (ackedTo - forgotten)),
      ...(oldest && depth > 0 ? { oldest: oldest.kept } : {}),
      next: next as Sequence,
      acked: ackedTo,
      lost,
      damaged: ranges.some(({ why }) => why === "damaged"),
    }),
    close(): void {
      identity = { ...identity, acked: ackedTo };
      note(identity);
      file.close();
    },
  };
}
