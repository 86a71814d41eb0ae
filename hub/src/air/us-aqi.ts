import { say } from "@openkerb/contract";
import type { Averaging, Pollutant, Wanted } from "./concentration.ts";
import { compare, type Fraction, fraction, halfUp, minus, over, plus, times, truncated } from "./fraction.ts";
import { type IndexStandard, none, prepared, type Sample, type Verdict, worst } from "./index-standard.ts";

type Band = readonly [low: string, high: string, indexLow: number, indexHigh: number];
type Scale = { readonly wanted: Wanted; readonly places: number; readonly bands: readonly Band[] };

const ppb: Wanted = { unit: "ppb", state: "298K" };
const ppm: Wanted = { unit: "ppm", state: "298K" };
const mass: Wanted = { unit: "ug/m3", state: "298K" };

/** EPA-454/B-24-002 (May 2024), Table 6; the upper ends at index 500 are its footnote 4. */
const scales = {
  pm25: {
    wanted: mass,
    places: 1,
    bands: [
      ["0", "9.0", 0, 50],
      ["9.1", "35.4", 51, 100],
      ["35.5", "55.4", 101, 150],
      ["55.5", "125.4", 151, 200],
      ["125.5", "225.4", 201, 300],
      ["225.5", "325.4", 301, 500],
    ],
  },
  pm10: {
    wanted: mass,
    places: 0,
    bands: [
      ["0", "54", 0, 50],
      ["55", "154", 51, 100],
      ["155", "254", 101, 150],
      ["255", "354", 151, 200],
      ["355", "424", 201, 300],
      ["425", "604", 301, 500],
    ],
  },
  o3Over8: {
    wanted: ppm,
    places: 3,
    bands: [
      ["0", "0.054", 0, 50],
      ["0.055", "0.070", 51, 100],
      ["0.071", "0.085", 101, 150],
      ["0.086", "0.105", 151, 200],
      ["0.106", "0.200", 201, 300],
    ],
  },
  o3Over1: {
    wanted: ppm,
    places: 3,
    bands: [
      ["0.125", "0.164", 101, 150],
      ["0.165", "0.204", 151, 200],
      ["0.205", "0.404", 201, 300],
      ["0.405", "0.604", 301, 500],
    ],
  },
  co: {
    wanted: ppm,
    places: 1,
    bands: [
      ["0", "4.4", 0, 50],
      ["4.5", "9.4", 51, 100],
      ["9.5", "12.4", 101, 150],
      ["12.5", "15.4", 151, 200],
      ["15.5", "30.4", 201, 300],
      ["30.5", "50.4", 301, 500],
    ],
  },
  so2Over1: {
    wanted: ppb,
    places: 0,
    bands: [
      ["0", "35", 0, 50],
      ["36", "75", 51, 100],
      ["76", "185", 101, 150],
      ["186", "304", 151, 200],
    ],
  },
  so2Over24: {
    wanted: ppb,
    places: 0,
    bands: [
      ["305", "604", 201, 300],
      ["605", "1004", 301, 500],
    ],
  },
  no2: {
    wanted: ppb,
    places: 0,
    bands: [
      ["0", "53", 0, 50],
      ["54", "100", 51, 100],
      ["101", "360", 101, 150],
      ["361", "649", 151, 200],
      ["650", "1249", 201, 300],
      ["1250", "2049", 301, 500],
    ],
  },
} as const satisfies Record<string, Scale>;

const scaleFor: Readonly<Record<Pollutant, Readonly<Partial<Record<Averaging, Scale>>>>> = {
  pm25: { "24h": scales.pm25, nowcast: scales.pm25 },
  pm10: { "24h": scales.pm10, nowcast: scales.pm10 },
  o3: { "8h": scales.o3Over8, "1h": scales.o3Over1, nowcast: scales.o3Over8 },
  co: { "8h": scales.co },
  so2: { "1h": scales.so2Over1, "24h": scales.so2Over24 },
  no2: { "1h": scales.no2 },
};

const classes = [
  "Good",
  "Moderate",
  "Unhealthy for Sensitive Groups",
  "Unhealthy",
  "Very Unhealthy",
  "Hazardous",
] as const;
const classOf = (index: number): string =>
  classes[index <= 50 ? 0 : index <= 100 ? 1 : index <= 150 ? 2 : index <= 200 ? 3 : index <= 300 ? 4 : 5];

const indexed = (index: number): Verdict => ({ kind: "index", index, category: classOf(index) });

/** The line through a band's ends, rounded to the nearest whole number; above the last band it goes on without a cap. */
function onLine(value: Fraction, [low, high, indexLow, indexHigh]: Band): Verdict {
  const slope = over(fraction(indexHigh - indexLow), minus(fraction(high), fraction(low)));
  return indexed(halfUp(plus(times(slope, minus(value, fraction(low))), fraction(indexLow))));
}

function judgeOne(sample: Sample, so2OverDay: Fraction | undefined): Verdict {
  const { pollutant, averaging } = sample;
  const scale = scaleFor[pollutant][averaging];
  if (!scale) {
    return averaging === "1h" && (pollutant === "pm25" || pollutant === "pm10")
      ? none(say("us.single-hour"))
      : none(say("us.no-scale", { averaging: say(`averaging.${averaging}`), pollutant }));
  }
  const ready = prepared(sample, scale.wanted);
  if (ready.kind === "none") return ready;
  const value = truncated(ready.value, scale.places);
  const band = scale.bands.find(([, high]) => compare(value, fraction(high)) <= 0);
  if (scale === scales.o3Over1 && compare(value, fraction("0.125")) < 0) return none(say("us.low-hour-of-ozone"));
  if (scale === scales.so2Over24 && compare(value, fraction(305)) < 0) return none(say("us.low-day-of-so2"));
  if (band) return onLine(value, band);
  if (scale === scales.o3Over8) return none(say("us.high-ozone"));
  if (scale === scales.so2Over1) {
    if (so2OverDay === undefined) return none(say("us.high-so2"));
    return compare(so2OverDay, fraction(305)) < 0 ? indexed(200) : none(say("us.day-of-so2"));
  }
  return onLine(value, scale.bands.at(-1)!);
}

/** 24-hour SO2 of the same place and time, when exactly one is given and usable. */
function dayOfSo2(samples: readonly Sample[]): Fraction | undefined {
  const days = samples.filter(({ pollutant, averaging }) => pollutant === "so2" && averaging === "24h");
  const ready = days.length === 1 ? prepared(days[0]!, ppb) : undefined;
  return ready?.kind === "value" ? truncated(ready.value, 0) : undefined;
}

/**
 * The US Air Quality Index as of 2024-05-06. Concentrations are cut off, never rounded, before the line is applied.
 * Page 15 of the document prints 148 for 0.162 ppm of 1-hour ozone; its own equation gives 147.487, so 147 stands here.
 */
export const usAqi2024: IndexStandard = {
  id: "us-2024",
  region: "us",
  from: "2024-05-06",
  state: "298K",
  source: "EPA-454/B-24-002, May 2024; 40 CFR 58 Appendix G",
  classes,
  judge(samples) {
    const so2OverDay = dayOfSo2(samples);
    const each = samples.map((sample) => judgeOne(sample, so2OverDay));
    return { each, overall: worst(samples, each) };
  },
};
