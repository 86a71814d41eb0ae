import type { AirIndexMoment, IndexRule, IndexStandardId } from "@openkerb/contract";
import type { Language } from "./language.ts";

/** The official colour of each class, best first, and an ink that can be read on it. */
const colours: Record<"us" | "eu" | "cn", readonly (readonly [ground: string, ink: string])[]> = {
  us: [
    ["#00e400", "#000000"],
    ["#ffff00", "#000000"],
    ["#ff7e00", "#000000"],
    ["#ff0000", "#000000"],
    ["#8f3f97", "#ffffff"],
    ["#7e0023", "#ffffff"],
  ],
  eu: [
    ["#50f0e6", "#000000"],
    ["#50ccaa", "#000000"],
    ["#f0e641", "#000000"],
    ["#ff5050", "#000000"],
    ["#960032", "#ffffff"],
    ["#7d2181", "#ffffff"],
  ],
  cn: [
    ["#00e400", "#000000"],
    ["#ffff00", "#000000"],
    ["#ff7e00", "#000000"],
    ["#ff0000", "#000000"],
    ["#99004c", "#ffffff"],
    ["#7e0023", "#ffffff"],
  ],
};
const chinese: Record<"us" | "eu" | "cn", readonly string[]> = {
  us: ["良好", "中等", "对敏感人群不健康", "不健康", "非常不健康", "危险"],
  eu: ["良好", "尚可", "中等", "差", "很差", "极差"],
  cn: ["优", "良", "轻度污染", "中度污染", "重度污染", "严重污染"],
};
const names: Record<Language, Record<IndexStandardId, string>> = {
  en: {
    "us-2024": "US AQI (2024)",
    "eaqi-2024": "European AQI (2024)",
    "eaqi-2019": "European AQI (2019)",
    "hj633-2026": "China AQI (HJ 633-2026)",
    "hj633-2012": "China AQI (HJ 633-2012)",
  },
  zh: {
    "us-2024": "美国 AQI（2024）",
    "eaqi-2024": "欧洲 AQI（2024）",
    "eaqi-2019": "欧洲 AQI（2019）",
    "hj633-2026": "中国 AQI（HJ 633-2026）",
    "hj633-2012": "中国 AQI（HJ 633-2012）",
  },
};
export const standardName = (language: Language, id: IndexStandardId): string => names[language][id];
export const standardIds = Object.keys(names.en) as IndexStandardId[];

export type Band = { readonly name: string; readonly ground: string; readonly ink: string; readonly place: number };
/** The class of an index by its rule: its word in the language and its official colour. */
export function bandOf(language: Language, rule: IndexRule | undefined, category: string): Band | undefined {
  const place = rule?.classes.indexOf(category) ?? -1;
  const [ground, ink] = (rule && colours[rule.region][place]) ?? [];
  if (!rule || ground === undefined || ink === undefined) return undefined;
  return { name: language === "zh" ? (chinese[rule.region][place] ?? category) : category, ground, ink, place };
}

/** The last moment that has an index, or the last one at all: what is missing now is said, with what was known. */
export function newest(moments: readonly AirIndexMoment[]): {
  now: AirIndexMoment | undefined;
  known: AirIndexMoment | undefined;
} {
  return { now: moments.at(-1), known: moments.findLast((m) => m.overall.kind === "index") };
}
