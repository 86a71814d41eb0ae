import type { Language } from "./language.ts";

type Said = { readonly text: string /** Whether it is in the language asked for. */; readonly known: boolean };
type Sentence = readonly [pattern: RegExp, chinese: string];

const units: Readonly<Record<string, string>> = { hours: "小时", days: "天" };

/** The hub's sentences about figures, with their translation; `$1` and so on are its figures. */
const sentences: readonly Sentence[] = [
  // The ledger
  [/^it is not measured here$/, "本点位未监测该项目"],
  [/^there are no readings as short as (\d+) minutes$/, "没有 $1 分钟或更短的数据"],
  [
    /^(\d+) of (\d+) (hours|days) are valid, ([\d.]+) % are needed to say that the limit was kept$/,
    "有效 $1／$2 $3；有效率须达 $4% 方可判定达标",
  ],
  [/^(\d+) of (\d+) are valid, ([\d.]+) % are needed$/, "有效 $1／$2；有效率须达 $3%"],
  [/^in force from (\S+): none of its (hours|days) is over$/, "自 $1 起生效，尚无完整的$2"],
  [/^with (\d+) under (\S+) before (\S+) the year has (\d+)$/, "加上 $3 之前按 $2 计的 $1 次，全年共 $4 次"],
  [/^mean of (\d+) years: ([\d.]+)$/, "$1 年平均：$2"],
  [/^nothing valid was measured in its time$/, "有效期内没有有效数据"],
  [/^nothing valid was measured$/, "没有有效数据"],
  [/^so far: (\d+) valid of (\d+) (hours|days) until now$/, "截至目前：有效 $1／$2 $3"],
  [/^(\d+) valid days, (\d+) are needed$/, "有效 $1 天，须达 $2 天"],
  [/^(\d+) valid days in month (\d+), too few$/, "$2 月仅有 $1 个有效日，数量不足"],
  [
    /^a year is judged by the law in force on its last day; this one ended on (\S+)$/,
    "年均值按年末有效的法规评价；本法规已于 $1 失效",
  ],
  [/^the year is not over: mean so far$/, "本年度尚未结束：此为截至目前的均值"],
  [/^the year is not over and nothing was measured yet$/, "本年度尚未结束，且尚无数据"],
  [
    /^the year is not over and no six months in a row have 75 % of their days$/,
    "本年度尚未结束，且没有连续六个月的有效日达到 75%",
  ],
  [/^no six months in a row have 75 % of their days$/, "没有连续六个月的有效日达到 75%"],
  [
    /^the year is not over; so far six months from (\S+), (\d+) of (\d+) days valid$/,
    "本年度尚未结束；截至目前为 $1 起的六个月，有效 $2／$3 天",
  ],
  [/^six months from (\S+), (\d+) of (\d+) days valid$/, "$1 起的六个月，有效 $2／$3 天"],
  [
    /^(\d) of the months April to September have (\d+) valid days, (\d) are needed$/,
    "4 至 9 月中仅 $1 个月有 $2 个有效日，至少需要 $3 个月",
  ],
  [
    /^(hours|days) that round to the figure itself and are not counted: (\d+) \(the rule of rounding is not confirmed word by word\)$/,
    "修约后等于限值而不计入的$1：$2（修约规则未经逐字核实）",
  ],
  [
    /^the mean rounds to the figure itself \(the rule of rounding is not confirmed word by word\)$/,
    "均值修约后等于限值（修约规则未经逐字核实）",
  ],
  [
    /^not confirmed word by word: that 25 days hold until (\d+) \(Article 19\(4\) dates the 18 days of Annex I, Section 2, to 1 January 2030\)$/,
    "未经逐字核实：25 天有效至 $1 年底（第 19 条第 4 款将附件一第 2 节的 18 天定于 2030 年 1 月 1 日）",
  ],
  [
    /^not confirmed word by word: the temperature at which WHO states gases \(that of the place's own law is taken\)$/,
    "未经逐字核实：世卫组织气体浓度的参比温度（此处采用当地法规的参比温度）",
  ],
  // The index
  [/^no pollutant has an index$/, "没有任何项目可计算指数"],
  [/^missing value$/, "缺测"],
  [/^concentration below zero$/, "浓度为负"],
  [/^(\d+) valid minutes, (\d+) are needed$/, "有效 $1 分钟，须达 $2 分钟"],
  [/^(\d+) of (\d+) hours are valid, (\d+) are needed$/, "有效 $1／$2 小时，须达 $3 小时"],
  [/^(\d+) of (\d+) 8-hour means, (\d+) are needed$/, "有效 8 小时均值 $1／$2 个，须达 $3 个"],
  [/^fewer than two of the last three hours are valid$/, "最近三小时中有效的不足两小时"],
  [/^none of the last three hours is valid$/, "最近三小时均无有效数据"],
  [/^no valid hour in the last 336$/, "最近 336 小时没有有效数据"],
  [/^fewer than 75 % of the 8-hour means are valid$/, "有效的 8 小时均值不足 75%"],
  [/^no rule set of this house held on that day$/, "该日没有可用的评价标准"],
  [/^not part of the daily report$/, "不参与日报"],
  [
    /^1-hour ozone below 0\.125 ppm is not used: the 8-hour mean decides$/,
    "臭氧 1 小时值低于 0.125 ppm 时不采用，以 8 小时均值为准",
  ],
  [
    /^8-hour ozone above 0\.200 ppm has no index: the 1-hour mean decides$/,
    "臭氧 8 小时均值高于 0.200 ppm 时无指数，以 1 小时值为准",
  ],
  [
    /^24-hour SO2 below 305 ppb is not used: the 1-hour maximum decides$/,
    "二氧化硫 24 小时均值低于 305 ppb 时不采用，以 1 小时最大值为准",
  ],
  [
    /^1-hour SO2 of 305 ppb or more needs the 24-hour mean as well$/,
    "二氧化硫 1 小时值达到 305 ppb 时还须有 24 小时均值",
  ],
  [
    /^24-hour SO2 of 305 ppb or more decides instead of the 1-hour maximum$/,
    "二氧化硫 24 小时均值达到 305 ppb，取代 1 小时最大值",
  ],
  [/^the European index of a traffic station needs (.+) as well$/, "欧洲指数要求交通点位同时监测 $1"],
  // Colocation
  [/^(\d+) pairs are too few: (\d+) are needed$/, "仅有 $1 对数据，至少需要 $2 对"],
  [
    /^R² is ([-\d.]+) on the fitted part, below ([\d.]+): the sensor does not follow the reference$/,
    "拟合段 R² 为 $1，低于 $2：传感器不随参比仪器变化",
  ],
  [
    /^R² is ([-\d.]+) on the part kept for judging, below ([\d.]+): the relation does not hold$/,
    "检验段 R² 为 $1，低于 $2：该关系不成立",
  ],
  [
    /^the gain may be 0 \(95 % interval ([-\d.]+) to ([-\d.]+)\): the fit says a constant$/,
    "增益可能为 0（95% 置信区间 $1 至 $2）：拟合结果只是一个常数",
  ],
  [
    /^the gain is negative \(([-\d.]+)\): the sensor falls when the reference rises$/,
    "增益为负（$1）：参比值升高时传感器读数反而下降",
  ],
  [
    /^the calibrated sensor is no better than the mean of the reference, which needs no sensor$/,
    "校准后的传感器并不优于参比均值，而后者无需传感器",
  ],
  [
    /^the two fit best (-?[\d.]+) hours apart: check clocks and time zones$/,
    "两者相差 $1 小时时吻合最好：请检查时钟与时区",
  ],
  // Forecasts
  [/^It has not been learnt from yet; this is done within a day\.$/, "尚未用其数据建模；一天之内会自动完成。"],
  [/^The first forecast is made when the next hour is over\.$/, "下一个整点过后将给出首次预报。"],
  [
    /^The last full hour of measurements began at (.+); a forecast needs the hour just gone\.$/,
    "最近一个完整小时的数据始于 $1；预报需要刚刚过去一小时的数据。",
  ],
  [/^No figure of the region can be held against values in (.+)\.$/, "本地区没有可与该单位（$1）比较的限值。"],
  [/^No full hour has been measured in the last two years\.$/, "近两年没有完整的小时数据。"],
  [/^Nothing has been measured since (\S+)\.$/, "自 $1 起没有数据。"],
  [
    /^(\d+) hours have been measured; (\d+) \(60 days\) are needed before anything can be learnt\.$/,
    "已有 $1 小时数据；建模至少需要 $2 小时（60 天）。",
  ],
  [/^Too little of the last weeks was measured to test a forecast on\.$/, "最近几周的数据太少，无法检验预报效果。"],
  [/^Learning failed; the hub's journal says why\.$/, "建模失败，原因见中心日志。"],
  [/^Only particles, ozone, NO2 and the noise level are forecast\.$/, "仅对颗粒物、臭氧、二氧化氮和噪声级作预报。"],
  [
    /^The forecast was no better than damped persistence on the (\d+) hours kept for testing \(skill ([-\d.]+)\)\.$/,
    "在留作检验的 $1 小时中，预报并不优于阻尼持续性预报（技巧评分 $2）。",
  ],
  [
    /^No hour above ([\d.]+) came on the (\d+) hours kept for testing, so nobody knows how good a warning would be\.$/,
    "在留作检验的 $2 小时中没有出现高于 $1 的小时，无从得知预警的可靠程度。",
  ],
  [
    /^Warnings were no better than persistence on the (\d+) hours kept for testing \(critical success (\d+) % against (\d+) %\)\.$/,
    "在留作检验的 $1 小时中，预警并不优于持续性预报（临界成功指数 $2% 对 $3%）。",
  ],
  // Traffic
  [/^(\S+) is not measured here$/, "本点位未监测 $1"],
  [/^no camera counted vehicles here in that time$/, "该时段内没有摄像机统计车辆"],
  [
    /^the cameras watched three quarters of only (\d+) of (\d+) hours$/,
    "$2 小时中，摄像机观测时间达到四分之三的仅有 $1 小时",
  ],
  [/^(\d+) hours have both, (\d+) \(two weeks\) are needed$/, "两者兼有的仅 $1 小时，至少需要 $2 小时（两周）"],
  [
    /^(\d+) hours have the weather as well, (\d+) \(two weeks\) are needed$/,
    "同时有气象数据的仅 $1 小时，至少需要 $2 小时（两周）",
  ],
  [
    /^the traffic hardly differs between hours of the same time of day and weather$/,
    "在相同时段和天气下，各小时车流量几乎没有差别",
  ],
  [/^the measured value never changes$/, "监测值始终不变"],
  [/^colocation (\d+), made by (.+)$/, "第 $1 次比对，$2"],
  // Refusals
  [/^There are doubts in that time that nobody has decided yet\.$/, "该时段内仍有存疑数据未经审核。"],
  [/^What is validated must end after it begins, and not in the future\.$/, "确认时段的结束须晚于开始，且不得在将来。"],
  [/^Nothing was measured in that time: there is nothing to stand for\.$/, "该时段没有数据，无可确认。"],
  [/^This validation is withdrawn already\.$/, "该确认已被撤回。"],
  [/^This correction has ended already\.$/, "该校正已经停用。"],
  [/^A channel cannot be its own reference\.$/, "通道不能以自身为参比。"],
  [/^The end lies before the beginning\.$/, "结束早于开始。"],
];

function chinese(text: string): string | undefined {
  for (const [pattern, words] of sentences) {
    const found = pattern.exec(text);
    if (found)
      return words.replace(/\$(\d)/g, (_, n: string) => units[found[Number(n)] ?? ""] ?? found[Number(n)] ?? "");
  }
  return undefined;
}

/** What the hub says in English, in the language of the screen as far as the sentence is known; else as it came. */
export function hubWords(language: Language, text: string): Said {
  if (language === "en") return { text, known: true };
  const whole = chinese(text);
  if (whole !== undefined) return { text: whole, known: true };
  // A sentence may be a list of them.
  const parts = text.split("; ").map(chinese);
  return parts.every((p) => p !== undefined) ? { text: parts.join("；"), known: true } : { text, known: false };
}
