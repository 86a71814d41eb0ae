import type { Decided } from "../quality/review-desk.ts";
import { notFound, Refusal } from "./problem.ts";

const sentence = (why: string): string =>
  `${why.charAt(0).toUpperCase()}${why.slice(1)}${why.endsWith(".") ? "" : "."}`;

/** Lets a decision pass that was taken, and says in words why another was not. */
export function mustBeDone(decided: Decided, what: string): void {
  switch (decided.kind) {
    case "done":
      return;
    case "unknown":
      throw notFound(`There is no ${what} here.`);
    case "refused":
      throw new Refusal(409, "does-not-fit", sentence(decided.why));
    case "changed":
      throw new Refusal(409, "changed", sentence(decided.why));
    default:
      decided satisfies never;
  }
}
