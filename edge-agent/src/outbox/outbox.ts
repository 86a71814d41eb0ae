import type { CityEvent, Epoch, Instant, Reading, Sequence } from "@openkerb/contract";

/** What goes in. */
export type Fact = { readonly event: CityEvent } | { readonly reading: Reading };

/** What is kept: a fact with its number, as the JSON that will be sent. */
export type Item = {
  readonly sequence: Sequence;
  /** Device time at which it was put in. */
  readonly kept: Instant;
  readonly kind: "event" | "reading";
  readonly body: string;
};

/** A stretch of numbers whose items had to be given up; `to` is absent when nobody knows how far the epoch had come. */
export type Lost = {
  readonly epoch: Epoch;
  readonly from: number;
  readonly to?: number;
  readonly why: "disk-full" | "age" | "damaged";
};

/** How much of the outbox to look at: both ends hold, and the first item always fits. */
export type Portion = { readonly items: number; readonly bytes: number };

/**
 * What an ack did: `forgotten`, or why it was not believed. A hub that says it has what was never appended, or speaks
 * of another epoch, must not be able to destroy data.
 */
export type AckOutcome = "forgotten" | "other-epoch" | "never-appended";

export type Standing = {
  /** Items waiting for their ack. */
  readonly depth: number;
  readonly oldest?: Instant;
  /** Number that the next item will get. */
  readonly next: Sequence;
  /** Everything up to here is acked or was given up. */
  readonly acked: number;
  /** Items given up since the outbox was made. */
  readonly lost: number;
  /** `full` while the newest items push out the oldest ones or have to wait in memory. */
  readonly full: boolean;
  /** True from the moment a malformed file was put aside until the hub knows of it. */
  readonly damaged: boolean;
};

/**
 * Keeps facts until the hub has them. Numbers count from 1 within an epoch, without holes, events and readings
 * together; what cannot be kept is reported by a `lost-range` event in its turn.
 */
export interface Outbox extends AsyncDisposable {
  /** Changes when a damaged outbox had to be replaced. */
  readonly epoch: Epoch;
  /** Resolves when all of them are on the disk (or, when there was no room, given up and remembered as lost). */
  append(facts: readonly Fact[]): Promise<void>;
  /** The oldest items with a number above `after`, in order. */
  waiting(after: number, portion: Portion): readonly Item[];
  /** Resolves as soon as there is an item above `after`; rejects when the signal says so. */
  grown(after: number, signal: AbortSignal): Promise<void>;
  /**
   * Forgets everything up to and with `upTo`. A hub that knows a little more than was ever appended here shows that the
   * outbox was set back to an earlier state: what was appended since then is given numbers the hub does not know yet.
   */
  acked(epoch: Epoch, upTo: number): AckOutcome;
  /** Reports those numbers of this range that are no longer here as lost, unless that is about to be said anyway. */
  giveUp(from: Sequence, to: Sequence): void;
  /** A number for a new connection, higher than every one before. */
  beginSession(): number;
  standing(): Standing;
}

export type OutboxOptions = {
  /** Bytes on the disk, all files together. */
  readonly quota?: number;
  /** Items older than this are given up. */
  readonly age?: number;
  /** Device time; also says whether it may be used to judge age. `steady`: milliseconds of a clock nobody can set. */
  readonly clock?: { now(): Instant; trusted(): boolean; steady?(): number };
  /** Words an outbox's own report of lost items. */
  readonly tell: (lost: Lost, at: Instant) => CityEvent;
  readonly journal?: OutboxJournal;
};

/** What the outbox has to say to the operator. */
export type OutboxJournal = {
  readonly outboxGaveUp: (count: number, why: Lost["why"]) => void;
  readonly outboxDamaged: (aside: string, epoch: Epoch) => void;
  readonly outboxSetBack: (renumbered: number) => void;
  readonly outboxCannotWrite: (err: unknown) => void;
  readonly outboxWritesAgain: () => void;
};

export const silentOutboxJournal: OutboxJournal = {
  outboxGaveUp: () => undefined,
  outboxDamaged: () => undefined,
  outboxSetBack: () => undefined,
  outboxCannotWrite: () => undefined,
  outboxWritesAgain: () => undefined,
};

export const systemClock = { now: (): Instant => Date.now() as Instant, trusted: (): boolean => true };
