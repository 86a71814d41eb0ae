import { texts } from "./language/language.ts";
import * as said from "./words-texts.ts";

/** How the page stands to the hub. `heard` is when it last heard anything at all. */
export type Connection =
  | { readonly state: "connecting" }
  | { readonly state: "catching-up"; readonly since: number }
  | { readonly state: "live" }
  | { readonly state: "stale"; readonly since: number; readonly why: Break; readonly nextTry: number | undefined };

/** Why the stream is not there. */
export type Break = "unreachable" | "silent" | "offline" | "refused";

export type Sign =
  | { readonly kind: "opened"; readonly at: number }
  /** `made` is the hub's time of what was heard; undefined for a heartbeat. */
  | { readonly kind: "heard"; readonly at: number; readonly made: number | undefined }
  | { readonly kind: "quiet"; readonly at: number }
  | { readonly kind: "broken"; readonly at: number; readonly heard: number; readonly why: Break }
  | { readonly kind: "waiting"; readonly nextTry: number };

/** What was stored longer ago than this is history being repeated, not news. */
const fresh = 3000;

const arriving = ({ state }: Connection): boolean => state === "connecting" || state === "catching-up";

/** The whole life of the connection. */
export function step(now: Connection, sign: Sign): Connection {
  switch (sign.kind) {
    case "opened":
      // A page that has just been opened has nothing to catch up on.
      return now.state === "connecting" ? now : { state: "catching-up", since: sign.at };
    case "heard":
      return arriving(now) && sign.made !== undefined && sign.at - sign.made < fresh ? { state: "live" } : now;
    case "quiet":
      return arriving(now) ? { state: "live" } : now;
    case "broken":
      // A second failure does not make the data any younger: the first moment of silence counts.
      if (now.state === "stale") return { ...now, why: sign.why, nextTry: undefined };
      return { state: "stale", since: sign.heard, why: sign.why, nextTry: undefined };
    case "waiting":
      return now.state === "stale" ? { ...now, nextTry: sign.nextTry } : now;
    default:
      return sign satisfies never;
  }
}

export const breakWords = (why: Break): string => texts(said).breaks[why];

/** Milliseconds to wait before try number `attempt` (from 0): full jitter below a doubling limit, at most 8 s. */
export const pause = (attempt: number, random: () => number = Math.random): number =>
  Math.round(200 + random() * Math.min(8000, 500 * 2 ** attempt));
