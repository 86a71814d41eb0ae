import { type Millis, millis } from "@openkerb/contract";

/** Births that nobody answers are said ever more rarely, milliseconds; a hub that comes back is found within this. */
const longestPause = 10_000;

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

/**
 * Begins with a birth that was said just now. It is said again when no answer comes within `answerWithin`; after
 * `patience` things go on without, because a hub that never answers must not stop the flow.
 */
export function meeting(answerWithin: Millis, patience: Millis): Meeting {
  const began = performance.now();
  let pause: number = answerWithin;
  let next = began + pause;
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
      const now = performance.now();
      if (now - began >= patience && !answers) {
        over = true;
        return "give-up";
      }
      pause = Math.min(longestPause, pause * 2);
      next = answers ? now + pause : Math.min(now + pause, began + patience);
      return "ask";
    },
    left,
    waited: () => millis(performance.now() - began),
  };
}
