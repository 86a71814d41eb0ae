import { asSentence, type Sentence, say } from "@openkerb/contract";
import type { Decided } from "../quality/review-desk.ts";
import { notFound, Refusal } from "./problem.ts";

/** Lets a decision pass that was taken, and says in words why another was not. */
export function mustBeDone(decided: Decided, what: Sentence): void {
  switch (decided.kind) {
    case "done":
      return;
    case "unknown":
      throw notFound(say("refusal.unknown", { what }));
    case "refused":
      throw new Refusal(409, "does-not-fit", asSentence(decided.why));
    case "changed":
      throw new Refusal(409, "changed", asSentence(decided.why));
    default:
      decided satisfies never;
  }
}
