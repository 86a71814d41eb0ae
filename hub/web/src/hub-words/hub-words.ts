import { type KnownFigures, type Tongue, translate } from "@openkerb/contract";
import { metricName } from "../doors/air/parts/names.ts";
import type { Language } from "../language/language.ts";
import { chinese } from "./chinese.ts";

type Said = { readonly text: string /** Whether it is in the language asked for. */; readonly known: boolean };

const tongues: Readonly<Record<Exclude<Language, "en">, Tongue>> = {
  zh: {
    sentences: chinese,
    metric: (metric) => metricName("zh", metric),
    comma: "、",
    clause: "，",
    semicolon: "；",
    stop: "。",
  },
};

/**
 * What the hub says in English, in the language of the screen as far as it is known; else as it came. `known` are names
 * that stand in it.
 */
export function hubWords(language: Language, text: string, known?: KnownFigures): Said {
  if (language === "en") return { text, known: true };
  const said = translate(text, tongues[language], known);
  return said === undefined ? { text, known: false } : { text: said, known: true };
}
