import type { SameFigures, Translation } from "@openkerb/contract";
import { alertZh } from "./alert-zh.ts";
import { indexZh } from "./index-zh.ts";
import { ledgerZh } from "./ledger-zh.ts";
import { phrasesZh } from "./phrases-zh.ts";
import { refusalZh } from "./refusal-zh.ts";
import { reviewZh } from "./review-zh.ts";
import { watchZh } from "./watch-zh.ts";

const all = {
  ...phrasesZh,
  ...alertZh,
  ...indexZh,
  ...ledgerZh,
  ...watchZh,
  ...reviewZh,
  ...refusalZh,
} as const satisfies Translation;

/** Every sentence of the hub in Chinese; the compiler names one that is missing or whose figures are others. */
export const chinese: Translation = all satisfies SameFigures<typeof all>;
