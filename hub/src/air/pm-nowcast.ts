import { type Sentence, say } from "@openkerb/contract";
import { compare, type Fraction, fraction, minus, over, plus, times, toNumber, truncated, zero } from "./fraction.ts";

/** A NowCast, or why there is none. `exact` is the value before it is cut off for the index. */
export type NowCast =
  | { readonly kind: "value"; readonly value: number; readonly exact: number; readonly method: string }
  | { readonly kind: "none"; readonly why: Sentence };

const half = fraction("0.5");

/**
 * EPA's NowCast of particles from hourly means, oldest first; only the last twelve hours count and two of the last three
 * must be there. Weights fall off by hour with the ratio of the smallest to the largest of them, never below a half.
 * Cut off at 0.1 µg/m³ (PM2.5) or 1 µg/m³ (PM10), as the index does.
 */
export function pmNowCast(hours: readonly (Fraction | undefined)[], pollutant: "pm25" | "pm10"): NowCast {
  const newestFirst = hours.slice(-12).reverse();
  if (newestFirst.slice(0, 3).filter((v) => v !== undefined).length < 2)
    return { kind: "none", why: say("nowcast.two-of-three") };
  const valid = newestFirst.filter((v) => v !== undefined);
  const largest = valid.reduce((a, b) => (compare(a, b) >= 0 ? a : b));
  const smallest = valid.reduce((a, b) => (compare(a, b) <= 0 ? a : b));
  const ratio =
    compare(largest, zero) === 0 ? fraction(1) : minus(fraction(1), over(minus(largest, smallest), largest));
  // A negative hour can push the ratio outside 0..1; the weight stays within its bounds all the same.
  const weight = compare(ratio, half) < 0 ? half : compare(ratio, fraction(1)) > 0 ? fraction(1) : ratio;
  let power = fraction(1);
  let sum = zero;
  let weights = zero;
  for (const value of newestFirst) {
    if (value !== undefined) {
      sum = plus(sum, times(power, value));
      weights = plus(weights, power);
    }
    power = times(power, weight);
  }
  const exact = over(sum, weights);
  const value = truncated(exact, pollutant === "pm25" ? 1 : 0);
  return { kind: "value", value: toNumber(value), exact: toNumber(exact), method: "weighted 12 hours" };
}
