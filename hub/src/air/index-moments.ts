import { say } from "@openkerb/contract";
import {
  aboveUsStandard,
  chineseLimit,
  dailyMaxima1h,
  dailyMaxima8h,
  dailyMaxima8hChina,
  dailyMaxima8hUs,
  dayLongMeans,
  dayMeans,
  eightHourMeans,
  type Mean,
  startOfDay,
} from "./averages.ts";
import type { Averaging, Pollutant, ReferenceState, Unit, Wanted } from "./concentration.ts";
import { convert, parseUnit, referenceKelvin } from "./concentration.ts";
import { lackedByStation, type StationKind } from "./european-aqi.ts";
import { compare, type Fraction, fraction, toNumber } from "./fraction.ts";
import type { IndexStandard, Overall, Sample, Verdict } from "./index-standard.ts";
import { o3NowCast } from "./o3-nowcast.ts";
import { pmNowCast } from "./pm-nowcast.ts";
import { standardInForce } from "./standard.ts";
import { day, dayOf, hour } from "./timestamp.ts";

/** Hours of one pollutant in its own unit, oldest first. */
export type IndexInput = { readonly pollutant: Pollutant; readonly unit: Unit; readonly hours: readonly Mean[] };
/** A value the index was made of. */
export type IndexPart = {
  readonly pollutant: Pollutant;
  readonly averaging: Averaging;
  readonly value: ReturnType<typeof fraction> | undefined;
  readonly unit: Unit;
  readonly verdict: Verdict;
};
export type IndexMoment = {
  readonly at: number;
  readonly standard?: IndexStandard;
  readonly overall: Overall;
  readonly each: readonly IndexPart[];
};
export type IndexWish = {
  readonly span: "hour" | "day";
  /** Start of the first moment and end of the last; days of the place begin at its midnight. */
  readonly from: number;
  readonly to: number;
  /** Hours east of UTC. */
  readonly offset: number;
  /** Every moment by the rules of its own day, or all by the named ones. */
  readonly by: { readonly region: "eu" | "us" | "cn" } | { readonly standard: IndexStandard };
  readonly station: StationKind;
};

/** So much before the first moment is needed: two weeks of ozone for the US, else a day. */
export const leadOf = (by: IndexWish["by"]): number =>
  ("standard" in by ? by.standard.region : by.region) === "us" ? 336 * hour : 24 * hour;

type Made = { readonly averaging: Averaging; readonly unit?: Unit; at(moment: number): Mean | undefined };
const lookup = (averaging: Averaging, means: readonly Mean[]): Made => {
  const known = new Map(means.map((mean) => [mean.at, mean]));
  return { averaging, at: (moment) => known.get(moment) };
};
const ppb = parseUnit("ppb")!;

/** NowCasts are made when they are asked for: that of ozone is a regression, from values in ppb. */
function nowcast({ pollutant, unit, hours }: IndexInput): Made {
  const ozone = pollutant === "o3";
  const known = new Map<number, number>();
  for (const mean of hours) {
    if (mean.kind === "none") continue;
    const converted = ozone
      ? convert(fraction(mean.value), pollutant, unit, { unit: "ppb", state: "298K" })
      : undefined;
    if (converted === undefined) known.set(mean.at, mean.value);
    else if (converted.kind === "value") known.set(mean.at, toNumber(converted.value));
  }
  const back = (moment: number, length: number): (number | undefined)[] =>
    Array.from({ length }, (_, i) => known.get(moment - (length - 1 - i) * hour));
  return {
    averaging: "nowcast",
    unit: ozone ? ppb : unit,
    at(moment) {
      const cast = ozone
        ? o3NowCast(back(moment, 336))
        : pmNowCast(
            back(moment, 12).map((v) => (v === undefined ? v : fraction(v))),
            pollutant as "pm25" | "pm10",
          );
      if (cast.kind === "none") return { kind: "none", at: moment, why: cast.why };
      return { kind: "value", at: moment, value: cast.value, valid: 1, of: 1 };
    },
  };
}

/** GB 3095, grade 2: eight hours of ozone above it count however much of the day is missing; in the US from 71 ppb on. */
const chineseLevel = (state: ReferenceState) => ({
  value: fraction(chineseLimit),
  unit: parseUnit(`ug/m3@${state}`)!,
});
const usLevel = { value: fraction(aboveUsStandard), unit: ppb };
const levelOfOzone = ({ value, unit }: typeof usLevel, own: Unit): number | undefined => {
  const converted = convert(value, "o3", unit, unitWanted(own));
  return converted.kind === "value" ? toNumber(converted.value) : undefined;
};
const states = ["273K", "293K", "298K"] as const;
const stateOf = (kelvin: Fraction | undefined): ReferenceState =>
  states.find((state) => kelvin && compare(referenceKelvin[state], kelvin) === 0) ?? "298K";
/** A unit as something to convert into. */
const unitWanted = (unit: Unit): Wanted =>
  unit.kind === "mixing"
    ? { unit: unit.perPart.n === 1n ? "ppb" : "ppm", state: "298K" }
    : {
        unit: unit.inMicrograms.n === 1n ? "ug/m3" : "mg/m3",
        state: stateOf(unit.kelvin),
      };

