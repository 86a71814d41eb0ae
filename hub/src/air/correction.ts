import { type Sentence, say } from "@openkerb/contract";
/** What a correction is fed with; the channel matters, CF=1 and ATM of one sensor differ by a third on bad days. */
export type CorrectionInput = {
  readonly channel: "cf1" | "atm" | "count03" | "any";
  /** Particle mass in µg/m³, or particles above 0.3 µm per 0.1 l for `count03`. */
  readonly value: number;
  /** Relative humidity in %. */
  readonly humidity: number;
};

/** One published correction; the id is stored with every value it made, so that versions never mix. */
export type Correction = {
  readonly id: string;
  readonly channel: CorrectionInput["channel"];
  readonly source: Sentence;
  /** Corrected PM2.5 in µg/m³, before it is cut at zero. */
  readonly formula: (value: number, humidity: number) => number;
};

// Between two branches EPA blends by a share that runs from 0 to 1.
const blend = (share: number, from: number, to: number): number => from * (1 - share) + to * share;

const epa2021 = (pm: number, rh: number): number => {
  const wet = 0.0862 * rh;
  if (pm < 30) return 0.524 * pm - wet + 5.75;
  if (pm < 50) return blend(pm / 20 - 3 / 2, 0.524, 0.786) * pm - wet + 5.75;
  if (pm < 210) return 0.786 * pm - wet + 5.75;
  const square = 8.84e-4 * pm ** 2;
  if (pm >= 260) return 2.966 + 0.69 * pm + square;
  const share = pm / 50 - 21 / 5;
  return blend(share, 0.786, 0.69) * pm - wet * (1 - share) + 2.966 * share + 5.75 * (1 - share) + square * share;
};

export const corrections: readonly Correction[] = [
  {
    id: "barkjohn-2021@1",
    channel: "cf1",
    source: say("source.barkjohn"),
    formula: (pm, rh) => 0.524 * pm - 0.0862 * rh + 5.75,
  },
  {
    id: "sensortoolkit@1",
    channel: "cf1",
    source: say("source.sensortoolkit"),
    formula: (pm, rh) => 0.524 * pm - 0.0852 * rh + 5.72,
  },
  {
    id: "epa-fasm@1",
    channel: "cf1",
    source: say("source.epa-fasm"),
    formula: (pm, rh) => (pm <= 343 ? 0.52 * pm - 0.086 * rh + 5.75 : 0.46 * pm + 3.93e-4 * pm ** 2 + 2.97),
  },
  {
    id: "epa-2021-atm@1",
    channel: "atm",
    source: say("source.epa-2021"),
    formula: epa2021,
  },
  {
    id: "airgradient-20240104@1",
    channel: "count03",
    source: say("source.airgradient"),
    formula: (count, rh) => epa2021(0.02896 * count, rh),
  },
];

/**
 * What the PM2.5 of a sensor profile is: these formulas were all made for Plantower sensors, so that `other` may not be
 * corrected by them. A profile that is not here may carry either channel.
 */
export const pm25OfProfile: Readonly<Record<string, "atm" | "other">> = {
  pmsx003: "atm",
  pms3003: "atm",
  pms5003t: "atm",
  airgradient: "atm",
  "tasmota-pms5003": "atm",
  sps30: "other",
  sen5x: "other",
  sds011: "other",
  hpma115c0: "other",
  hpma115s0: "other",
  zh0xx: "other",
};

export type Corrected =
  | { readonly kind: "value"; readonly value: number; readonly correction: string }
  | { readonly kind: "refused"; readonly why: Sentence };

/** Applies a correction by its id; a value of another channel is refused, because the formula would be silently wrong. */
export function correct(id: string, { channel, value, humidity }: CorrectionInput): Corrected {
  const correction = corrections.find((c) => c.id === id);
  if (!correction) return { kind: "refused", why: say("correction.unknown", { correction: id }) };
  if (correction.channel !== channel)
    return {
      kind: "refused",
      why: say("correction.other-channel", { correction: id, channel: correction.channel, given: channel }),
    };
  if (!(humidity >= 0 && humidity <= 100)) return { kind: "refused", why: say("correction.humidity", { humidity }) };
  return { kind: "value", value: Math.max(0, correction.formula(value, humidity)), correction: id };
}

/** Dry mass of particles swollen by humidity (κ-Köhler, Crilley 2018); κ is a property of the aerosol of the place. */
export function dryMass(wet: number, humidity: number, kappa: number): number {
  return wet / (1 + kappa / 1.65 / (100 / humidity - 1));
}
