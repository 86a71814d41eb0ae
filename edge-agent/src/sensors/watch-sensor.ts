import type { DeviceProfile, Instant, Millis, SiteSensor } from "@openkerb/contract";
import type { Sample } from "../flow/sensors-to-readings.ts";
import { againAfter } from "../frames/again.ts";
import { jitter } from "../jitter.ts";
import { openSensor, type SensorDoors } from "./open-sensor.ts";
import { SensorError } from "./sensor-error.ts";

/** What is told about a sensor that fails, and where its times come from. */
export type WatchSensorOptions = {
  readonly signal: AbortSignal;
  readonly now: () => Instant;
  readonly onFailed?: (error: SensorError) => void;
  /** Milliseconds; a test is less patient. */
  readonly patience?: number;
  readonly doors?: SensorDoors | undefined;
};

export const sensorPause = (attempt: number, _error: SensorError, random: number): Millis => jitter(attempt, random);

/** The samples of a sensor for as long as nobody says stop; it is opened anew whenever it fails. */
export async function* watchSensor(
  sensor: SiteSensor,
  profile: DeviceProfile,
  { signal, now, onFailed, patience = Math.max(10_000, 3000 * sensor.interval), doors }: WatchSensorOptions,
): AsyncGenerator<Sample, never> {
  let began = now();
  const open = (stop: AbortSignal) => {
    began = now();
    const [interval, warmUp] = [1000 * sensor.interval, 1000 * profile.warmUp];
    return openSensor(sensor, profile, { interval, patience, warmUp, signal: stop }, doors);
  };
  const said = againAfter(SensorError, () => new SensorError("unplugged", "the line ended"), open, {
    signal,
    pause: sensorPause,
    onFailed: (error) => onFailed?.(error),
  });
  for await (const one of said) {
    const at = now();
    yield { at, warming: at - began < 1000 * profile.warmUp, said: one };
  }
  throw signal.reason;
}
