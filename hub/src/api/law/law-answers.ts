import { AirAssociation, AirIndex, AirLedger, AirNoise } from "@openkerb/contract";
import type { z } from "zod";
import { associationAnswer } from "./association-answer.ts";
import { indexAnswer } from "./index-answer.ts";
import type { LawStore, Setting } from "./law-store.ts";
import { ledgerAnswer } from "./ledger-answer.ts";
import { noiseAnswer } from "./noise-answer.ts";

type Answer = {
  readonly shape: z.ZodType;
  // Questions come from routes that have parsed them, each for its own answer.
  readonly work: (store: LawStore, asked: never, setting: Setting) => Promise<object>;
};

/** Long answers by their names, each held by the contract's shape. */
export const lawAnswers = {
  ledger: { shape: AirLedger, work: ledgerAnswer },
  index: { shape: AirIndex, work: indexAnswer },
  noise: { shape: AirNoise, work: noiseAnswer },
  association: { shape: AirAssociation, work: associationAnswer },
} as const satisfies Record<string, Answer>;

export type LawQuestion = keyof typeof lawAnswers;
export type Asked<Q extends LawQuestion> = Parameters<(typeof lawAnswers)[Q]["work"]>[1];
