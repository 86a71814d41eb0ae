/** Distance of the newest stretch of a series to the stretches before it: small when the like of it was seen. */
export function shingles({
  length = 16,
  kept = 600,
  neighbours = 8,
}: {
  length?: number;
  kept?: number;
  neighbours?: number;
} = {}) {
  const newest = new Float64Array(length);
  const store = new Float64Array(kept * length);
  let seen = 0;
  let stored = 0;
  const nearest = new Float64Array(neighbours);
  return (value: number): number | undefined => {
    newest.copyWithin(0, 1);
    newest[length - 1] = value;
    seen++;
    if (seen < length) return undefined;
    let distance: number | undefined;
    const full = Math.min(stored, kept);
    // Stretches that overlap with the newest one would always be near to it.
    const guard = Math.ceil(length / stride) + 1;
    if (full > guard + neighbours * 2) {
      nearest.fill(Number.POSITIVE_INFINITY);
      for (let s = stored - full; s < stored - guard; s++) {
        const at = (s % kept) * length;
        let sum = 0;
        const worst = nearest[neighbours - 1]!;
        for (let i = 0; i < length && sum < worst; i++) sum += (newest[i]! - store[at + i]!) ** 2;
        if (sum >= worst) continue;
        let place = neighbours - 1;
        while (place > 0 && nearest[place - 1]! > sum) {
          nearest[place] = nearest[place - 1]!;
          place--;
        }
        nearest[place] = sum;
      }
      let total = 0;
      for (const d of nearest) total += Math.sqrt(d);
      distance = total / neighbours;
    }
    if (seen % stride === 0) {
      store.set(newest, (stored % kept) * length);
      stored++;
    }
    return distance;
  };
}

/** Every third stretch is kept: neighbours in time hardly differ, and the memory reaches three times as far back. */
const stride = 3;
