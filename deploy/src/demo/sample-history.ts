import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { CityEvent, Instant, Reading, Site, Unit } from "@openkerb/contract";
import { millis, SensorId } from "@openkerb/contract";
import { configVersion, openSqliteOutbox } from "@openkerb/edge-agent";
import { type MadeMetric, madeAir } from "./made-air.ts";

const step = 600_000;
const days = 70;

/** Which sample sensor tells what, in the units its profile gives. */
const told: readonly (readonly [sensor: string, unit: Unit, metrics: readonly MadeMetric[]])[] = [
  ["air", "ug/m3", ["pm1", "pm25", "pm10"]],
  ["air", "[ppm]", ["co2"]],
  ["air", "Cel", ["temperature"]],
  ["air", "%", ["humidity"]],
  ["gases", "[ppb]", ["so2", "no2", "co", "o3"]],
  ["gases", "ug/m3", ["pm25", "pm10"]],
  ["sound", "dB[SPL]", ["laeq", "lceq", "lafmax"]],
];

/**
 * Puts ten weeks of the sample sensors into a box's outbox before its first start, so that the box sends them as one
 * that was offline would: through broker, redaction and store. An outbox that is there already is left alone.
 */
export async function fillHistory(folder: string, site: Site, now: number = Date.now()): Promise<boolean> {
  if (await stat(join(folder, "outbox.sqlite")).catch(() => undefined)) return false;
  const config = configVersion(site);
  const stamp = { clock: "synced", quality: 1, provenance: { source: "agent:made-up@1", config } } as const;
  await using outbox = await openSqliteOutbox(folder, {
    // A new outbox has room for this history; what it could not keep would be said like any other loss.
    tell: (lost, at) => ({ ...stamp, ...lost, kind: "lost-range", at }) as Extract<CityEvent, { kind: "lost-range" }>,
  });
  const last = Math.floor(now / step) * step;
  const day = 86_400_000;
  // A week at once: after each the outbox lets the disk rest, and it holds no more than 20,000 that are not yet on it.
  const span = 7 * day;
  for (let from = last - days * day; from < last; from += span) {
    const moments = Array.from({ length: span / step }, (_, i) => from + i * step);
    await outbox.append(moments.flatMap((at) => readingsAt(at, stamp)).map((reading) => ({ reading })));
  }
  return true;
}

function readingsAt(at: number, stamp: Pick<Reading, "clock" | "quality" | "provenance">): Reading[] {
  const air = madeAir(at);
  return told.flatMap(([sensor, unit, metrics]) =>
    metrics.map((metric) => ({
      ...stamp,
      ...(unit === "[ppb]" && ({ reference: "298K" } as const)),
      at: at as Instant,
      averaging: millis(step),
      sensor: SensorId.parse(sensor),
      metric,
      value: Number(air[metric].toFixed(1)),
      unit,
    })),
  );
}
