import type { DeviceProfile, Instant, Site, SiteSensor } from "@openkerb/contract";
import { readingsToEvents } from "../flow/readings-to-events.ts";
import { sensorsToReadings } from "../flow/sensors-to-readings.ts";
import type { Stamp } from "../flow/tracks-to-events.ts";
import type { Outbox } from "../outbox/outbox.ts";
import { endedAsTold, type Task } from "../together.ts";
import { checkBus } from "./open-sensor.ts";
import { found, ours } from "./profile-folder.ts";
import { watchSensor } from "./watch-sensor.ts";

/** What the sensors of a box need of it. */
export type SensorSurroundings = {
  readonly outbox: Pick<Outbox, "append">;
  readonly now: () => Instant;
  readonly stamp: () => Stamp;
  readonly onFailed: (sensor: SiteSensor["id"], trouble: string, why: string) => void;
};

/** One task for each sensor of the site, from its line to the outbox. Throws Trouble when one cannot be read as written. */
export async function sensorTasks(site: Site, around: SensorSurroundings): Promise<readonly Task[]> {
  const all = await Promise.all(
    (site.sensors ?? []).map(async (sensor): Promise<[SiteSensor, DeviceProfile]> => {
      const profile = await found(ours, sensor.profile);
      checkBus(sensor, profile);
      return [sensor, profile];
    }),
  );
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