const particles = (pollutant: Pollutant): pollutant is "pm25" | "pm10" => pollutant === "pm25" || pollutant === "pm10";

/** Which means of a pollutant a rule set wants for an hour or a day. */
function madeFor({ id, state }: IndexStandard, input: IndexInput, { span, offset }: IndexWish): Made[] {
  const { pollutant, hours } = input;
  if (id === "us-2024") {
    if (span === "hour") {
      if (particles(pollutant)) return [nowcast(input)];
      if (pollutant === "o3") return [nowcast(input), lookup("1h", hours)];
      if (pollutant === "co") return [lookup("8h", eightHourMeans(hours))];
      return pollutant === "so2"
        ? [lookup("1h", hours), lookup("24h", dayLongMeans(hours, "us"))]
        : [lookup("1h", hours)];
    }
    if (particles(pollutant)) return [lookup("24h", dayMeans(hours, "us", offset))];
    const highest = lookup("1h", dailyMaxima1h(hours, "us", offset));
    if (pollutant === "o3")
      return [lookup("8h", dailyMaxima8hUs(hours, offset, levelOfOzone(usLevel, input.unit))), highest];
    if (pollutant === "co") return [lookup("8h", dailyMaxima8h(hours, offset))];
    return pollutant === "so2" ? [highest, lookup("24h", dayMeans(hours, "us", offset))] : [highest];
  }
  if (id.startsWith("eaqi")) {
    if (pollutant === "co") return [];
    if (id === "eaqi-2019" && particles(pollutant))
      return [lookup("24h", span === "hour" ? dayLongMeans(hours, "eu") : dayMeans(hours, "eu", offset))];
    // The index is one of hours; a day is as bad as its worst one.
    return [lookup("1h", span === "hour" ? hours : dailyMaxima1h(hours, "eu", offset))];
  }
  const former = id === "hj633-2012";
  if (span === "hour") {
    if (former && particles(pollutant)) return [lookup("24h", dayLongMeans(hours, "cn"))];
    const now = lookup("1h", hours);
    return former && pollutant === "o3" ? [now, lookup("8h", eightHourMeans(hours))] : [now];
  }
  if (pollutant !== "o3") return [lookup("24h", dayMeans(hours, "cn", offset))];
  const eight = lookup("8h", dailyMaxima8hChina(hours, offset, levelOfOzone(chineseLevel(state), input.unit)));
  return former ? [eight, lookup("1h", dailyMaxima1h(hours, "cn", offset))] : [eight];
}

/** Parts that a rule set asks for only when they are high, and that say nothing otherwise. */
const silent = ({ averaging, pollutant, verdict }: IndexPart, id: string): boolean =>
  verdict.kind === "none" &&
  id === "us-2024" &&
  ((pollutant === "o3" && averaging === "1h") || (pollutant === "so2" && averaging === "24h"));

function momentOf(
  at: number,
  standard: IndexStandard,
  made: readonly (Made & IndexInput)[],
  { station }: IndexWish,
): IndexMoment {
  const found = made.map((one) => ({ one, mean: one.at(at) }));
  const samples = found.map(
    ({ one, mean }): Sample => ({
      pollutant: one.pollutant,
      averaging: one.averaging,
      value: mean?.kind === "value" ? fraction(mean.value) : undefined,
      unit: one.unit,
    }),
  );
  const { each, overall } = standard.judge(samples);
  const lacked = standard.region === "eu" ? lackedByStation(station, samples, each) : undefined;
  const parts = samples.map((sample, i): IndexPart => {
    const mean = found[i]!.mean;
    const why = mean === undefined ? say("index.nothing-measured") : mean.kind === "none" ? mean.why : undefined;
    return { ...sample, verdict: why === undefined ? each[i]! : { kind: "none", why } };
  });
  return {
    at,
    standard,
    overall: lacked === undefined || overall.kind === "none" ? overall : { kind: "none", why: lacked },
    each: parts.filter((part) => !silent(part, standard.id)),
  };
}

/** The index of each hour or day, oldest first, in small steps. */
export function* indexMoments(inputs: readonly IndexInput[], wish: IndexWish): Generator<void, IndexMoment[]> {
  const { by, offset, span } = wish;
  const step = span === "hour" ? hour : day;
  const made = new Map<IndexStandard, (Made & IndexInput)[]>();
  const first = span === "hour" ? Math.ceil(wish.from / hour) * hour : startOfDay(wish.from + day - 1, offset);
  const moments: IndexMoment[] = [];
  for (let at = first; at + step <= wish.to; at += step) {
    const standard = "standard" in by ? by.standard : standardInForce(by.region, dayOf(at + offset * hour));
    if (!standard) {
      moments.push({ at, overall: { kind: "none", why: say("index.no-rules") }, each: [] });
      continue;
    }
    let own = made.get(standard);
    if (!own) {
      own = [];
      for (const input of inputs) {
        for (const one of madeFor(standard, input, wish)) own.push({ ...input, ...one, unit: one.unit ?? input.unit });
        yield;
      }
      made.set(standard, own);
    }
    moments.push(momentOf(at, standard, own, wish));
    yield;
  }
  return moments;
}
