import {
  type AirChannel,
  type AirLimit,
  forEachBand,
  type Metric,
  type Pollutant,
  type QualityFlag,
  type Unit,
} from "@openkerb/contract";
import type { Language } from "./language.ts";
import type { Speech } from "./speech.ts";

/** As many digits as an eye needs: whole from a hundred on, else one or two decimals. */
export const figure = (n: number, { fixed }: Pick<Speech, "fixed">): string =>
  fixed(n, Math.abs(n) >= 100 ? 0 : Math.abs(n) >= 1 ? 1 : 2);

const plain = {
  pm1: "PM1",
  pm25: "PM2.5",
  pm4: "PM4",
  pm10: "PM10",
  no: "NO",
  no2: "NO₂",
  nox: "NOₓ",
  so2: "SO₂",
  co: "CO",
  h2s: "H₂S",
  co2: "CO₂",
  lceq: "LCeq",
  laeq: "LAeq",
  lafmax: "LAFmax",
  la10: "LA10",
  la50: "LA50",
  la90: "LA90",
  ...forEachBand((band) => `LZeq ${band} Hz`),
};
const metrics: Record<Language, Record<Metric, string>> = {
  en: {
    ...plain,
    o3: "O₃",
    hcho: "Formaldehyde",
    "voc-index": "VOC index",
    "nox-index": "NOₓ index",
    temperature: "Temperature",
    humidity: "Humidity",
    pressure: "Air pressure",
    "wind-speed": "Wind speed",
    "wind-direction": "Wind direction",
    rain: "Rain",
  },
  zh: {
    ...plain,
    o3: "O₃",
    hcho: "甲醛",
    "voc-index": "VOC 指数",
    "nox-index": "NOₓ 指数",
    temperature: "气温",
    humidity: "相对湿度",
    pressure: "气压",
    "wind-speed": "风速",
    "wind-direction": "风向",
    rain: "降水量",
  },
};
export const metricName = (language: Language, metric: Metric | Pollutant | "benzene"): string =>
  metric === "benzene" ? (language === "zh" ? "苯" : "Benzene") : metrics[language][metric];

const units: Record<Unit, string> = {
  "ug/m3": "µg/m³",
  "mg/m3": "mg/m³",
  "[ppb]": "ppb",
  "[ppm]": "ppm",
  Cel: "°C",
  "%": "%",
  hPa: "hPa",
  "m/s": "m/s",
  deg: "°",
  mm: "mm",
  "dB[SPL]": "dB",
  "1": "",
};
/** A unit as it is written; what is not one of the contract's is shown as it came. */
export const unitName = (unit: string): string => units[unit as Unit] ?? unit;

/** The unit of a law's figures. */
export const lawUnit = (pollutant: AirLimit["pollutant"]): string => (pollutant === "co" ? "mg/m³" : "µg/m³");

/** A channel in a line: what, of which sensor, and whether it is corrected. */
export function channelName(language: Language, { metric, sensor, correction }: AirChannel): string {
  const corrected =
    correction === undefined ? "" : language === "zh" ? `（已校正：${correction}）` : `, corrected by ${correction}`;
  return `${metricName(language, metric)} · ${sensor}${corrected}`;
}

export const flags: Record<Language, Record<QualityFlag, string>> = {
  en: { 1: "good", 2: "not tested", 3: "suspect", 4: "bad", 9: "missing" },
  zh: { 1: "正常", 2: "未检验", 3: "可疑", 4: "不合格", 9: "缺测" },
};

type Law = AirLimit["law"];
const laws: Record<Language, Record<Law, string>> = {
  en: {
    "eu-2008-50": "EU 2008/50",
    "eu-2024-2881": "EU 2024/2881",
    "gb-3095-2012": "GB 3095-2012",
    "gb-3095-2026": "GB 3095-2026",
    "who-2021": "WHO 2021",
  },
  zh: {
    "eu-2008-50": "欧盟 2008/50",
    "eu-2024-2881": "欧盟 2024/2881",
    "gb-3095-2012": "GB 3095-2012",
    "gb-3095-2026": "GB 3095-2026",
    "who-2021": "世卫组织 2021",
  },
};
export const lawName = (language: Language, law: Law): string => laws[language][law];
export const lawIds = Object.keys(laws.en) as Law[];

const statistics: Record<Language, Record<AirLimit["statistic"], string>> = {
  en: {
    "10min": "10 minutes",
    "15min": "15 minutes",
    hour: "hour",
    "8h": "8 hours",
    mda8: "daily maximum 8 h",
    day: "day",
    season: "peak season",
    year: "year",
  },
  zh: {
    "10min": "10 分钟平均",
    "15min": "15 分钟平均",
    hour: "1 小时平均",
    "8h": "8 小时平均",
    mda8: "日最大 8 小时平均",
    day: "24 小时平均",
    season: "暖季平均",
    year: "年平均",
  },
};
export const statisticName = (language: Language, statistic: AirLimit["statistic"]): string =>
  statistics[language][statistic];

const levels: Record<Language, Record<AirLimit["level"], string>> = {
  en: {
    limit: "limit value",
    target: "target value",
    objective: "long-term objective",
    "grade-1": "grade 1",
    "grade-2": "grade 2",
    aqg: "guideline",
    "it-1": "interim target 1",
    "it-2": "interim target 2",
    "it-3": "interim target 3",
    "it-4": "interim target 4",
  },
  zh: {
    limit: "限值",
    target: "目标值",
    objective: "长期目标",
    "grade-1": "一级",
    "grade-2": "二级",
    aqg: "准则值",
    "it-1": "过渡目标 1",
    "it-2": "过渡目标 2",
    "it-3": "过渡目标 3",
    "it-4": "过渡目标 4",
  },
};
export const levelName = (language: Language, level: AirLimit["level"]): string => levels[language][level];
