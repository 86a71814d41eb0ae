import { type Sentence, say } from "@openkerb/contract";
import type { Pollutant } from "../concentration.ts";
import { type Agreement, agreementOf } from "./agreement.ts";
import { bestLag, calibrate, type Verdict } from "./calibration.ts";
import { type Pair, pairsOf, type Reading } from "./pairs.ts";
import { againstTargets, type TargetResult } from "./targets.ts";

/** All that a colocation shows. */
export type Colocated = {
  readonly pairs: readonly Pair[];
  readonly spanMinutes: number;
  /** Absent when there are too few pairs to say anything. */
  readonly agreement?: Agreement;
  readonly targets: readonly TargetResult[];
  readonly verdict: Verdict;
  readonly warning?: Sentence;
};

const finite = (thing: object): boolean =>
  Object.values(thing).every((v) => (typeof v === "object" && v !== null ? finite(v) : Number.isFinite(v)));

/** Compares a sensor with its reference; EPA's targets where `pollutant` is one in the units they are stated in. */
export function colocate(
  sensor: readonly Reading[],
  reference: readonly Reading[],
  pollutant: Pollutant | undefined,
): Colocated {
  const { span, pairs } = pairsOf(sensor, reference);
  const agreement = agreementOf(pairs);
  const verdict = calibrate(pairs);
  const lag = bestLag(pairs, span);
  // A clock that is off gives a clearly better fit elsewhere; noise gives a slightly better one anywhere.
  const shifted = lag.lag !== 0 && lag.r2 > 0.3 && lag.r2 - lag.r2AtZero > 0.1;
  const hours = (lag.lag * span) / 3_600_000;
  const sound = agreement !== undefined && finite(agreement) ? agreement : undefined;
  return {
    pairs,
    spanMinutes: span / 60_000,
    ...(sound && { agreement: sound }),
    targets: pollutant && sound ? againstTargets(pollutant, sound) : [],
    // A sensor that never moved has a line without numbers.
    verdict:
      verdict.kind === "refused" && verdict.calibration && !finite(verdict.calibration) ? bare(verdict) : verdict,
    ...(shifted && { warning: say("colocation.lag", { hours }) }),
  };
}

const bare = ({ why }: Extract<Verdict, { kind: "refused" }>): Verdict => ({ kind: "refused", why });
