import { alertSentences } from "./alert-sentences.ts";
import { indexSentences } from "./index-sentences.ts";
import { ledgerSentences } from "./ledger-sentences.ts";
import { phrases } from "./phrases.ts";
import { refusalSentences } from "./refusal-sentences.ts";
import { reviewSentences } from "./review-sentences.ts";
import { watchSentences } from "./watch-sentences.ts";

/** Everything the hub says to people, in English. Programs may rely on it: a wording changes with a reason only. */
export const sentences = {
  ...phrases,
  ...alertSentences,
  ...indexSentences,
  ...ledgerSentences,
  ...watchSentences,
  ...reviewSentences,
  ...refusalSentences,
} as const;
export type SentenceId = keyof typeof sentences;
