import { type Sentence, say } from "@openkerb/contract";
import type { Averaging, Pollutant, Wanted } from "./concentration.ts";
import { compare, fraction } from "./fraction.ts";
import { type IndexStandard, none, prepared, type Sample, type Verdict, worst } from "./index-standard.ts";

type Scale = { readonly averaging: Averaging; readonly upTo: readonly number[] };
type Scales = Readonly<Partial<Record<Pollutant, Scale>>>;

const classes = ["Good", "Fair", "Moderate", "Poor", "Very poor", "Extremely poor"] as const;
const wanted: Wanted = { unit: "ug/m3", state: "293K" };

/** ETC HE Report 2024/17: all five pollutants as 1-hour means, upper bounds included. */
const revised: Scales = {
  pm25: { averaging: "1h", upTo: [5, 15, 50, 90, 140] },
  pm10: { averaging: "1h", upTo: [15, 45, 120, 195, 270] },
  no2: { averaging: "1h", upTo: [10, 25, 60, 100, 150] },
  o3: { averaging: "1h", upTo: [60, 100, 120, 160, 180] },
  so2: { averaging: "1h", upTo: [20, 40, 125, 190, 275] },
};

/** The index before that: particles as 24-hour running means, gases as 1-hour means. */
const classic: Scales = {
  pm25: { averaging: "24h", upTo: [10, 20, 25, 50, 75] },
  pm10: { averaging: "24h", upTo: [20, 40, 50, 100, 150] },
  no2: { averaging: "1h", upTo: [40, 90, 120, 230, 340] },
  o3: { averaging: "1h", upTo: [50, 100, 130, 240, 380] },
  so2: { averaging: "1h", upTo: [100, 200, 350, 500, 750] },
};

function judgeOne(sample: Sample, scales: Scales): Verdict {
  const scale = scales[sample.pollutant];
  if (!scale) return none(say("eu.unknown", { pollutant: sample.pollutant }));
  if (sample.averaging !== scale.averaging)
    return none(
      say("eu.other-mean", {
        pollutant: sample.pollutant,
        wanted: say(`averaging.${scale.averaging}`),
        given: say(`averaging.${sample.averaging}`),
      }),
    );
  const ready = prepared(sample, wanted);
  if (ready.kind === "none") return ready;
  // The bands are printed as whole numbers (0-5, 6-15); a value between them belongs to the band whose end it exceeds.
  const at = scale.upTo.findIndex((bound) => compare(ready.value, fraction(bound)) <= 0);
  const band = at === -1 ? scale.upTo.length : at;
  return { kind: "index", index: band + 1, category: classes[band]! };
}

const european = (
  dates: Pick<IndexStandard, "id" | "from" | "to" | "source" | "unconfirmed">,
  scales: Scales,
): IndexStandard => ({
  ...dates,
  region: "eu",
  state: wanted.state,
  classes,
  judge(samples) {
    const each = samples.map((sample) => judgeOne(sample, scales));
    return { each, overall: worst(samples, each) };
  },
});

/**
 * The European Air Quality Index, 2024 revision: 1 (good) to 6 (extremely poor), the worst pollutant decides. EEA names no
 * day on which its index changed over; the report is of the end of 2024.
 */
export const europeanAqi2024 = european(
  {
    id: "eaqi-2024",
    from: "2025-01-01",
    source: "EEA, ETC HE Report 2024/17, https://airindex.eea.europa.eu",
    unconfirmed: say("index.first-day"),
  },
  revised,
);

/** The European Air Quality Index used from 2019 until the 2024 revision. */
export const europeanAqi2019 = european(
  {
    id: "eaqi-2019",
    from: "2019-01-01",
    to: "2024-12-31",
    source: "EEA, European Air Quality Index, 2019",
    unconfirmed: say("index.last-day"),
  },
  classic,
);

/** What kind of place a station stands at, as the European index tells them apart. */
export type StationKind = "traffic" | "background";

/**
 * What a station lacks for an overall European index: beside traffic it needs NO2 and particles, at every other place
 * NO2, ozone and particles (EEA, notes of the index's map). Nothing when it has them.
 */
export function lackedByStation(
  kind: StationKind,
  samples: readonly Sample[],
  verdicts: readonly Verdict[],
): Sentence | undefined {
  const has = (...any: readonly Pollutant[]) =>
    samples.some(({ pollutant }, i) => any.includes(pollutant) && verdicts[i]!.kind === "index");
  const lacked = [
    ...(has("no2") ? [] : [say("metric.no2")]),
    ...(kind === "traffic" || has("o3") ? [] : [say("eu.o3")]),
    ...(has("pm25", "pm10") ? [] : [say("eu.particles")]),
  ];
  if (lacked.length === 0) return undefined;
  return say(kind === "traffic" ? "eu.lacks-at-traffic" : "eu.lacks-in-background", {
    lacked: lacked.reduceRight((more, first) => say("both", { first, more })),
  });
}
