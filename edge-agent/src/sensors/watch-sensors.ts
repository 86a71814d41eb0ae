import { type DeviceProfile, type Instant, type Site, type SiteSensor, Trouble } from "@openkerb/contract";
import { readingsToEvents } from "../flow/readings-to-events.ts";
import { sensorsToReadings } from "../flow/sensors-to-readings.ts";
import type { Stamp } from "../flow/tracks-to-events.ts";
import type { Outbox } from "../outbox/outbox.ts";
import { endedAsTold, type Task } from "../together.ts";
import { checkBus } from "./open-sensor.ts";
import { found, ours } from "./profile-folder.ts";
import { type SerialPackage, serialPackage } from "./serial-line.ts";
import { watchSensor } from "./watch-sensor.ts";

/** What the sensors of a box need of it. */
export type SensorSurroundings = {
  readonly outbox: Pick<Outbox, "append">;
  readonly now: () => Instant;
  readonly stamp: () => Stamp;
  readonly onFailed: (sensor: SiteSensor["id"], trouble: string, why: string) => void;
  /** How the package for serial lines is loaded. */
  readonly serialPackage?: () => Promise<SerialPackage>;
};

/**
 * One task for each sensor of the site, from its line to the outbox. Throws one Trouble that names every sensor that cannot
 * be read as written or on this machine, before any is opened.
 */
export async function sensorTasks(site: Site, around: SensorSurroundings): Promise<readonly Task[]> {
  const all: [SiteSensor, DeviceProfile][] = [];
  const troubles: Trouble[] = [];
  for (const sensor of site.sensors ?? []) {
    try {
      all.push([sensor, await readable(sensor, around)]);
    } catch (err) {
      if (!(err instanceof Trouble)) throw err;
      troubles.push(new Trouble(`sensor ${sensor.id}: ${err.message}`, err.next, { cause: err }));
    }
  }
  const [first, ...others] = troubles;
  if (first && others.length === 0) throw first;
  if (first) {
    const steps = new Set(troubles.flatMap(({ next }) => next ?? []));
    throw new Trouble(troubles.map(({ message }) => message).join("\n"), [...steps].join("\n") || undefined);
  }
  return all.map(([sensor, profile]) => async (signal) => {
    const samples = watchSensor(sensor, profile, {
      signal,
      now: around.now,
      onFailed: ({ trouble, message }) => around.onFailed(sensor.id, trouble, message),
    });
    const readings = sensorsToReadings(samples, sensor, profile, around.stamp);
    await readingsToEvents(readings, around.outbox).catch((err: unknown) => {
      if (!endedAsTold(err, signal)) throw err;
    });
  });
}

async function readable(sensor: SiteSensor, around: SensorSurroundings): Promise<DeviceProfile> {
  const profile = await found(ours, sensor.profile);
  checkBus(sensor, profile);
  if (sensor.bus.kind === "serial") await serialPackage(around.serialPackage);
  return profile;
}
