import { type Millis, millis } from "@openkerb/contract";

/** So often a birth is said before things go on without an answer: a hub that never answers must not stop the flow. */
const asks = 3;
const longestPause = 60_000;

/**
 * The hub answers a birth with how far it is. Until then nothing is sent: an outbox that was set back would send
 * numbers that the hub knows already with something else in them.
 */
export type Meeting = {
  readonly over: boolean;
  /** The hub said how far it is. */
  answered(): void;
  /** The hub said so, but the outbox could not follow yet: sending now would lose what is sent. */
  misunderstood(): void;
  /** What to do now, if anything: say the birth again, or stop waiting. */
  due(): "ask" | "give-up" | undefined;
  /** Milliseconds until something is to be done; infinite when it is over. */
  left(): number;
  waited(): Millis;
};

/** Begins with a birth that was said just now. */
export function meeting(answerWithin: Millis): Meeting {
  const began = performance.now();
  let next = began + answerWithin;
  let asked = 1;
  let over = false;
  let answers = false;
  const left = (): number => (over ? Number.POSITIVE_INFINITY : next - performance.now());
  return {
    get over() {
      return over;
    },
    answered: () => {
      over = true;
    },
    misunderstood: () => {
      answers = true;
    },
    due() {
      if (left() > 0) return undefined;
      if (asked >= asks && !answers) {
        over = true;
        return "give-up";
      }
      next = performance.now() + Math.min(longestPause, answerWithin * 2 ** Math.max(0, ++asked - asks));
      return "ask";
    },
    left,
    waited: () => millis(performance.now() - began),
  };
}
