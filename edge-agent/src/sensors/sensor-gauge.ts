import type { Health, Instant, SensorId, SensorState } from "@openkerb/contract";
import type { Sample } from "../flow/sensors-to-readings.ts";
import type { SensorError } from "./sensor-error.ts";

type SensorHealth = NonNullable<Health["sensors"]>[number];

/** What health says of one sensor, fed by the flow as it goes. */
export type SensorGauge = {
  readonly said: (sample: Sample) => void;
  readonly failed: (error: SensorError) => void;
  readonly read: () => SensorHealth;
};

/** `onChange` hears of every state but the first, `starting`; `why` is there when the sensor failed. */
export function sensorGauge(
  id: SensorId,
  now: () => Instant,
  onChange: (state: SensorState, why?: string) => void,
): SensorGauge {
  let [state, since]: [SensorState, Instant] = ["starting", now()];
  let lastValue: Instant | undefined;
  let [refused, restarts] = [0, 0];
  const turn = (next: SensorState, why?: string): void => {
    if (next === state) return;
    [state, since] = [next, now()];
    onChange(next, why);
  };
  return {
    said({ warming, said }) {
      if (said.kind === "refused") {
        refused++;
        return;
      }
      lastValue = now();
      // A cut-off microphone's last minute comes after the failure and mends nothing.
      if (said.minute?.state !== "cut-off") turn(warming ? "warming-up" : (said.minute?.state ?? "measuring"));
    },
    failed({ trouble, message }) {
      restarts++;
      turn(trouble, message);
    },
    read: () => ({ id, state, since, ...(lastValue === undefined ? {} : { lastValue }), refused, restarts }),
  };
}
