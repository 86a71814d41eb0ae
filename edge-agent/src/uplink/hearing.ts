import type { Command, CommandAnswered, Epoch, Instant, Resend, Sequence } from "@openkerb/contract";
import { readOrder } from "./orders.ts";
import type { Uplink } from "./uplink.ts";

/** What an order may set in motion on the connection it came over. */
export type Hearing = {
  /** The hub said how far it is with our epoch; `more` when that is further than before. */
  readonly acked: (more: boolean) => void;
  /** The hub spoke of our epoch, but the outbox could not believe it or not follow. */
  readonly misunderstood: () => void;
  readonly askedAgain: (from: number, to: number) => void;
  readonly birth: () => Promise<void>;
  readonly health: () => Promise<void>;
  readonly failed: (err: unknown) => void;
};

/** What outlives a connection. */
export type Memory = {
  /** Ids of commands that were answered lately: a command that comes twice is done once. */
  readonly answered: Set<string>;
  /** Whether the hub was heard since this process began: then its outbox has not been set back since. */
  met: boolean;
};
const remembered = 1000;

/** Does what the hub says to this device. */
export function hearing(uplink: Uplink, { answered }: Memory, then: Hearing): (topic: string, payload: Buffer) => void {
  const { outbox, address, journal, now = () => Date.now() as Instant } = uplink;
  const missing = new Set<string>();

  function acked(of: Epoch, upTo: number): void {
    const before = outbox.standing().acked;
    const outcome = outbox.acked(of, upTo);
    if (outcome === "forgotten") then.acked(outbox.standing().acked !== before);
    else journal.ackRefused(outcome);
    if (outcome === "never-appended") then.misunderstood();
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
    then.askedAgain(from, Math.min(to, last));
  }

  async function command(order: Command): Promise<void> {
    if (answered.has(order.id)) return;
    answered.add(order.id);
    if (answered.size > remembered)
      for (const oldest of [...answered].slice(0, remembered / 10)) answered.delete(oldest);
    const outcome = order.expires < now() ? "expired" : await obey(order).catch(() => "failed" as const);
    journal.commandAnswered(order.do, outcome);
    await outbox.append([{ event: uplink.answer(order.id, outcome) }]);
  }

  async function obey(order: Command): Promise<CommandAnswered["outcome"]> {
    switch (order.do) {
      case "send-birth":
        await then.birth();
        return "done";
      case "send-health":
        await then.health();
        return "done";
      case "restart-camera":
        return uplink.obey(order);
      default:
        return order.do satisfies never;
    }
  }

  return (topic, payload) => {
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
        command(order.command).catch(then.failed);
        break;
      case "none":
        journal.orderRefused(order.from, order.why);
        break;
      default:
        order satisfies never;
    }
  };
}
