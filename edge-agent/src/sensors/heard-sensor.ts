import type { DeviceProfile, Instant, SiteSensor } from "@openkerb/contract";
import type { Sample } from "../flow/sensors-to-readings.ts";
import type { SensorError } from "./sensor-error.ts";
import { type WatchSensorOptions, watchSensor } from "./watch-sensor.ts";

/** For tests: what a sensor says and how it fails, from now until it is disposed of. */
export function hearSensor(
  sensor: SiteSensor,
  profile: DeviceProfile,
  options: Partial<Pick<WatchSensorOptions, "patience" | "doors">> = {},
) {
  const [samples, failures, stop]: [Sample[], SensorError[], AbortController] = [[], [], new AbortController()];
  const listening = (async () => {
    for await (const sample of watchSensor(sensor, profile, {
      ...{ signal: stop.signal, now: () => Date.now() as Instant, onFailed: (error) => failures.push(error) },
      ...options,
    }))
      samples.push(sample);
  })().catch((err: unknown) => {
    if (!stop.signal.aborted) throw err;
  });
  return {
    samples,
    failures,
    /** Each measurement as an object, by metric where it has one. */
    measured: () =>
      samples.flatMap(({ said }) =>
        said.kind === "values" ? [Object.fromEntries(said.values.map((v) => [v.metric ?? v.name, v.value]))] : [],
      ),
    refusals: () => samples.flatMap(({ said }) => (said.kind === "refused" ? [said.why] : [])),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await listening;
    },
  };
}
