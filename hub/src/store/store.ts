import type {
  Birth,
  CityEvent,
  CityId,
  Counts,
  DeviceId,
  DeviceState,
  DeviceView,
  Epoch,
  Health,
  Instant,
  Millis,
  Reading,
  Sequence,
  SiteId,
  StoredEvent,
} from "@openkerb/contract";
import type { Redacted } from "../redact/redacted.ts";
import type { ChartText } from "./chart-text.ts";
import type { ReadingQueries } from "./reading-queries.ts";

/** Why something was not taken in. Names only: what it contained is never kept. */
export const refusals = [
  "not-json",
  "wrong-version",
  "wrong-shape",
  "unknown-field",
  "too-large",
  "foreign-topic",
  "future-time",
  "too-many-outboxes",
] as const;
export type Refusal = (typeof refusals)[number];

/** One item of a batch after redaction. A refused one keeps its place, so that the watermark can move past it. */
export type Item =
  | {
      readonly kind: "event";
      readonly sequence: Sequence;
      readonly backfill: boolean;
      readonly event: Redacted<CityEvent>;
    }
  | {
      readonly kind: "reading";
      readonly sequence: Sequence;
      readonly backfill: boolean;
      readonly reading: Redacted<Reading>;
    }
  | { readonly kind: "refused"; readonly sequence: Sequence; readonly why: Refusal };

type From = { readonly device: DeviceId; readonly received: Instant };

/** What the hub stores: nothing else reaches the database from outside. */
export type HubRecord =
  | (From & { readonly kind: "items"; readonly epoch: Epoch; readonly items: readonly Item[] })
  | (From & { readonly kind: "birth"; readonly city: CityId; readonly birth: Redacted<Birth> })
  | (From & { readonly kind: "state"; readonly state: DeviceState })
  | (From & { readonly kind: "health"; readonly health: Redacted<Health> })
  /** Something without a place in a sequence was refused; it is only counted. */
  | (From & { readonly kind: "refusal"; readonly why: Refusal })
  /** The device was asked for these again and again and does not have them any more. */
  | (From & { readonly kind: "given-up"; readonly epoch: Epoch; readonly from: number; readonly to: number });

/** How far one outbox of one device has come in. */
export type StreamProgress = {
  readonly device: DeviceId;
  readonly epoch: Epoch;
  /** Everything up to here is committed. */
  readonly upTo: number;
  /** The highest sequence that is known to exist. */
  readonly known: number;
  /** The first gap, both ends meant; absent when nothing is missing. */
  readonly gap?: { readonly from: Sequence; readonly to: Sequence };
  /** Whether anything came from beyond the gap; else the gap is only what a birth told of. */
  readonly ahead: boolean;
  /** Whether this is the outbox the device uses now. */
  readonly current: boolean;
};

/** What one commit changed. Everything named here is on disk. */
export type Committed = {
  /** Newly stored events in the order of their ids; none that was refused or set aside. */
  readonly events: readonly StoredEvent[];
  /** Ranges that are known to be lost since this commit. */
  readonly lost: readonly MissingRange[];
  /** Every outbox that was heard in this commit, also when it told nothing new: its ack may have been lost. */
  readonly streams: readonly StreamProgress[];
  /** Devices whose birth, state or health changed. */
  readonly devices: readonly DeviceId[];
  /** Devices that sent items of an outbox no birth told of; nothing of it was stored or may be acknowledged. */
  readonly unborn: readonly DeviceId[];
  /** Devices of which there must be two with the same id. */
  readonly doubled: readonly DeviceId[];
  /** Items stored (events and readings), already known, and set aside or refused. */
  readonly stored: number;
  readonly known: number;
  readonly refused: number;
};

export type MissingRange = {
  readonly device: DeviceId;
  readonly epoch: Epoch;
  readonly from: number;
  /** Absent when nobody knows how far the loss reaches. */
  readonly to?: number;
  readonly why: MissingReason;
  readonly noted: Instant;
};
/** `not-held`: the device was asked again and again and does not have them any more. */
export type MissingReason = "disk-full" | "age" | "damaged" | "not-held";

export type RefusalCount = {
  readonly device: DeviceId;
  readonly why: Refusal;
  readonly count: number;
  readonly first: Instant;
  readonly last: Instant;
};

export type CountQuery = {
  readonly site: SiteId;
  readonly from: Instant;
  readonly to: Instant;
  readonly bin: "minute" | "hour" | "day";
  /** Where days begin, as milliseconds east of UTC. */
  readonly offset?: number;
};

/** Questions that may take long; they are answered beside the flow, not in it. */
export interface StoreQueries {
  /** Events with an id above `after`, oldest first. */
  eventsAfter(after: number, limit: number, site?: SiteId): Promise<StoredEvent[]>;
  counts(query: CountQuery): Promise<Counts>;
  missing(site?: SiteId): Promise<MissingRange[]>;
  channels(): Promise<ReturnType<ReadingQueries["channels"]>>;
  channelStates(): Promise<ReturnType<ReadingQueries["channelStates"]>>;
  chart(...query: Parameters<ReadingQueries["chart"]>): Promise<ReturnType<ReadingQueries["chart"]>>;
  /** The same chart as the API sends it. */
  chartText(...query: Parameters<ReadingQueries["chart"]>): Promise<ChartText>;
  rollups(...query: Parameters<ReadingQueries["rollups"]>): Promise<ReturnType<ReadingQueries["rollups"]>>;
  readings(...query: Parameters<ReadingQueries["readings"]>): Promise<ReturnType<ReadingQueries["readings"]>>;
}

export interface Store extends StoreQueries, AsyncDisposable {
  /**
   * Stores all of it or throws and stores nothing (disk full, database damaged). Items are known by device, epoch and
   * sequence; what is known already is passed over.
   */
  commit(records: readonly HubRecord[]): Committed;
  /** Every outbox that has gaps. */
  gaps(): StreamProgress[];
  /** Where one device's newest outbox stands; undefined before its first birth. */
  progress(device: DeviceId): StreamProgress | undefined;
  /** The id of the newest event, 0 when there is none. */
  lastEvent(): number;
  /** The id of the oldest event kept, 0 when there is none. */
  firstEvent(): number;
  devices(): DeviceView[];
  device(device: DeviceId): DeviceView | undefined;
  /** What every box said of itself last, for names of cameras, lines and zones. */
  births(): { readonly city: CityId; readonly birth: Birth }[];
  refusals(): RefusalCount[];
  /** After a start nobody knows who is there: all states become `unknown` until the device speaks. */
  forgetStates(at: Instant): void;
  /** Deletes a little of what is too old; true while there may be more. A store that cannot write puts it off. */
  prune(keep: { readonly events: Instant; readonly minutes: Instant; readonly readings?: Instant }): boolean;
  /** True when a small write works now. */
  probe(): boolean;
}

export const minuteSpan = 60_000 as Millis;
export const hourSpan = 3_600_000 as Millis;
export const daySpan = 86_400_000 as Millis;

/** The store could not do what it was asked; nothing of it was done. Trying again later may help. */
export class StoreFailure extends Error {
  override name = "StoreFailure";
  /** SQLite's name for it, e.g. SQLITE_FULL. */
  readonly code: string;
  constructor(code: string, options?: ErrorOptions) {
    super(`the store failed: ${code}`, options);
    this.code = code;
  }
  /** No room on the disk, as far as it can be told. */
  get full(): boolean {
    return this.code === "SQLITE_FULL" || this.code === "SQLITE_IOERR_WRITE";
  }
}
