import { say } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import type { Mean } from "./averages.ts";
import { type Pollutant, parseUnit } from "./concentration.ts";
import { type IndexInput, type IndexMoment, type IndexWish, indexMoments } from "./index-moments.ts";
import { indexStandard } from "./standard.ts";
import { day, hour } from "./timestamp.ts";

const start = Date.UTC(2026, 5, 1);
const input = (
  pollutant: Pollutant,
  unit: string,
  value: (i: number) => number | undefined,
  { from = start - 14 * day, hours = 20 * 24 } = {},
): IndexInput => ({
  pollutant,
  unit: parseUnit(unit)!,
  hours: Array.from({ length: hours }, (_, i): Mean => {
    const at = from + i * hour;
    const v = value(Math.round((at - start) / hour));
    return v === undefined
      ? { kind: "none", at, why: say("index.minutes", { valid: 12, needed: 45 }) }
      : { kind: "value", at, value: v, valid: 60, of: 60 };
  }),
});
function moments(inputs: readonly IndexInput[], wish: Partial<IndexWish>): IndexMoment[] {
  const work = indexMoments(inputs, {
    span: "hour",
    from: start,
    to: start + hour,
    offset: 0,
    by: { region: "eu" },
    station: "traffic",
    ...wish,
  });
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
const parts = (moment: IndexMoment | undefined) =>
  moment?.each.map((p) => [p.pollutant, p.averaging, p.verdict.kind === "index" ? p.verdict.index : p.verdict.why]);

describe("the index of hours and days", () => {
  const all = () => [
    input("pm25", "ug/m3", () => 12),
    input("pm10", "ug/m3", () => 20),
    input("o3", "ug/m3@298K", () => 300),
    input("no2", "ppb", () => 54),
    input("so2", "ppb", () => 310),
    input("co", "mg/m3@298K", () => 2),
  ];
  // EPA-454/B-24-002; ETC HE 2024/17; EEA 2019; HJ 633-2026, table 3; HJ 633-2012, 4.2 (daily) and 4.3 (real time).
  it.each([
    ["us-2024", "hour", "pm25 nowcast, pm10 nowcast, o3 nowcast, o3 1h, no2 1h, so2 1h, so2 24h, co 8h"],
    ["us-2024", "day", "pm25 24h, pm10 24h, o3 8h, o3 1h, no2 1h, so2 1h, so2 24h, co 8h"],
    ["eaqi-2024", "hour", "pm25 1h, pm10 1h, o3 1h, no2 1h, so2 1h"],
    ["eaqi-2024", "day", "pm25 1h, pm10 1h, o3 1h, no2 1h, so2 1h"],
    ["eaqi-2019", "hour", "pm25 24h, pm10 24h, o3 1h, no2 1h, so2 1h"],
    ["eaqi-2019", "day", "pm25 24h, pm10 24h, o3 1h, no2 1h, so2 1h"],
    ["hj633-2026", "hour", "pm25 1h, pm10 1h, o3 1h, no2 1h, so2 1h, co 1h"],
    ["hj633-2026", "day", "pm25 24h, pm10 24h, o3 8h, no2 24h, so2 24h, co 24h"],
    ["hj633-2012", "hour", "pm25 24h, pm10 24h, o3 1h, o3 8h, no2 1h, so2 1h, co 1h"],
    ["hj633-2012", "day", "pm25 24h, pm10 24h, o3 8h, o3 1h, no2 24h, so2 24h, co 24h"],
  ] as const)("%s takes of a %s: %s", (id, span, means) => {
    const to = start + (span === "day" ? day : hour);
    const [found] = moments(all(), { span, to, by: { standard: indexStandard(id)! } });
    expect(found!.each.map(({ pollutant, averaging }) => `${pollutant} ${averaging}`).join(", ")).toBe(means);
  });

  it("takes the hour of the place from its own day's rules", () => {
    // 1 March 2026 begins in China at 16:00 UTC on 28 February.
    const from = Date.UTC(2026, 1, 28, 15);
    const hours = { from: from - 24 * hour, hours: 48 };
    const pm = input("pm25", "ug/m3", () => 75, hours);
    const found = moments([pm], { from, to: from + 2 * hour, offset: 8, by: { region: "cn" } });
    expect(found.map(({ standard, each }) => [standard?.id, each[0]?.averaging])).toEqual([
      ["hj633-2012", "24h"],
      ["hj633-2026", "1h"],
    ]);
  });

  it("keeps a Chinese day of too little ozone when it is above 160 µg/m³ at the state of that day's law", () => {
    const afternoon = (i: number) => (((i % 24) + 24) % 24 >= 12 ? 76 : undefined);
    const on = (from: number) => {
      const hours = { from, hours: 24 };
      const shifted = (i: number) => afternoon(i - (from - start) / hour);
      return parts(
        moments([input("o3", "ppb", shifted, hours)], { span: "day", from, to: from + day, by: { region: "cn" } })[0],
      );
    };
    // 76 ppb are 162.7 µg/m³ at 273 K, above 160, and 149.1 at 298 K: 50 + 50 · 49.1/60 would be 91.
    expect(on(Date.UTC(2018, 7, 31))?.[0]).toEqual(["o3", "8h", 103]);
    expect(on(Date.UTC(2018, 8, 1))?.[0]).toEqual(["o3", "8h", "7 of 17 8-hour means, 14 are needed"]);
  });

  it("keeps a US day of ozone above 0.070 ppm although most of it is missing, in whatever unit it was measured", () => {
    // 12:00 to 17:00 only. 71 ppb are 139.4 µg/m³ at 298 K (1.962 each by EPA's factor), 142 are above and 139 are not.
    const afternoon = (value: number) => (i: number) => (i % 24 >= 12 && i % 24 < 18 ? value : undefined);
    const of = (unit: string, value: number) => {
      const wish = { span: "day", to: start + day, by: { region: "us" } } as const;
      const [found] = moments([input("o3", unit, afternoon(value))], wish);
      return parts(found)?.find(([, averaging]) => averaging === "8h");
    };
    // Index 126 - 101 over 0.071 - 0.085 ppm: 71 is where "Unhealthy for Sensitive Groups" begins.
    expect(of("ppb", 71)).toEqual(["o3", "8h", 101]);
    expect(of("ppm", 0.071)).toEqual(["o3", "8h", 101]);
    expect(of("ug/m3@298K", 142)).toEqual(["o3", "8h", 105]);
    for (const [unit, value] of [
      ["ppb", 70],
      ["ppm", 0.07],
      ["ug/m3@298K", 139],
    ] as const)
      expect(of(unit, value)?.[2]).toMatch(/of 17 8-hour means, 13 are needed/);
  });

  it("takes NowCasts in the US and shows the hourly ones as they are", () => {
    const [found] = moments(
      [
        input("pm25", "ug/m3", () => 12),
        input("o3", "ppb", () => 60),
        input("no2", "ppb", () => 54),
        input("so2", "ppb", () => 36),
        input("co", "ppm", () => 4.5),
      ],
      { by: { region: "us" } },
    );
    expect(parts(found)).toEqual([
      ["pm25", "nowcast", 56],
      ["o3", "nowcast", 67],
      ["no2", "1h", 51],
      ["so2", "1h", 51],
      ["co", "8h", 51],
    ]);
    expect(found?.overall).toMatchObject({ kind: "index", index: 67, primary: ["o3"] });
  });

  it("keeps a value on a band's edge there, whichever unit it came in", () => {
    const [found] = moments([input("o3", "ppm", () => 0.07)], { by: { region: "us" }, span: "day", to: start + day });
    expect(parts(found)).toEqual([["o3", "8h", 100]]);
  });

  it("needs NO2 and particles for a European index beside traffic, and ozone as well elsewhere", () => {
    const no2 = input("no2", "ug/m3", () => 11);
    const pm = input("pm10", "ug/m3", () => 50);
    expect(moments([no2, pm], {})[0]?.overall).toMatchObject({ kind: "index", index: 3, primary: ["pm10"] });
    expect(moments([no2, pm], { station: "background" })[0]?.overall).toMatchObject({
      why: expect.stringContaining("O3"),
    });
    const alone = moments([pm], {})[0];
    expect(alone?.overall).toMatchObject({ kind: "none", why: expect.stringContaining("NO2") });
    expect(parts(alone)).toEqual([["pm10", "1h", 3]]);
  });

  it("gives every moment the rules of its own day, or those asked for", () => {
    const pm = input("pm25", "ug/m3", () => 70, { from: Date.UTC(2026, 1, 20), hours: 24 * 20 });
    const span = { span: "day", from: Date.UTC(2026, 1, 28), to: Date.UTC(2026, 2, 2) } as const;
    const own = moments([pm], { ...span, by: { region: "cn" } });
    expect(own.map((m) => m.standard?.id)).toEqual(["hj633-2012", "hj633-2026"]);
    expect(own.map((m) => parts(m)?.[0]?.[2])).toEqual([94, 110]);
    const replayed = moments([pm], { ...span, by: { standard: indexStandard("hj633-2012")! } });
    expect(replayed.map((m) => parts(m)?.[0]?.[2])).toEqual([94, 94]);
    const old = moments([pm], {
      span: "day",
      from: Date.UTC(2015, 0, 1),
      to: Date.UTC(2015, 0, 2),
      by: { region: "cn" },
    });
    expect(old[0]).toMatchObject({ overall: { kind: "none" }, each: [] });
    expect(old[0]?.standard).toBeUndefined();
  });

  it("says why a pollutant has no value", () => {
    const [found] = moments([input("pm25", "ug/m3", (i) => (i === 0 ? undefined : 10))], {});
    expect(parts(found)).toEqual([["pm25", "1h", "12 valid minutes, 45 are needed"]]);
    const [gone] = moments([input("pm25", "ug/m3", () => 10, { hours: 24 })], {});
    expect(parts(gone)).toEqual([["pm25", "1h", "nothing was measured"]]);
  });

  it("lets days begin at the place's midnight", () => {
    const pm = input("pm25", "ug/m3", (i) => (i >= -8 && i < 16 ? 36 : 10));
    const days = moments([pm], { by: { region: "cn" }, span: "day", offset: 8, from: start - day, to: start + day });
    expect(days.map((m) => [new Date(m.at).toISOString(), parts(m)?.[0]?.[2]])).toEqual([
      ["2026-05-31T16:00:00.000Z", 52],
    ]);
  });
});
