import { AlertKind, CameraTrouble, roadClasses } from "@openkerb/contract";
import { describe, expect, it, onTestFinished } from "vitest";
import { chooseLanguage, languages, texts } from "./language/language.ts";
import { age, bytes, className, clock, listed, percent, rough, span, troubleWords, whole } from "./words.ts";
import * as said from "./words-texts.ts";
import { counted } from "./words-texts.ts";

const s = 1000;
const m = 60 * s;
const h = 60 * m;

describe("words", () => {
  it.each([
    [0, "0 s"],
    [59 * s, "59 s"],
    [m, "1 min"],
    [59 * m + 59 * s, "59 min"],
    [h, "1 h"],
    [47 * h, "47 h"],
    [48 * h, "2 days"],
  ])("says %i ms as %s", (ms, words) => expect(span(ms)).toBe(words));

  it.each([
    [-3 * s, "now"],
    [4 * s, "now"],
    [5 * s, "5 s ago"],
    [3 * h, "3 h ago"],
  ])("says what happened %i ms ago as %s", (ms, words) => expect(age(1e12 - ms, 1e12)).toBe(words));

  it("names the day of a time that is not today's", () => {
    const noon = new Date(2026, 4, 5, 12, 3).getTime();
    expect(clock(noon, noon + h)).toBe("12:03");
    expect(clock(noon, noon + 24 * h)).toBe("Tue 5 May, 12:03");
  });

  it.each([
    [1, "100 %"],
    [0.999, "99 %"],
    [0.5, "50 %"],
    [0, "0 %"],
  ])("never calls a share of %f whole unless it is", (share, words) => expect(percent(share)).toBe(words));

  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1500, "1.5 kB"],
    [64_000_000_000, "64 GB"],
    [250_000_000, "250 MB"],
  ])("says %i bytes as %s", (n, words) => expect(bytes(n)).toBe(words));

  it("counts and lists as a person would", () => {
    expect(counted(1, "box", "boxes")).toBe("1 box");
    expect(counted(1200, "box", "boxes")).toBe("1,200 boxes");
    expect(listed([])).toBe("");
    expect(listed(["cars"])).toBe("cars");
    expect(listed(["cars", "buses", "trucks"])).toBe("cars, buses and trucks");
    expect(rough(9.97)).toBe("10");
    expect(rough(9.84)).toBe("9.8");
  });

  it("has words for everything the contract can say, in every language", () => {
    onTestFinished(() => chooseLanguage("en"));
    for (const language of Object.keys(languages) as (keyof typeof languages)[]) {
      chooseLanguage(language);
      const { kinds } = texts(said);
      for (const kind of AlertKind.options) if (kinds) expect(kinds[kind]).toMatch(/^[\u4e00-\u9fff]/);
      for (const trouble of CameraTrouble.options) expect(troubleWords(trouble).next).toMatch(/[.。]$/);
      for (const name of roadClasses) expect(className(name).many).toMatch(/^[A-Z\u4e00-\u9fff]/);
    }
  });

  it("speaks Chinese as soon as it is chosen, times and numbers too", () => {
    onTestFinished(() => chooseLanguage("en"));
    chooseLanguage("zh");
    const noon = new Date(2026, 4, 5, 12, 3).getTime();
    expect(age(noon - 4 * m, noon)).toBe("4 分钟前");
    expect(clock(noon, noon + 24 * h)).toBe("5月5日周二 12:03");
    expect(listed(["小汽车", "货车", "行人"])).toBe("小汽车、货车、行人");
    expect(whole(1234)).toBe("1,234");
  });
});
