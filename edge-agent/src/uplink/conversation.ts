import { setTimeout as wait } from "node:timers/promises";
import { type DeviceState, downStreams, downTopic, type Instant, millis, upTopic } from "@openkerb/contract";
import { bell } from "../bell.ts";
import type { Item } from "../outbox/outbox.ts";
import { batches } from "./batches.ts";
import { connect } from "./connection.ts";
import { hearing, type Memory } from "./hearing.ts";
import { meeting } from "./meeting.ts";
import { sendWindow } from "./send-window.ts";
import type { Pace, Uplink } from "./uplink.ts";

/** No wait is longer, milliseconds: whatever was overlooked is found then. */
const longestWait = 60_000;

/**
 * One connection, from its birth to its end. Returns when the outbox began a new epoch (everything is to be said anew)
 * or when told to stop; throws HubError when the connection ends.
 */
export async function conversation(
  uplink: Uplink,
  pace: Pace,
  memory: Memory,
  signal: AbortSignal,
): Promise<"stopped" | "renewed"> {
  const { outbox, hub, address, journal, now = () => Date.now() as Instant } = uplink;
  const session = outbox.beginSession();
  const { epoch } = outbox;
  const changed = bell();
  const window = sendWindow(outbox, pace);
  let underWay = 0;
  let failure: unknown;
  let growing = false;
  let met: ReturnType<typeof meeting> | undefined;

  const state = (now: DeviceState["state"]): string =>
    JSON.stringify({ v: 1, state: now, session } satisfies DeviceState);
  const stateTopic = upTopic(address, "state");
  const fail = (err: unknown): void => {
    failure ??= err;
    changed.ring();
  };

  await using line = await connect(hub, {
    clientId: address.device,
    will: { topic: stateTopic, payload: state("lost") },
    listen: downStreams.map((stream) => downTopic(address, stream)),
    onMessage: hearing(uplink, memory, {
      acked: (more) => {
        if (more) window.confirmed();
        met?.answered();
        memory.met = true;
        changed.ring();
      },
      misunderstood: () => met?.misunderstood(),
      askedAgain: (from, to) => {
        window.askAgain(from, to);
        changed.ring();
      },
      birth: () => birth(),
      health: () => health(),
      failed: fail,
    }),
    signal,
  });

  async function birth(): Promise<void> {
    const { next } = outbox.standing();
    await line.publish(upTopic(address, "birth"), JSON.stringify(uplink.birth({ session, epoch, next })));
  }

  async function health(): Promise<void> {
    line.mention(upTopic(address, "health"), JSON.stringify(await uplink.health()));
  }

  function send(items: readonly Item[]): void {
    window.sent(items);
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
        .grown(window.cursor, line.ended)
        .catch(() => undefined)
        .finally(() => {
          growing = false;
          changed.ring();
        });
    }
    await changed.heard(line.ended, Math.max(1, Math.min(most, longestWait)));
    line.ended.throwIfAborted();
  }

  await line.publish(stateTopic, state("online"), { retain: true });
  met = meeting(pace.answerWithin, memory.met ? millis(3 * pace.answerWithin) : pace.strangerWait);
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
      if (signal.aborted) {
        end ??= performance.now() + pace.lastWords;
        if (outbox.standing().depth === 0 || performance.now() >= end) break;
      }
      const due = met.due();
      if (due === "ask") {
        await birth();
        // Meanwhile the outbox may have begun another epoch.
        continue;
      }
      if (due === "give-up") journal.birthUnanswered(met.waited());
      const waited = window.goBack();
      if (waited !== undefined) journal.ackMissing(waited);
      const items = met.over && underWay < pace.batchesUnderWay ? window.next() : [];
      const alone = underWay >= 2 && items.length < pace.smallBatch && !window.hasAsked;
      if (items.length > 0 && !alone) send(items);
      else {
        const idle = met.over && items.length === 0 && underWay < pace.batchesUnderWay && window.isOpen;
        const left = end === undefined ? longestWait : end - performance.now();
        await somethingNew(idle, Math.min(window.ackDue(), met.left(), left));
      }
    }
    // With the broker silent the will says `lost`, which is no less true.
    await Promise.race([line.publish(stateTopic, state("stopped"), { retain: true }), wait(500)]);
    return "stopped";
  } finally {
    clearInterval(pulse);
    signal.removeEventListener("abort", changed.ring);
  }
}
