import type { Health, SensorState } from "@openkerb/contract";
import type { Check, Light } from "./box-check.ts";
import * as said from "./box-check-texts.ts";
import { texts } from "./language/language.ts";
import { age, span } from "./words.ts";

type SensorHealth = NonNullable<Health["sensors"]>[number];

/** How bad each state of a sensor is. */
const lights: Readonly<Record<SensorState, Light>> = {
  measuring: "green",
  starting: "amber",
  "warming-up": "amber",
  unplugged: "red",
  busy: "red",
  silent: "red",
  refused: "red",
  "cut-off": "red",
  overloaded: "amber",
  uncalibrated: "amber",
};

/** One line of the checklist for a sensor; `at` is the device's own time of the report. */
export function sensorCheck({ id, state, since, lastValue, refused, restarts }: SensorHealth, at: number): Check {
  const { sensor, sensors } = texts(said);
  const { is, reason, next } = sensors[state];
  const last = sensor.last(lastValue === undefined ? undefined : age(lastValue, at));
  return {
    name: sensor.name(id),
    light: lights[state],
    value: sensor.value(is, span(Math.max(0, at - since))),
    reason: sensor.reason(reason, last, refused, restarts),
    next,
  };
}
