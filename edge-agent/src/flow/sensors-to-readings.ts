import {
  type DeviceProfile,
  floorTo,
  type Instant,
  minutes,
  type QualityFlag,
  Reading,
  type SiteSensor,
} from "@openkerb/contract";
import type { Decoded, FieldValue } from "../sensors/bytes.ts";
import type { Stamp } from "./tracks-to-events.ts";

/** What a sensor said, when, and whether it was still warming up. */
export type Sample = { readonly at: Instant; readonly warming: boolean; readonly said: Decoded };

const minute = minutes(1);
type Series = { readonly of: FieldValue; readonly values: number[]; readonly steps: Set<number>; warming: boolean };

/** The value of a minute: levels by energy, directions as vectors, a highest level as the highest, all else as the mean. */
function meanOf(metric: string, values: readonly number[]): number {
  const mean = (all: readonly number[]) => all.reduce((sum, v) => sum + v, 0) / all.length;
  if (metric === "lafmax") return Math.max(...values);
  if (metric === "laeq" || metric === "lceq") return 10 * Math.log10(mean(values.map((v) => 10 ** (v / 10))));
  if (metric !== "wind-direction") return mean(values);
  const radians = values.map((v) => (v * Math.PI) / 180);
  return ((Math.atan2(mean(radians.map(Math.sin)), mean(radians.map(Math.cos))) * 180) / Math.PI + 360) % 360;
}

/**
 * One reading per quantity and minute of the clock. A minute of which less than three quarters of the steps have a value
 * is suspect (3), one with values of a warming sensor is not evaluated (2). A minute that was begun is told at the end.
 */
export async function* sensorsToReadings(
  samples: AsyncIterable<Sample>,
  { id, interval }: Pick<SiteSensor, "id" | "interval">,
  { name, version }: Pick<DeviceProfile, "name" | "version">,
  stamp: () => Stamp,
): AsyncGenerator<Reading, void, undefined> {
  let at: Instant | undefined;
  let series = new Map<string, Series>();
  const needed = 0.75 * Math.floor(60 / interval);

  function* tell(): Iterable<Reading> {
    for (const { of, values, steps, warming } of series.values()) {
      const { clock, quality, provenance } = stamp();
      const flag: QualityFlag = warming ? 2 : steps.size < needed ? 3 : quality;
      const made = Reading.safeParse({
        ...{ at, averaging: minute, sensor: id, metric: of.metric, unit: of.unit, clock, quality: flag },
        value: Number(meanOf(of.metric as string, values).toFixed(4)),
        ...(of.reference === undefined ? {} : { reference: of.reference }),
        provenance: { ...provenance, source: `profile:${name}@${version}` },
      });
      // A profile may show a quantity in a unit that no reading has.
      if (made.success) yield made.data;
    }
    series = new Map();
  }

  try {
    for await (const sample of samples) {
      const start = floorTo(sample.at, minute);
      if (at !== undefined && start !== at) yield* tell();
      at = start;
      if (sample.said.kind === "refused") continue;
      for (const of of sample.said.values) {
        if (of.metric === undefined || typeof of.value !== "number") continue;
        const one = series.get(of.metric) ?? { of, values: [], steps: new Set(), warming: false };
        series.set(of.metric, one);
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
