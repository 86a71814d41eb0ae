import type { Birth, DeviceId, Instant } from "@openkerb/contract";
import { minutes } from "@openkerb/contract";

/** Signs within this time belong together. */
const window = minutes(10);
/** One restored card gives one sign, and two boxes give one with every connection. */
const enough = 3;

/** What the hub knew of an outbox when a birth came from it. */
type Before = {
  /** The outbox that this device used last. */
  readonly epoch: Birth["epoch"];
  /** How far the hub had the outbox that is born again; absent when it is new. */
  readonly upTo: number | undefined;
};

/**
 * Notices two boxes with one id. They throw each other off the broker, so births of both follow one another: one comes
 * back with an outbox that another has replaced, which one box never does; or, when one card was copied to both, with
 * an outbox that has not yet made what the hub already has.
 */
export type Doubles = {
  /** Whether by now there must be two. */
  born(device: DeviceId, birth: Pick<Birth, "epoch" | "session" | "next">, before: Before, at: Instant): boolean;
};

export function doubles(): Doubles {
  const signs = new Map<DeviceId, { session: number; times: Instant[] }>();
  return {
    born(device, { epoch, session, next }, before, at) {
      const { upTo } = before;
      if (upTo === undefined || (epoch === before.epoch && next - 1 >= upTo)) return false;
      const seen = signs.get(device);
      // Said again on the same connection, it is the same sign.
      if (seen?.session === session) return false;
      const recent = (seen?.times ?? []).filter((time) => Math.abs(at - time) < window);
      const times = [...recent, at].slice(-enough);
      signs.set(device, { session, times });
      return times.length >= enough;
    },
  };
}
