import { type BandMetric, bandOf, type KnownFigures, type Metric, type Tongue, translate } from "@openkerb/contract";
import type { Language } from "../language/language.ts";
import { chinese } from "./chinese.ts";

type Said = { readonly text: string /** Whether it is in the language asked for. */; readonly known: boolean };

const metricZh = (metric: Metric): string => {
  const band = bandOf(metric);
  return band === undefined
    ? chinese[`metric.${metric as Exclude<Metric, BandMetric>}`]
    : chinese["metric.band"].replace("{band}", band);
};

const tongues: Readonly<Record<Exclude<Language, "en">, Tongue>> = {
  zh: { sentences: chinese, metric: metricZh, comma: "、", clause: "，", semicolon: "；", stop: "。" },
};

/** What was translated lately: a queue says its titles anew every second. */
const lately = new Map<string, string | undefined>();
const most = 2000;

/**
 * What the hub says in English, in the language of the screen as far as it is known; else as it came. `figures` are those
 * known from elsewhere, such as the name of the place.
 */
export function hubWords(language: Language, text: string, figures?: KnownFigures): Said {
  if (language === "en") return { text, known: true };
  const key = JSON.stringify([language, text, figures]);
  if (!lately.has(key)) {
    if (lately.size >= most) lately.clear();
    lately.set(key, translate(text, tongues[language], figures));
  }
  const said = lately.get(key);
  return said === undefined ? { text, known: false } : { text: said, known: true };
}
