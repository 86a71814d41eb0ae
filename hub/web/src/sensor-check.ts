import type { Health, SensorState } from "@openkerb/contract";
import type { Check, Light } from "./box-check.ts";
import { age, counted, span } from "./words.ts";

type SensorHealth = NonNullable<Health["sensors"]>[number];
type Told = { readonly light: Light; readonly is: string; readonly reason: string; readonly next?: string };

/** What each state of a sensor means to a technician. */
const states: Readonly<Record<SensorState, Told>> = {
  measuring: { light: "green", is: "measuring", reason: "Its values count." },
  starting: {
    light: "amber",
    is: "starting",
    reason: "It has said nothing yet.",
    next: "Wait two minutes. If it stays, check that it is switched on and set to report every minute or faster.",
  },
  "warming-up": {
    light: "amber",
    is: "warming up",
    reason: "Its values are kept, marked as not evaluated.",
    next: "Wait: dust sensors need half a minute, gas sensors up to two hours.",
  },
  unplugged: {
    light: "red",
    is: "cannot be opened",
    reason: "The line to it is not there or broke off.",
    next: "Check cable and power, then the sensor's bus in the site file; the log of the agent says what is missing.",
  },
  busy: {
    light: "red",
    is: "held by another program",
    reason: "Only one program at a time can listen to it.",
    next: "Find the other one on the box with: fuser -v /dev/snd/*",
  },
  silent: {
    light: "red",
    is: "silent",
    reason: "The line stands, but nothing comes. These minutes are missing, not zero.",
    next: "Check its power, its address and speed in the site file, and that it reports every minute or faster.",
  },
  refused: {
    light: "red",
    is: "not understood",
    reason: "What it says cannot be taken for a measurement.",
    next: "Check that the profile in the site file is the sensor's own, and the cable for noise.",
  },
  "cut-off": {
    light: "red",
    is: "cut off",
    reason: "The microphone gives the same sample again and again; its minutes are marked as bad.",
    next: "Check the microphone's cable and supply, and that it is not muted (alsamixer).",
  },
  overloaded: {
    light: "amber",
    is: "overloaded",
    reason: "The sound is louder than the microphone can bear; its minutes are marked as suspect.",
    next: "Lower the gain of the sound card, then calibrate anew.",
  },
  uncalibrated: {
    light: "amber",
    is: "not calibrated",
    reason: "Its levels have an unknown offset and are marked as suspect.",
    next: "Hold a field calibrator to it: openkerb noise calibrate --device, and put the line into the site file.",
  },
};

/** One line of the checklist for a sensor; `at` is the device's own time of the report. */
export function sensorCheck({ id, state, since, lastValue, refused, restarts }: SensorHealth, at: number): Check {
  const { light, is, reason, next } = states[state];
  const value = `${is} for ${span(Math.max(0, at - since))}`;
  const last = lastValue === undefined ? "No value yet" : `Last value ${age(lastValue, at)}`;
  const bad = refused === 0 ? "" : `, ${counted(refused, "answer")} not understood`;
  const again = restarts === 0 ? "" : `, opened anew ${counted(restarts, "time")}`;
  return { name: `Sensor ${id}`, light, value, reason: `${reason} ${last}${bad}${again}.`, next };
}
