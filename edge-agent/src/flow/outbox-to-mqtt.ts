import { setTimeout as wait } from "node:timers/promises";
import {
  type Address,
  type Birth,
  batchLimit,
  type CityEvent,
  type Command,
  type CommandAnswered,
  type Desired,
  type DeviceState,
  downStreams,
  downTopic,
  type Epoch,
  type Health,
  type Instant,
  type Millis,
  millis,
  type Resend,
  type Sequence,
  seconds,
  upTopic,
} from "@openkerb/contract";
import type { AckOutcome, Item, Outbox } from "../outbox/outbox.ts";
import { batches, portion } from "../uplink/batches.ts";
import { bell } from "../uplink/bell.ts";
import { type Connection, connect, type HubAddress } from "../uplink/connection.ts";
import { HubError } from "../uplink/hub-error.ts";
import { type NoOrder, readOrder } from "../uplink/orders.ts";

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
  /** How long to wait for an ack before sending again; doubles up to a minute. */
  readonly ackWithin: Millis;
  readonly healthEvery: Millis;
  /** How long an orderly end waits for the last acks. */
  readonly lastWords: Millis;
  /** Longest first pause after a failure; doubles up to half a minute. */
  readonly firstPause: Millis;
};

const usual: Pace = {
  batchesUnderWay: 8,
  itemsUnacked: 10_000,
  smallBatch: 100,
  ackWithin: seconds(5),
  healthEvery: seconds(10),
  lastWords: seconds(1.5),
  firstPause: seconds(1),
};

/** A connection that held so long was a good one: the next failure is a first one, milliseconds. */
const longLived = 30_000;

/**
 * Brings what is in the outbox to the hub, and the hub's acks, questions and commands to the outbox, over one
 * connection after another, until the signal; then says `stopped`. What the broker takes or loses does not matter:
 * only the hub's own ack makes the outbox forget. The only retry of connections is here, with full jitter.
 */
