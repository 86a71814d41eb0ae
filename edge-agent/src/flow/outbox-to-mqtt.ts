import { setTimeout as wait } from "node:timers/promises";
import { millis, seconds } from "@openkerb/contract";
import { jitter } from "../jitter.ts";
import { conversation } from "../uplink/conversation.ts";
import { HubError } from "../uplink/hub-error.ts";
import { type Uplink, usualPace } from "../uplink/uplink.ts";

/** A connection that held so long was a good one: the next failure is a first one, milliseconds. */
const longLived = 30_000;
const longestPause = seconds(30);
/** After what time alone does not mend, such as a wrong password. */
const stubbornPause = 60_000;

/**
 * Brings what is in the outbox to the hub, and the hub's acks, questions and commands to the outbox, over one
 * connection after another, until the signal; then says `stopped`. What the broker takes or loses does not matter:
 * only the hub's own ack makes the outbox forget. The only retry of connections is here, with full jitter.
 */
export async function outboxToMqtt(uplink: Uplink, signal: AbortSignal): Promise<void> {
  const { journal, random = Math.random } = uplink;
  const pace = { ...usualPace, ...uplink.pace };
  const memory = { answered: new Set<string>(), met: false };
  for (let failures = 0; !signal.aborted; ) {
    const begun = performance.now();
    try {
      const heard = await conversation(uplink, pace, memory, signal);
      if (heard === "stopped") return;
    } catch (err) {
      if (signal.aborted && (err instanceof HubError || err === signal.reason)) return;
      if (!(err instanceof HubError)) throw err;
      if (performance.now() - begun > longLived) failures = 0;
      failures++;
      const pause = err.passing
        ? jitter(failures, random(), { first: pace.firstPause, most: longestPause })
        : millis(stubbornPause * random());
      journal.hubLost(err, pause);
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}
