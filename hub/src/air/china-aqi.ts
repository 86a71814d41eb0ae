import { say } from "@openkerb/contract";
import type { Averaging, Pollutant, ReferenceState, Wanted } from "./concentration.ts";
import { ceil, compare, type Fraction, fraction, halfEven, minus, over, plus, times } from "./fraction.ts";
import {
  type IndexStandard,
  none,
  type Overall,
  prepared,
  type Sample,
  type Verdict,
  worst,
} from "./index-standard.ts";

type Nodes = readonly number[];
type Table = Readonly<Partial<Record<`${Pollutant}-${Averaging}`, Nodes>>>;

const indexNodes = [0, 50, 100, 150, 200, 300, 400, 500] as const;
const classes = [
  "Excellent",
  "Good",
  "Lightly polluted",
  "Moderately polluted",
  "Heavily polluted",
  "Severely polluted",
] as const;

// The gas columns are the same in both editions; only the particle nodes at index 100 moved.
const gases: Table = {
  "so2-24h": [50, 150, 475, 800, 1600, 2100, 2620],
  "so2-1h": [150, 500, 650, 800],
  "no2-24h": [40, 80, 180, 280, 565, 750, 940],
  "no2-1h": [100, 200, 700, 1200, 2340, 3090, 3840],
  "co-24h": [2, 4, 14, 24, 36, 48, 60],
  "co-1h": [5, 10, 35, 60, 90, 120, 150],
  "o3-8h": [100, 160, 215, 265, 800],
  "o3-1h": [160, 200, 300, 400, 800, 1000, 1200],
};
/** HJ 633-2012, Table 1. */
const table2012: Table = {
  ...gases,
  "pm10-24h": [50, 150, 250, 350, 420, 500, 600],
  "pm25-24h": [35, 75, 115, 150, 250, 350, 500],
};
const pm10Nodes = [50, 120, 250, 350, 420, 500, 600];
const pm25Nodes = [35, 60, 115, 150, 250, 350, 500];
/** HJ 633-2026, Table 3; hourly particles of the real-time report use the nodes of the daily means. */
const table2026: Table = {
  ...gases,
  "pm10-24h": pm10Nodes,
  "pm10-1h": pm10Nodes,
  "pm25-24h": pm25Nodes,
  "pm25-1h": pm25Nodes,
};

const classOf = (index: number): string =>
  classes[index <= 50 ? 0 : index <= 100 ? 1 : index <= 150 ? 2 : index <= 200 ? 3 : index <= 300 ? 4 : 5];
const indexed = (index: number): Verdict => ({ kind: "index", index, category: classOf(index) });

/** The individual index, always rounded up; the last node that reaches 500 is also the highest value there is. */
function onNodes(value: Fraction, nodes: Nodes): number {
  const bounds = [0, ...nodes];
  const at = bounds.findIndex((bound, i) => i > 0 && compare(value, fraction(bound)) <= 0);
  if (at === -1) return 500;
  const [low, high] = [fraction(bounds[at - 1]!), fraction(bounds[at]!)];
  const [indexLow, indexHigh] = [indexNodes[at - 1]!, indexNodes[at]!];
  const slope = over(fraction(indexHigh - indexLow), minus(high, low));
  return ceil(plus(times(slope, minus(value, low)), fraction(indexLow)));
}

type Edition = {
  readonly table: Table;
  /** GB/T 8170 rounding of the concentration before anything is computed; the 2012 edition does not ask for it. */
  readonly roundsFirst: boolean;
  /** The index of values above the last node of 1-hour SO2 (200) and 8-hour ozone (300); absent means none. */
  readonly clamps: boolean;
  readonly state: ReferenceState;
};

function judgeOne(sample: Sample, { table, roundsFirst, clamps, state }: Edition): Verdict {
  const { pollutant, averaging } = sample;
  const nodes = table[`${pollutant}-${averaging}`];
  if (!nodes) return none(say("cn.no-scale", { averaging: say(`averaging.${averaging}`), pollutant }));
  const wanted: Wanted = { unit: pollutant === "co" ? "mg/m3" : "ug/m3", state };
  const ready = prepared(sample, wanted);
  if (ready.kind === "none") return ready;
  const value = roundsFirst ? halfEven(ready.value, pollutant === "co" ? 1 : 0) : ready.value;
  const reaches = indexNodes[nodes.length]!;
  if (reaches === 500 || compare(value, fraction(nodes.at(-1)!)) <= 0) return indexed(onNodes(value, nodes));
  if (clamps) return indexed(reaches);
  return none(say(pollutant === "so2" ? "cn.high-so2" : "cn.high-ozone"));
}

/** AQI of the worst pollutant; a primary pollutant is named only above 50 (HJ 633). */
function overallOf(samples: readonly Sample[], verdicts: readonly Verdict[]): Overall {
  const top = worst(samples, verdicts);
  return top.kind === "index" && top.index <= 50 ? { ...top, primary: [] } : top;
}

const sixItems = ["so2", "no2", "co", "o3", "pm10", "pm25"] as const;

/** HJ 633-2026, 5.3.1: with a pollutant missing, the AQI of the others is published only when it is above 100. */
function overallOfSix(samples: readonly Sample[], verdicts: readonly Verdict[]): Overall {
  const realTime = samples.every(({ averaging }) => averaging === "1h");
  const counts = (sample: Sample) => realTime || sample.averaging !== "1h";
  const kept = verdicts.map((verdict, i) => (counts(samples[i]!) ? verdict : none(say("cn.not-daily"))));
  const missing = sixItems.filter(
    (item) => !samples.some(({ pollutant }, i) => pollutant === item && kept[i]!.kind === "index"),
  );
  const top = overallOf(samples, kept);
  if (top.kind === "none" || missing.length === 0 || top.index > 100) return top;
  return none(say("cn.missing", { missing }));
}

const edition2026: Edition = { table: table2026, roundsFirst: true, clamps: true, state: "298K" };

/** China's AQI in force since 2026-03-01. */
export const chinaAqi2026: IndexStandard = {
  id: "hj633-2026",
  region: "cn",
  from: "2026-03-01",
  state: edition2026.state,
  source: "HJ 633-2026",
  classes,
  judge(samples) {
    const each = samples.map((sample) => judgeOne(sample, edition2026));
    return { each, overall: overallOfSix(samples, each) };
  },
};

const former = (dates: Pick<IndexStandard, "from" | "to" | "source" | "state">): IndexStandard => {
  const edition: Edition = { table: table2012, roundsFirst: false, clamps: false, state: dates.state };
  return {
    ...dates,
    id: "hj633-2012",
    region: "cn",
    classes,
    judge(samples) {
      const each = samples.map((sample) => judgeOne(sample, edition));
      return { each, overall: overallOf(samples, each) };
    },
  };
};

/** China's AQI until 2026-02-28, with gases at 298.15 K. */
export const chinaAqi2012 = former({
  from: "2018-09-01",
  to: "2026-02-28",
  state: "298K",
  source: "HJ 633-2012; gases at 298.15 K since the amendment to GB 3095-2012 of 13 August 2018",
});

/** The same nodes while GB 3095-2012 still stated its concentrations at 273 K. */
export const chinaAqi2012At273K = former({
  from: "2016-01-01",
  to: "2018-08-31",
  state: "273K",
  source: "HJ 633-2012; gases at 273 K (GB 3095-2012, 3.14, before its amendment)",
});
