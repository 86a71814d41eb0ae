import { fraction, toNumber } from "./fraction.ts";

/** Sums of any stretch of values, exact in the decimals the values are written in. */
export type ExactSums = {
  /**
   * Mean of the values from index `from` up to but not with `to`; the nearest float to the exact quotient. `of` divides
   * by another number of values than there are.
   */
  mean(from: number, to: number, of?: number): number;
};

const plain = /^(-?\d+)(?:\.(\d+))?$/;

/** Adds values as whole numbers of their smallest decimal place; a mean of any window of them is then one division. */
export function exactSums(values: readonly number[]): ExactSums {
  let places = 0;
  const parts = values.map((value): { digits: bigint; places: number } => {
    const [, whole, after = ""] = plain.exec(String(value)) ?? [];
    if (whole === undefined) {
      // Written with an exponent: rare, and 60 places are enough for what a sensor can mean by it.
      const { n, d } = fraction(value);
      places = Math.max(places, 60);
      return { digits: (n * 10n ** 60n) / d, places: 60 };
    }
    places = Math.max(places, after.length);
    return { digits: BigInt(whole + after), places: after.length };
  });
  const powers = Array.from({ length: places + 1 }, (_, i) => 10n ** BigInt(i));
  const sums: bigint[] = [0n];
  for (const part of parts) sums.push(sums.at(-1)! + part.digits * powers[places - part.places]!);
  const unit = powers[places]!;
  return {
    mean: (from, to, of = to - from) => toNumber({ n: sums[to]! - sums[from]!, d: unit * BigInt(of) }),
  };
}
