import { type Sentence, say } from "@openkerb/contract";
import type { Averaging, Pollutant, ReferenceState, Unit, Wanted } from "./concentration.ts";
import { belowZero, convert } from "./concentration.ts";
import type { Fraction } from "./fraction.ts";

/** One mean value of one pollutant, as measured; `value` is absent when it is missing. */
export type Sample = {
  readonly pollutant: Pollutant;
  readonly averaging: Averaging;
  readonly value: Fraction | undefined;
  readonly unit: Unit;
};

/** What a standard says about one sample: an index with its class, or why there is none. */
export type Verdict =
  | { readonly kind: "index"; readonly index: number; readonly category: string }
  | { readonly kind: "none"; readonly why: Sentence };

/** The index of a place and time: the worst pollutant's, with every pollutant that reaches it. */
export type Overall =
  | {
      readonly kind: "index";
      readonly index: number;
      readonly category: string;
      readonly primary: readonly Pollutant[];
    }
  | { readonly kind: "none"; readonly why: Sentence };

export type Judgement = { readonly each: readonly Verdict[]; readonly overall: Overall };

/** One dated rule set. `from` and `to` are days (`YYYY-MM-DD`), both included; no `to` means still in force. */
export type IndexStandard = {
  readonly id: string;
  readonly region: "us" | "eu" | "cn";
  readonly from: string;
  readonly to?: string;
  /** The state its masses of gas are stated at. */
  readonly state: ReferenceState;
  readonly source: string;
  /** What no text at hand says word by word. */
  readonly unconfirmed?: Sentence;
  /** Class names, best first. */
  readonly classes: readonly string[];
  /** Judges the samples of one place and time together, because some rules need to see more than one of them. */
  judge(samples: readonly Sample[]): Judgement;
};

export const none = (why: Sentence): { readonly kind: "none"; readonly why: Sentence } => ({ kind: "none", why });

/** A sample brought into a standard's unit, or the reason why it cannot be. */
export function prepared(
  sample: Sample,
  wanted: Wanted,
): { readonly kind: "value"; readonly value: Fraction } | { readonly kind: "none"; readonly why: Sentence } {
  if (sample.value === undefined) return none(say("index.missing-value"));
  const converted = convert(sample.value, sample.pollutant, sample.unit, wanted);
  if (converted.kind === "refused") return none(converted.why);
  return belowZero(converted.value) ? none(say("index.below-zero")) : converted;
}

/** The worst of the verdicts, with all pollutants that reach it. */
export function worst(samples: readonly Sample[], verdicts: readonly Verdict[]): Overall {
  let top: Extract<Verdict, { kind: "index" }> | undefined;
  for (const verdict of verdicts) if (verdict.kind === "index" && (!top || verdict.index > top.index)) top = verdict;
  if (!top) return none(say("index.none"));
  const primary = new Set<Pollutant>();
  verdicts.forEach((verdict, i) => {
    if (verdict.kind === "index" && verdict.index === top.index) primary.add(samples[i]!.pollutant);
  });
  return { ...top, primary: [...primary] };
}