export async function outboxToMqtt(uplink: Uplink, signal: AbortSignal): Promise<void> {
  const { journal, random = Math.random } = uplink;
  const pace = { ...usual, ...uplink.pace };
  const answered = new Set<string>();
  for (let failures = 0; !signal.aborted; ) {
    const begun = performance.now();
    try {
      const heard = await oneConnection(uplink, pace, answered, signal);
      if (heard === "stopped") return;
    } catch (err) {
      if (signal.aborted && (err instanceof HubError || err === signal.reason)) return;
      if (!(err instanceof HubError)) throw err;
      if (performance.now() - begun > longLived) failures = 0;
      const bound = err.passing ? Math.min(pace.firstPause * 2 ** Math.min(failures, 10), 30_000) : 60_000;
      failures++;
      const pause = millis(bound * random());
      journal.hubLost(err, pause);
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Returns when the outbox began a new epoch (everything is to be said anew) or when told to stop. */
async function oneConnection(
  uplink: Uplink,
  pace: Pace,
  answered: Set<string>,
  signal: AbortSignal,
): Promise<"stopped" | "renewed"> {
  const { outbox, hub, address, journal, now = () => Date.now() as Instant } = uplink;
  const session = outbox.beginSession();
  const { epoch } = outbox;
  const changed = bell();
  const again: [from: number, to: number][] = [];
  const missing = new Set<string>();
  let cursor = outbox.standing().acked;
  let allowance = pace.itemsUnacked;
  let underWay = 0;
  let patience = pace.ackWithin;
  let waitingSince = performance.now();
  let failure: unknown;
  let growing = false;

  const state = (now: DeviceState["state"]): string =>
    JSON.stringify({ v: 1, state: now, session } satisfies DeviceState);
  const stateTopic = upTopic(address, "state");

  function acked(of: Epoch, upTo: number): void {
    const before = outbox.standing().acked;
    const outcome = outbox.acked(of, upTo);
    if (outcome !== "forgotten") journal.ackRefused(outcome);
    if (outbox.standing().acked === before) return;
    patience = pace.ackWithin;
    waitingSince = performance.now();
    allowance = Math.min(pace.itemsUnacked, allowance * 2);
    changed.ring();
  }

  function sendAgain({ epoch: of, from, to }: Resend): void {
    const last = outbox.standing().next - 1;
    if (of !== outbox.epoch || from > last) {
      journal.resendRefused();
      return;
    }
    journal.resendAsked(from, to);
    // Once in a connection: what is not here will not be here the next time it is asked for.
    const key = `${from}-${to}`;
    if (missing.size < 256 && !missing.has(key)) outbox.giveUp(from, Math.min(to, last) as Sequence);
    missing.add(key);
    if (again.length < 64) again.push([from, Math.min(to, last)]);
    changed.ring();
  }

  async function command(order: Command): Promise<void> {
    if (answered.has(order.id)) return;
    answered.add(order.id);
    if (answered.size > 1000) for (const oldest of [...answered].slice(0, 100)) answered.delete(oldest);
    const outcome = order.expires < now() ? "expired" : await obey(order).catch(() => "failed" as const);
    journal.commandAnswered(order.do, outcome);
    await outbox.append([{ event: uplink.answer(order.id, outcome) }]);
  }

  async function obey(order: Command): Promise<CommandAnswered["outcome"]> {
    switch (order.do) {
      case "send-birth":
        await birth();
        return "done";
      case "send-health":
        await health();
        return "done";
      case "restart-camera":
        return uplink.obey(order);
      default:
        return order.do satisfies never;
    }
  }

  function hear(topic: string, payload: Buffer): void {
    const order = readOrder(address, topic, payload);
    switch (order.stream) {
      case "ack":
        acked(order.ack.epoch, order.ack.upTo);
        break;
      case "resend":
        sendAgain(order.resend);
        break;
      case "desired":
        uplink.desired(order.desired);
        break;
      case "command":
        command(order.command).catch(fail);
        break;
      case "none":
        journal.orderRefused(order.from, order.why);
        break;
      default:
        order satisfies never;
    }
  }

  function fail(err: unknown): void {
    failure ??= err;
    changed.ring();
  }

  await using line = await connect(hub, {
    clientId: address.device,
    will: { topic: stateTopic, payload: state("lost") },
    listen: downStreams.map((stream) => downTopic(address, stream)),
    onMessage: hear,
    signal,
  });

  async function birth(): Promise<void> {
    const { next } = outbox.standing();
    await line.publish(upTopic(address, "birth"), JSON.stringify(uplink.birth({ session, epoch, next })));
  }

  async function health(): Promise<void> {
    line.mention(upTopic(address, "health"), JSON.stringify(await uplink.health()));
  }

  /** What was asked for again comes first, then what was never sent, in order. */
  function nextItems(): readonly Item[] {
    for (let range = again[0]; range; range = again[0]) {
      const [from, to] = range;
      const items = outbox.waiting(from - 1, portion).filter(({ sequence }) => sequence <= to);
      const last = items.at(-1);
      if (!last || last.sequence >= to) again.shift();
      else range[0] = last.sequence + 1;
      if (last) return items;
    }
    const room = outbox.standing().acked + allowance - cursor;
    if (room <= 0) return [];
    return outbox.waiting(cursor, { items: Math.min(room, portion.items), bytes: portion.bytes });
  }

  function send(items: readonly Item[]): void {
    if (cursor === outbox.standing().acked) waitingSince = performance.now();
    cursor = Math.max(cursor, items.at(-1)?.sequence ?? 0);
    for (const { stream, payload } of batches(items, epoch, now())) {
      underWay++;
      line
        .publish(upTopic(address, stream), payload)
        .catch(fail)
        .finally(() => {
          underWay--;
          changed.ring();
        });
    }
  }

  /** Waits for anything that could change what to do next, at most `most` milliseconds. */
  async function somethingNew(idle: boolean, most: number): Promise<void> {
    if (idle && !growing) {
      growing = true;
      outbox
        .grown(cursor, line.ended)
        .catch(() => undefined)
        .finally(() => {
          growing = false;
          changed.ring();
        });
    }
    const timer = setTimeout(changed.ring, Math.max(1, most));
    await changed.heard(line.ended).finally(() => clearTimeout(timer));
  }

  await line.publish(stateTopic, state("online"), { retain: true });
  await birth();
  journal.hubConnected(session);
  await health();
  const pulse = setInterval(() => void health().catch(fail), pace.healthEvery);
  signal.addEventListener("abort", changed.ring);
  let end: number | undefined;
  try {
    for (;;) {
      if (failure) throw failure;
      if (outbox.epoch !== epoch) return "renewed";
      const { acked: to, depth } = outbox.standing();
      const time = performance.now();
      if (signal.aborted) {
        end ??= time + pace.lastWords;
        if (depth === 0 || time >= end) break;
      }
      cursor = Math.max(cursor, to);
      if (cursor > to && time - waitingSince >= patience) {
        journal.ackMissing(patience);
        // From the oldest again, and little of it until the hub shows that it listens.
        cursor = to;
        allowance = batchLimit;
        patience = millis(Math.min(patience * 2, 60_000));
        waitingSince = time;
      }
      const items = underWay < pace.batchesUnderWay ? nextItems() : [];
      const alone = underWay >= 2 && items.length < pace.smallBatch && again.length === 0;
      if (items.length > 0 && !alone) send(items);
      else {
        const ackDue = cursor > to ? waitingSince + patience - time : Number.MAX_SAFE_INTEGER;
        const idle = items.length === 0 && underWay < pace.batchesUnderWay && cursor - to < allowance;
        await somethingNew(idle, Math.min(ackDue, end === undefined ? 60_000 : end - time, 60_000));
      }
    }
    await sayStopped(line, stateTopic, state("stopped"));
    return "stopped";
  } finally {
    clearInterval(pulse);
    signal.removeEventListener("abort", changed.ring);
  }
}

/** With the broker silent the will says `lost`, which is no less true. */
async function sayStopped(line: Connection, topic: string, payload: string): Promise<void> {
  await Promise.race([line.publish(topic, payload, { retain: true }), wait(500)]);
}
