import {
  bandMetric,
  type DeviceId,
  type Epoch,
  type Instant,
  type Metric,
  thirdOctaves,
  type Unit,
} from "@openkerb/contract";
import { openStore } from "@openkerb/hub";
import { madeAir } from "../../deploy/src/demo/made-air.ts";
import { trialBirth } from "../../hub/src/broker/trial-box.ts";
import { redactBirth, redactEvent, redactReading } from "../../hub/src/redact/redact.ts";
import type { Item } from "../../hub/src/store/store.ts";

/* Weeks of air, noise and traffic of two places that do not exist, the same for the same `end`, through the real store. */

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const step = 10 * minute;

type Said = {
  readonly sensor: string;
  readonly metric: Metric;
  readonly unit: Unit;
  readonly reference?: "293K";
  readonly of: (at: number) => number | undefined;
};

/** A number between -1 and 1 that has nothing to do with the weather. */
const chance = (at: number, seed: number): number => {
  let x = Math.imul(Math.floor(at / minute), 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 13), 0x297a2d39);
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 31 - 1;
};

/** What the places tell. Faults are placed by the age of a reading, so that they are always in the weeks kept. */
function sayings(end: number): Readonly<Record<string, readonly Said[]>> {
  const days = (at: number): number => (end - at) / day;
  const still = (at: number, from: number, to: number): boolean => days(at) <= from && days(at) > to;
  /** Days without wind: everything from the traffic stays. */
  const held = (at: number): number => (still(at, 12, 9) ? 2.6 : 1);
  const pm25 = (at: number): number => madeAir(at).pm25 * held(at);
  return {
    "mill-road": [
      {
        sensor: "air",
        metric: "pm25",
        unit: "ug/m3",
        of: (at) => {
          // Stuck for twenty hours, a spike, and half a day without a word.
          if (still(at, 3.9, 3.05)) return 17.3;
          if (still(at, 5.0, 5.0 - step / day)) return 940;
          if (still(at, 20.5, 20)) return undefined;
          return 1.6 * pm25(at) + 3 + 0.8 * chance(at, 1);
        },
      },
      { sensor: "air", metric: "pm10", unit: "ug/m3", of: (at) => madeAir(at).pm10 * 1.15 * held(at) },
      { sensor: "bam", metric: "pm25", unit: "ug/m3", of: (at) => pm25(at) + 0.5 * chance(at, 2) },
      {
        sensor: "gases",
        metric: "no2",
        unit: "ug/m3",
        reference: "293K",
        of: (at) => madeAir(at).no2 * 1.9 * (still(at, 12, 9) ? 8 : 1),
      },
      {
        sensor: "gases",
        metric: "o3",
        unit: "ug/m3",
        reference: "293K",
        of: (at) => madeAir(at).o3 * 2 * (still(at, 12, 9) ? 3.5 : 1),
      },
      {
        sensor: "old-cell",
        metric: "no2",
        unit: "ug/m3",
        reference: "293K",
        of: (at) => 41 + 2 * chance(at, 3),
      },
      {
        sensor: "sound",
        metric: "laeq",
        unit: "dB[SPL]",
        of: (at) => (still(at, 8.2, 7.4) ? undefined : madeAir(at).laeq + 4),
      },
      {
        sensor: "sound",
        metric: "lafmax",
        unit: "dB[SPL]",
        of: (at) => madeAir(at).lafmax + 4,
      },
      // The last days' spectrum of a road, and a fan that is heard at night.
      ...thirdOctaves.map((band, i) => ({
        sensor: "sound",
        metric: bandMetric(band),
        unit: "dB[SPL]" as const,
        of: (at: number) => {
          if (at < end - 4 * day) return undefined;
          const night = new Date(at).getUTCHours() < 6;
          return madeAir(at).laeq - 6 - Math.abs(i - 14) + (night && band === "100" ? 20 : 0);
        },
      })),
    ],
    harbour: [
      { sensor: "air", metric: "pm25", unit: "ug/m3", of: (at) => madeAir(at - 5 * hour).pm25 * 0.8 },
      {
        sensor: "gases",
        metric: "no2",
        unit: "ug/m3",
        reference: "293K",
        of: (at) => madeAir(at - 5 * hour).no2 * 1.2,
      },
    ],
  };
}

const stamp = { clock: "synced", provenance: { source: "profile:made-up@1", config: "0123456789ab" } } as const;

/** So far back readings are there every ten minutes, and traffic every minute; before it PM2.5 of one sensor by the hour. */
const near = 28 * day;

/** Fills a hub's data folder with `weeks` of readings until `end`. */
export async function fillAirStreet(folder: string, end: number, weeks = 10): Promise<void> {
  await using store = openStore({ folder });
  const last = Math.floor(end / hour) * hour;
  for (const [at, [site, all]] of Object.entries(sayings(last)).entries()) {
    const device = `kerb-0${at + 1}` as DeviceId;
    const epoch = `00000000000000a${at}` as Epoch;
    const said = redactBirth(trialBirth(device, epoch, { site }));
    if (said.kind === "refused") throw new Error(said.why);
    const received = last as Instant;
    store.commit([{ kind: "birth", device, city: "demo" as never, received, birth: said.birth }]);
    let sequence = 0;
    for (let from = last - weeks * 7 * day; from < last; from += day) {
      const items: Item[] = [];
      const put = (made: Item | { readonly kind: "refused"; readonly why: string }): void => {
        if (made.kind === "refused") throw new Error(made.why);
        items.push(made);
      };
      const recent = from >= last - near;
      const averaging = recent ? step : hour;
      for (let t = from; t < from + day; t += averaging)
        for (const { of, ...rest } of all) {
          if (!recent && (at > 0 || rest.sensor !== "air" || rest.metric !== "pm25")) continue;
          const value = of(t);
          if (value === undefined) continue;
          const reading = { ...stamp, ...rest, at: t, averaging, quality: 1, value: Number(value.toFixed(2)) };
          put(redactReading({ sequence: ++sequence, reading }));
        }
      if (at === 0 && recent)
        for (let t = from; t < from + day; t += minute) put(redactEvent({ sequence: ++sequence, event: traffic(t) }));
      store.commit([{ kind: "items", device, epoch, received, items }]);
    }
  }
}

/** The cars of a minute. */
function traffic(at: number): object {
  const cars = Math.max(0, Math.round((madeAir(at).laeq - 49) * 1.2 + 3 * chance(at, 4)));
  return {
    ...stamp,
    provenance: { source: "model:centernet6@0123456789ab", config: "0123456789ab" },
    kind: "minute-counted",
    at,
    quality: 1,
    camera: "north",
    span: minute,
    watched: minute,
    lines: [{ line: "kerb", class: "car", in: Math.ceil(cars / 2), out: Math.floor(cars / 2) }],
    zones: [],
  };
}
