import {
  bandOf,
  type DeviceProfile,
  floorTo,
  type Instant,
  minutes,
  type QualityFlag,
  Reading,
  type SiteSensor,
  seconds,
} from "@openkerb/contract";
import type { Decoded, FieldValue, Minute } from "../sensors/bytes.ts";
import type { Stamp } from "./tracks-to-events.ts";

/** What a sensor said, when, and whether it was still warming up. */
export type Sample = { readonly at: Instant; readonly warming: boolean; readonly said: Decoded };
/** The time of day, for when a sensor says nothing: a minute ends also in silence. */
export type Tick = { readonly at: Instant };

const minute = minutes(1);
type Series = {
  readonly of: FieldValue;
  readonly values: number[];
  readonly steps: Set<number>;
  warming: boolean;
  /** The first value of the minute that the sensor cannot have measured. */
  bad?: { readonly at: Instant; readonly value: number };
};

/** The value of a minute: levels by energy, directions as vectors, a highest level as the highest, all else as the mean. */
function meanOf(metric: string, values: readonly number[]): number {
  const mean = (all: readonly number[]) => all.reduce((sum, v) => sum + v, 0) / all.length;
  if (metric === "lafmax") return Math.max(...values);
  if (metric === "laeq" || metric === "lceq" || bandOf(metric) !== undefined)
    return 10 * Math.log10(mean(values.map((v) => 10 ** (v / 10))));
  if (metric !== "wind-direction") return mean(values);
  const radians = values.map((v) => (v * Math.PI) / 180);
  return ((Math.atan2(mean(radians.map(Math.sin)), mean(radians.map(Math.cos))) * 180) / Math.PI + 360) % 360;
}

/**
 * One reading per quantity and minute of the clock. A minute of which less than three quarters of the steps have a value
 * is suspect (3), one with values of a warming sensor is not evaluated (2). A minute that was begun is told at the end.
 * Of the values beyond what the sensor can measure the first of a minute is told as it came, as bad (4), and none counts in
 * the minute's: an officer sees what was wrong, and a sensor gone mad does not fill the outbox.
 *
 * A sensor that is a meter itself tells whole minutes, which go on as they are, with its own quality.
 */
export async function* sensorsToReadings(
  samples: AsyncIterable<Sample | Tick>,
  { id, interval }: Pick<SiteSensor, "id" | "interval">,
  { name, version }: Pick<DeviceProfile, "name" | "version">,
  stamp: () => Stamp,
): AsyncGenerator<Reading, void, undefined> {
  let at: Instant | undefined;
  let series = new Map<string, Series>();
  const needed = 0.75 * Math.floor(60 / interval);

  function made(
    of: FieldValue,
    own: Pick<Reading, "averaging" | "value" | "quality"> & { at: Instant | undefined },
    by = "",
  ) {
    const { clock, provenance } = stamp();
    const { metric, unit, reference } = of;
    return Reading.safeParse({
      ...{ ...own, sensor: id, metric, unit, clock },
      ...(reference === undefined ? {} : { reference }),
      provenance: { ...provenance, source: `profile:${name}@${version}${by}` },
    });
  }

  function* tell(): Iterable<Reading> {
    const all = [...series.values()].flatMap(({ of, values, steps, warming, bad }) => {
      const quality: QualityFlag = warming ? 2 : steps.size < needed ? 3 : stamp().quality;
      const value = Number(meanOf(of.metric as string, values).toFixed(4));
      return [
        ...(values.length === 0 ? [] : [made(of, { at, averaging: minute, value, quality })]),
        ...(bad === undefined ? [] : [made(of, { ...bad, averaging: seconds(interval), quality: 4 })]),
      ];
    });
    series = new Map();
    // A profile may show a quantity in a unit that no reading has.
    for (const one of all) if (one.success) yield one.data;
  }

  function* whole(values: readonly FieldValue[], { at, quality, by }: Minute): Iterable<Reading> {
    for (const of of values) {
      if (of.metric === undefined || typeof of.value !== "number") continue;
      const flag = of.outside ? 4 : quality === 1 ? stamp().quality : quality;
      const one = made(of, { at, averaging: minute, value: of.value, quality: flag }, by);
      if (one.success) yield one.data;
    }
  }

  try {
    for await (const sample of samples) {
      if ("said" in sample && sample.said.kind === "values" && sample.said.minute) {
        yield* whole(sample.said.values, sample.said.minute);
        continue;
      }
      const start = floorTo(sample.at, minute);
      if (at !== undefined && start !== at) yield* tell();
      at = start;
      if (!("said" in sample)) continue;
      if (sample.said.kind === "refused") continue;
      for (const of of sample.said.values) {
        if (of.metric === undefined || typeof of.value !== "number") continue;
        const one = series.get(of.metric) ?? { of, values: [], steps: new Set(), warming: false };
        series.set(of.metric, one);
        if (of.outside !== undefined) {
          one.bad ??= { at: sample.at, value: of.value };
          continue;
        }
        one.values.push(of.value);
        one.steps.add(Math.floor((sample.at - start) / (interval * 1000)));
        one.warming ||= sample.warming;
      }
    }
  } catch (err) {
    yield* tell();
    throw err;
  }
  yield* tell();
}
