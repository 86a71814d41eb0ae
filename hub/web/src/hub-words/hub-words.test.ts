import { asSentence, asWritten, type SentenceId, say, sayAll, sentences } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { chinese } from "./chinese.ts";
import { hubWords } from "./hub-words.ts";

const ids = Object.keys(sentences) as SentenceId[];
const zh = (text: string, figures?: Record<string, string>) => hubWords("zh", text, figures);
const figuresOf = (template: string) => [...template.matchAll(/\{(\w+)/g)].map(([, name]) => name).sort();

describe("the hub's sentences in Chinese", () => {
  it("have the same figures as in English, each once", () => {
    expect(Object.keys(chinese).sort()).toEqual([...ids].sort());
    for (const id of ids) expect(figuresOf(chinese[id]), id).toEqual(figuresOf(sentences[id]));
  });

  it("are Chinese, with Chinese points and commas, and stop where the English stops", () => {
    for (const id of ids) {
      const words = chinese[id].replace(/\{\w+\}/g, "");
      expect(words, id).not.toMatch(/[,;!?] |[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]/);
      expect(/[。？]$/.test(chinese[id]), id).toBe(/[.?]$/.test(sentences[id]));
      // Names of what is measured and of rules are the same in both.
      const spoken = sentences[id].replace(/\{[^}]*\}/g, "").match(/\b[a-z]{3,}\b/g) ?? [];
      if (spoken.length > 1) expect(words, id).toMatch(/[\u4e00-\u9fff]/);
    }
  });

  it.each<[string, string]>([
    [say("index.hours", { valid: 12, of: 24, needed: 18 }), "有效 12／24 小时，须达 18 小时"],
    [
      say("eu.lacks-in-background", {
        lacked: say("both", { first: say("metric.no2"), more: say("eu.o3") }),
      }),
      "欧洲指数要求背景点位同时监测 NO₂ 和 O₃",
    ],
    [
      say("cn.missing", { missing: ["so2", "pm10"] }),
      "SO₂、PM10 缺测，且其余项目的指数均未超过 100（HJ 633-2026 第 5.3.1 条）",
    ],
    [
      sayAll([
        say("ledger.carried-over", { before: 2, law: "eu-2008-50", day: "2026-12-12", all: 5 }),
        say("ledger.so-far", { valid: 10, of: 12, unit: say("unit.days") }),
      ]),
      "加上 2026-12-12 之前按 eu-2008-50 计的 2 次，全年共 5 次；截至目前：有效 10／12 天",
    ],
    [
      say("audit.overridden", {
        ...{ metric: "pm25", sensor: "pms", site: "mill-road" },
        ...{ flag: say("flag.1"), before: say("flag.3") },
      }),
      "mill-road pms 的 PM2.5：改判为“正常”，检验结果原为“可疑”",
    ],
    [asSentence(say("validation.open")), "该时段内仍有存疑数据未经审核。"],
    [
      asSentence(
        say("review.decided-because", {
          ...{ by: "olga", day: "2026-05-05", clock: "12:03", flag: say("flag.4") },
          reason: asWritten("the inlet was wet"),
        }),
      ),
      "olga 已于 2026-05-05 12:03（UTC）将这些数据判定为“不合格”，理由：the inlet was wet。",
    ],
    [
      say("warning.issued", {
        ...{ what: say("metric.pm25"), place: "Mill Road, north", source: say("event.us-index"), clock: "18:00" },
        ...{ event: "35.4 µg/m³", value: "41 µg/m³", low: "30", high: "55", pod: 62, far: 28 },
      }),
      "Mill Road, north 的 PM2.5 可能于 18:00 超过 35.4 µg/m³（美国 AQI 高于 100）：预计约 41 µg/m³，九成把握在 30 至 55 之间。检验中此类预警命中了 62% 的超限小时，预警中有 28% 为空报。",
    ],
    [
      say("traffic.no-wind", {
        said: say("traffic.higher", { metric: "no2", held: [say("held.hour"), say("held.weekday")] }),
      }),
      "相关，而非因果：在时刻、工作日或周末相同的小时之间，车流量较大者 NO₂ 较高。其他差异未知。风况未知，可能同时影响两者。",
    ],
    [say("traffic.not-measured", { metric: "lzeq-31.5" }), "本点位未监测 31.5 Hz 频带噪声级"],
    [
      say("alert.again", {
        sentence: say("alert.so-for", {
          what: say("camera.unreachable-at", { camera: "Camera 2", site: "Mill Road" }),
          span: say("many.minute", { n: 4 }),
        }),
        times: say("twice"),
      }),
      "Mill Road Camera 2 无法连接，已持续 4 分钟。自告警产生以来已发生 2 次。",
    ],
  ])("say %s", (english, said) => {
    expect(hubWords("en", english)).toEqual({ text: english, known: true });
    expect(zh(english)).toEqual({ text: said, known: true });
  });

  it("leave what nobody knows as it came", () => {
    for (const text of ["the dog ate it", "3 of 4 hours are valid, 5 are needed; the dog ate it"])
      expect(zh(text)).toEqual({ text, known: false });
  });
});
