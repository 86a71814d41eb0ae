import { type CountBin, type LineId, type RoadClass, roadClasses } from "@openkerb/contract";
import { texts } from "./language/language.ts";
import { whole } from "./words.ts";
import * as said from "./words-texts.ts";

/** Below this a count could point at somebody, so the open page does not say it; others it says in steps of this. */
const smallest = 10;

/** A count as the public sees it: a ten from ten on, `fewer than 10` below, and none where nobody watched. */
export type OpenCount =
  | { readonly kind: "count"; readonly n: number }
  | { readonly kind: "few" }
  | { readonly kind: "unwatched" };

export function openCount(n: number | null, watched: number | null): OpenCount {
  if (n === null || watched === 0) return { kind: "unwatched" };
  return n < smallest ? { kind: "few" } : { kind: "count", n: inTens(n) };
}

export const inTens = (n: number): number => Math.floor(n / smallest) * smallest;

export function openWords(count: OpenCount): string {
  const say = texts(said);
  switch (count.kind) {
    case "count":
      return say.between(whole(count.n), whole(count.n + smallest - 1));
    case "few":
      return say.few;
    case "unwatched":
      return say.notWatched;
    default:
      return count satisfies never;
  }
}

/**
 * A sum over hours that only adds what may be told, each hour in whole tens: a lower bound, so that no hour can be
 * worked out from its neighbours. The hub gives the public tens; to a person at the desk it gives the number, and this
 * page hides it all the same.
 */
export function openSum(bins: readonly CountBin[], line: LineId, cls: RoadClass): number {
  let sum = 0;
  for (const bin of bins)
    for (const l of bin.lines) if (l.line === line && l.class === cls) sum += inTens(l.in) + inTens(l.out);
  return sum;
}

/** `at least 1,230`, or that it is too few to say. */
export const atLeast = (n: number): string => (n < smallest ? texts(said).fewAnHour : texts(said).atLeast(whole(n)));

/** The classes of a line that may be told of at all, the most frequent first. */
export const openClasses = (bins: readonly CountBin[], line: LineId): RoadClass[] =>
  roadClasses
    .filter((cls) => openSum(bins, line, cls) > 0)
    .sort((a, b) => openSum(bins, line, b) - openSum(bins, line, a));
