import {
  type Address,
  type Birth,
  type CityEvent,
  type Command,
  type CommandAnswered,
  type Desired,
  type Epoch,
  type Health,
  type Instant,
  type Millis,
  minutes,
  type Sequence,
  seconds,
} from "@openkerb/contract";
import type { AckOutcome, Outbox } from "../outbox/outbox.ts";
import type { HubAddress } from "./connection.ts";
import type { HubError } from "./hub-error.ts";
import type { NoOrder } from "./orders.ts";

/** What bringing an outbox to the hub needs of the box around it. */
export type Uplink = {
  readonly outbox: Outbox;
  readonly hub: HubAddress;
  readonly address: Address;
  /** What to say after each connect and whenever the hub asks. */
  readonly birth: (now: { session: number; epoch: Epoch; next: Sequence }) => Birth;
  readonly health: () => Promise<Health>;
  /** Does what the hub asks for beside birth and health, which are done here. */
  readonly obey: (command: Command) => Promise<CommandAnswered["outcome"]>;
  readonly answer: (command: Command["id"], outcome: CommandAnswered["outcome"]) => CityEvent;
  readonly desired: (desired: Desired) => void;
  readonly journal: UplinkJournal;
  readonly pace?: Partial<Pace>;
  readonly now?: () => Instant;
  readonly random?: () => number;
};

export type UplinkJournal = {
  readonly hubConnected: (session: number) => void;
  readonly hubLost: (err: HubError, pause: Millis) => void;
  readonly birthUnanswered: (waited: Millis) => void;
  readonly ackRefused: (why: Exclude<AckOutcome, "forgotten">) => void;
  readonly ackMissing: (waited: Millis) => void;
  readonly resendAsked: (from: Sequence, to: Sequence) => void;
  readonly resendRefused: () => void;
  readonly orderRefused: (from: NoOrder["from"], why: NoOrder["why"]) => void;
  readonly commandAnswered: (what: Command["do"], outcome: CommandAnswered["outcome"]) => void;
};

export type Pace = {
  /** Batches sent and not yet taken by the broker. */
  readonly batchesUnderWay: number;
  /** Items sent and not yet acked by the hub. */
  readonly itemsUnacked: number;
  /** Fewer items than this wait for company while two batches are under way. */
  readonly smallBatch: number;
  /** How long a birth waits for its answer before it is said again. */
  readonly answerWithin: Millis;
  /** How long nothing is sent to a hub that this process has not heard yet; less when it has. */
  readonly strangerWait: Millis;
  /** How long to wait for an ack before sending again; doubles up to a minute. */
  readonly ackWithin: Millis;
  readonly healthEvery: Millis;
  /** How long an orderly end waits for the last acks. */
  readonly lastWords: Millis;
  /** Longest first pause after a failure; doubles up to half a minute. */
  readonly firstPause: Millis;
};

export const usualPace: Pace = {
  batchesUnderWay: 8,
  itemsUnacked: 10_000,
  smallBatch: 100,
  answerWithin: seconds(2),
  strangerWait: minutes(5),
  ackWithin: seconds(5),
  healthEvery: seconds(10),
  lastWords: seconds(1.5),
  firstPause: seconds(1),
};
