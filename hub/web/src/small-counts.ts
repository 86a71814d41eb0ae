/** Below this a count could point at somebody, so the open page does not say it. */
export const smallest = 10;

/** A count as the public sees it: exact from ten on, `fewer than 10` below, and none where nobody watched. */
export type OpenCount =
  | { readonly kind: "count"; readonly n: number }
  | { readonly kind: "few" }
  | { readonly kind: "unwatched" };

export function openCount(n: number | null, watched: number | null): OpenCount {
  if (n === null || watched === 0) return { kind: "unwatched" };
  return n < smallest ? { kind: "few" } : { kind: "count", n };
}

export function openWords(count: OpenCount): string {
  switch (count.kind) {
    case "count":
      return count.n.toLocaleString("en-GB");
    case "few":
      return "fewer than 10";
    case "unwatched":
      return "not watched";
    default:
      return count satisfies never;
  }
}

/** A day's sum in whole tens, so that it cannot be used to work out a small hour from its neighbours. */
export const openSum = (n: number): OpenCount => openCount(Math.round(n / 10) * 10, null);
